"""`igny8 user`."""

import json

import pytest

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


def test_everybody_is_listed(igny8: Command) -> None:
    assert "Nobody yet." in igny8("user", "list").stdout
    igny8("user", "add", "ben@example.org", stdin=GOOD + "\n")
    [person] = json.loads(igny8("user", "list", "--json").stdout)
    assert (person["email"], person["active"]) == ("ben@example.org", True)


@pytest.mark.parametrize(
    ("words", "password", "complaint"),
    [
        (("add", "nobody"), GOOD, "is no e-mail address"),
        (("add", "ann@example.org"), "short", "too short"),
        (("add", "ann@example.org"), "1234567890", "entirely numeric"),
        (("password", "cat@example.org"), GOOD, "Nobody here is cat@example.org"),
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
