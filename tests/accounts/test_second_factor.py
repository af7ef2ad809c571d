"""Codes from an app, codes to keep, and what they are worth in the database."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.test import Client

from igny8.accounts.models import AuditEntry, User
from tests.accounts.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.django_db


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(secret, counter):06}"


@pytest.fixture
def secret(client: Client, owner: User) -> str:
    """The key of the app that the owner has just switched on."""
    sign_in(client, owner)
    client.post("/confirm/", {"password": PASSWORD})
    shown = client.get("/me/app/").context["form"].secret
    answer = client.post("/me/app/", {"code": code_of(shown)})
    assert answer.headers["Location"] == "/me/codes/"
    return str(shown)


def test_changing_the_ways_in_asks_for_the_password_again(client: Client, owner: User) -> None:
    sign_in(client, owner)
    for path in ("/me/app/", "/me/passkeys/add/", "/me/codes/new/"):
        assert client.get(path).headers["Location"].startswith("/confirm/")


def test_the_password_alone_is_not_enough_any_more(secret: str, owner: User) -> None:
    other = Client()
    sign_in(other, owner)
    assert other.get("/me/").status_code == 302
    answer = other.post("/sign-in/code/", {"code": code_of(secret)})
    assert answer.status_code == 302
    assert other.get("/me/").status_code == 200


def test_a_wrong_code_is_refused_and_in_the_log(secret: str, owner: User) -> None:
    other = Client()
    sign_in(other, owner)
    page = other.post("/sign-in/code/", {"code": "000000"}).content.decode()
    assert "That did not work." in page
    assert other.get("/me/").status_code == 302
    assert AuditEntry.objects.filter(verb="gave a wrong code").exists()


def test_codes_are_not_guessed_for_ever(secret: str, owner: User) -> None:
    other = Client()
    sign_in(other, owner)
    for _ in range(5):
        other.post("/sign-in/code/", {"code": "000000"})
    page = other.post("/sign-in/code/", {"code": code_of(secret)}).content.decode()
    assert "Too many tries." in page


def test_each_recovery_code_signs_in_once(secret: str, client: Client, owner: User) -> None:
    codes = client.get("/me/codes/").context["unused_codes"]
    assert len(codes) == 8
    for expected in (302, 200):
        other = Client()
        sign_in(other, owner)
        assert other.post("/sign-in/code/", {"code": codes[0]}).status_code == expected
    assert codes[1] in client.get("/me/codes/download/").content.decode()


def test_the_key_of_the_app_is_sealed_in_the_database(secret: str, owner: User) -> None:
    stored = Authenticator.objects.get(user=owner, type=Authenticator.Type.TOTP)
    assert secret not in str(stored.data)
    codes = Authenticator.objects.get(user=owner, type=Authenticator.Type.RECOVERY_CODES)
    shown = codes.wrap().get_unused_codes()
    assert not any(code in str(codes.data) for code in shown)


def test_ones_own_page_lists_what_is_on_and_where_one_is_signed_in(
    secret: str, client: Client, owner: User
) -> None:
    other = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/150.0"})
    sign_in(other, owner)
    other.post("/sign-in/code/", {"code": code_of(secret)})
    page = client.get("/me/").content.decode()
    assert "your password needs its code, too" in page
    assert "8 left." in page
    assert "Firefox on Linux" in page


def test_other_browsers_are_signed_out_one_by_one_or_all(client: Client, owner: User) -> None:
    sign_in(client, owner)
    others = [Client(), Client(), Client()]
    for other in others:
        sign_in(other, owner)
    session = next(s for s in client.get("/me/").context["sessions"] if not s["is_this"])
    client.post(f"/me/sessions/{session['id']}/end/")
    assert sorted(other.get("/me/").status_code for other in others) == [200, 200, 302]
    client.post("/me/sessions/end/")
    assert [other.get("/me/").status_code for other in others] == [302, 302, 302]
    assert client.get("/me/").status_code == 200


def test_a_new_password_signs_out_the_other_browsers(client: Client, owner: User) -> None:
    other = Client()
    sign_in(client, owner)
    sign_in(other, owner)
    fresh = "another long sentence"
    words = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    assert client.post("/me/password/", words).headers["Location"] == "/me/"
    assert other.get("/me/").status_code == 302
    assert client.get("/me/").status_code == 200
