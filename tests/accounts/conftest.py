"""People at the door, and a browser without a browser."""

from collections.abc import Callable

import pytest
from django.test import Client

from igny8.accounts.models import Account, Membership, Role, User, owner_account

PASSWORD = "correct horse battery"
Joined = Callable[..., User]


@pytest.fixture
def team(db: None) -> Account:
    return owner_account()


@pytest.fixture
def joined(team: Account) -> Joined:
    """Makes a person of the team."""

    def make(name: str, role: Role = Role.EDITOR) -> User:
        person = User.objects.create_user(f"{name}@example.org", PASSWORD, name.title())
        Membership.objects.create(account=team, user=person, role=role)
        return person

    return make


@pytest.fixture
def owner(joined: Joined) -> User:
    return joined("mara", Role.OWNER)


def sign_in(client: Client, person: User, password: str = PASSWORD) -> None:
    """As people do it, which counts as having proved it."""
    client.post("/sign-in/", {"login": person.email, "password": password})
