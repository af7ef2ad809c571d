"""The set-up page: there until the owner is made, then gone."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from igny8.accounts.first_owner import has_owner, set_up_code
from igny8.accounts.models import AuditEntry, Membership, Role, User, owner_account
from igny8.accounts.views.entering import WALK
from igny8.automation.stages import STAGES
from tests.accounts.conftest import PASSWORD, Joined

pytestmark = pytest.mark.django_db


def answers(**changes: str) -> dict[str, str]:
    given = {"name": "Mara", "email": "mara@example.org", "way": "password", "password": PASSWORD}
    return {"code": set_up_code(), **given, **changes}


def test_the_printed_link_makes_an_owner_who_is_signed_in(client: Client) -> None:
    page = client.get("/setup/", {"code": set_up_code()})
    assert "Right code" in page.content.decode()
    answer = client.post("/setup/", answers())
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    membership = Membership.objects.get()
    assert (membership.role, membership.user.email) == (Role.OWNER, "mara@example.org")
    assert membership.account.name == "Mara’s team"
    assert client.get("/me/").status_code == 200


def test_the_page_is_gone_when_there_is_an_owner(client: Client) -> None:
    client.post("/setup/", answers())
    assert Client().get("/setup/", {"code": set_up_code()}).status_code == 404
    assert Client().post("/setup/", answers(email="eve@example.org")).status_code == 404
    assert User.objects.count() == 1


def test_the_code_is_the_same_at_every_start_and_forgives_how_it_is_typed(client: Client) -> None:
    assert set_up_code() == set_up_code()
    typed = set_up_code().lower().replace("-", " ")
    client.post("/setup/", answers(code=typed))
    assert has_owner()


def test_a_wrong_code_makes_nobody_and_is_not_tried_for_ever(client: Client) -> None:
    answer = client.post("/setup/", answers(code="AAAA-BBBB-CCCC"))
    assert "That is not the code of this server." in answer.content.decode()
    for _ in range(19):
        client.post("/setup/", answers(code="AAAA-BBBB-CCCC"))
    assert client.post("/setup/", answers()).status_code == 429
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("short", "at least 12 characters"),
        ("123456789012", "entirely numeric"),
        ("mara@example.org", "too similar to the email"),
        ("", "at least 12 characters"),
    ],
)
def test_a_weak_password_is_refused_with_a_sentence(
    client: Client, password: str, complaint: str
) -> None:
    assert complaint in client.post("/setup/", answers(password=password)).content.decode()
    assert not User.objects.exists()


def test_whoever_stops_before_the_passkey_starts_again_with_the_same_link(client: Client) -> None:
    answer = client.post("/setup/", answers(way="passkey", password=""))
    assert answer.headers["Location"] == "/me/passkeys/add/"
    assert not has_owner()
    again = Client().post("/setup/", answers(email="mara@example.com"))
    assert again.status_code == 302
    assert [person.email for person in User.objects.all()] == ["mara@example.com"]


def test_a_passkey_makes_an_owner_without_password_count(client: Client) -> None:
    client.post("/setup/", answers(way="passkey", password=""))
    Authenticator.objects.create(
        user=User.objects.get(), type=Authenticator.Type.WEBAUTHN, data={"name": "Key"}
    )
    assert has_owner()


def test_the_first_person_added_on_the_command_line_is_the_owner(joined: Joined) -> None:
    joined("ann", Role.OWNER)
    assert has_owner()
    assert Client().get("/setup/").status_code == 404


def test_becoming_the_owner_is_in_the_audit_log(client: Client) -> None:
    client.post("/setup/", answers())
    entries = AuditEntry.objects.filter(account=owner_account()).order_by("pk")
    lines = [str(entry) for entry in entries]
    assert lines == ["Mara became the owner", "Mara signed in"]


def test_the_page_tells_of_the_stages_as_they_are_called() -> None:
    assert [title for _, title, _ in WALK] == [stage.title for stage in STAGES]
