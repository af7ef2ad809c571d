"""`igny8 user`."""

import json

import pytest
from allauth.mfa.models import Authenticator

from igny8.accounts.models import Membership, Role, User, owner_account
from tests.cli.conftest import Command

GOOD = "correct horse battery"


def test_a_person_is_added_to_the_owners_account(igny8: Command) -> None:
    result = igny8("user", "add", "Ann@Example.org", stdin=GOOD + "\n")
    assert result.stdout == "Added ann@example.org as owner.\n"
    person = User.objects.get()
    membership = Membership.objects.get(user=person)
    assert (membership.account, membership.role) == (owner_account(), Role.OWNER)
    assert person.check_password(GOOD)


def test_a_password_is_replaced(igny8: Command) -> None:
    igny8("user", "add", "ann@example.org", stdin=GOOD + "\n")
    igny8("user", "password", "ann@example.org", stdin="another long sentence\n")
    assert User.objects.get().check_password("another long sentence")


def test_the_next_people_are_what_is_asked_for(igny8: Command) -> None:
    for email, words in (("ann", ()), ("ben", ()), ("cat", ("--role", "viewer"))):
        igny8("user", "add", f"{email}@example.org", *words, stdin=GOOD + "\n")
    assert [membership.role for membership in Membership.objects.order_by("pk")] == [
        Role.OWNER,
        Role.EDITOR,
        Role.VIEWER,
    ]


def test_who_lost_everything_is_let_in_by_a_new_password_alone(igny8: Command) -> None:
    igny8("user", "add", "ann@example.org", stdin=GOOD + "\n")
    person = User.objects.get()
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    result = igny8("user", "reset", "ann@example.org", stdin="another long sentence\n")
    assert "Passkeys and codes removed: 1." in result.stdout
    assert not Authenticator.objects.exists()
    assert User.objects.get().check_password("another long sentence")


def test_everybody_is_listed(igny8: Command) -> None:
    assert "Nobody yet." in igny8("user", "list").stdout
    igny8("user", "add", "ben@example.org", stdin=GOOD + "\n")
    [person] = json.loads(igny8("user", "list", "--json").stdout)
    assert (person["email"], person["active"]) == ("ben@example.org", True)
    assert person["roles"] == ["owner"]


@pytest.mark.parametrize(
    ("words", "password", "complaint"),
    [
        (("add", "nobody"), GOOD, "is no e-mail address"),
        (("add", "ann@example.org"), "short", "too short"),
        (("add", "ann@example.org"), "1234567890", "entirely numeric"),
        (("password", "cat@example.org"), GOOD, "Nobody here is cat@example.org"),
        (("reset", "cat@example.org"), GOOD, "Nobody here is cat@example.org"),
        (("add", "ann@example.org", "--role", "owner"), GOOD, "is no role to give"),
    ],
)
def test_bad_input_is_a_sentence_and_adds_nobody(
    igny8: Command, words: tuple[str, ...], password: str, complaint: str
) -> None:
    result = igny8("user", *words, stdin=password + "\n")
    assert result.exit_code == 2
    assert complaint in result.stderr
    assert not User.objects.exists()


def test_nobody_is_added_twice(igny8: Command) -> None:
    igny8("user", "add", "ann@example.org", stdin=GOOD + "\n")
    again = igny8("user", "add", "ANN@example.org", stdin=GOOD + "\n")
    assert again.exit_code == 2
    assert User.objects.count() == 1
