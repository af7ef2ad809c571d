"""Signing in: the same no for everybody, and a pause after five of them."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from igny8.accounts.models import AuditEntry, User
from igny8.core import clock
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def tried(client: Client, email: str, password: str) -> str:
    answer = client.post("/sign-in/", {"login": email, "password": password})
    return "in" if answer.status_code == 302 else answer.content.decode()


def test_the_right_password_leads_where_somebody_wanted_to_go(client: Client, owner: User) -> None:
    answer = client.post("/sign-in/", given(owner, next="/me/"))
    assert answer.headers["Location"] == "/me/"


def test_nobody_is_led_off_the_server(client: Client, owner: User) -> None:
    answer = client.post("/sign-in/", given(owner, next="https://evil.example/"))
    assert answer.headers["Location"] == "/"


def test_the_session_gets_a_new_key_by_signing_in(client: Client, owner: User) -> None:
    client.get("/sign-in/")
    session = client.session
    session["kept"] = "yes"
    session.save()
    before = session.session_key
    client.post("/sign-in/", given(owner))
    assert client.session.session_key != before


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(
    client: Client, owner: User
) -> None:
    for email in (owner.email, "nobody@example.org"):
        page = tried(client, email, "not the password")
        assert "That e-mail and password do not match." in page
        assert "4 tries left, then a pause of 15 minutes." in page


@pytest.mark.parametrize("email", ["mara@example.org", "nobody@example.org"])
def test_five_wrong_passwords_are_followed_by_a_pause_of_fifteen_minutes(
    client: Client, owner: User, email: str
) -> None:
    for _ in range(5):
        tried(client, email, "not the password")
    assert "Too many tries. Wait 15 minutes" in tried(client, email, PASSWORD)
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        assert "Too many tries" not in tried(client, email, PASSWORD)


def test_the_pause_of_one_address_is_not_the_others(client: Client, owner: User) -> None:
    for _ in range(6):
        tried(client, "nobody@example.org", "not the password")
    assert tried(client, owner.email, PASSWORD) == "in"


def test_who_may_not_sign_in_any_more_is_out_at_once(client: Client, owner: User) -> None:
    client.post("/sign-in/", given(owner))
    User.objects.update(is_active=False)
    assert client.get("/me/").status_code == 302


def test_sign_ins_and_failures_are_in_the_audit_log_without_the_password(
    client: Client, owner: User
) -> None:
    tried(client, owner.email, "not the password")
    tried(client, owner.email, PASSWORD)
    lines = list(AuditEntry.objects.order_by("pk").values_list("verb", "note"))
    assert lines == [("could not sign in", "from 127.0.0.1"), ("signed in", "from 127.0.0.1")]


def test_a_form_without_its_token_is_refused(owner: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/sign-in/", given(owner)).status_code == 403


def given(person: User, **more: str) -> dict[str, str]:
    return {"login": person.email, "password": PASSWORD, **more}
