"""Invitations: a link for one person, once, within a week."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.test import Client

from igny8.accounts.invitations import invite, open_invitation
from igny8.accounts.models import Account, Invitation, Membership, Role, User
from igny8.core.clock import ManualClock
from igny8.core.errors import UserError
from tests.accounts.conftest import PASSWORD, Joined, sign_in

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db
NEW = {"name": "Ana", "way": "password", "password": PASSWORD}


@pytest.fixture
def path(team: Account, owner: User) -> str:
    """Where Ana's invitation leads."""
    _, secret = invite(team, "Ana@example.org", Role.REVIEWER, owner)
    return f"/invitation/{secret}/"


def test_somebody_new_makes_an_account_and_is_in(path: str, team: Account) -> None:
    ana = Client()
    assert "invites ana@example.org as reviewer" in ana.get(path).content.decode()
    assert ana.post(path, NEW).headers["Location"] == "/"
    membership = Membership.objects.get(user__email="ana@example.org")
    assert (membership.account, membership.role) == (team, Role.REVIEWER)
    assert ana.get(f"/team/{team.pk}/").status_code == 200


def test_the_link_works_once(path: str) -> None:
    Client().post(path, NEW)
    assert Client().get(path).status_code == 404
    assert Client().post(path, {**NEW, "name": "Eve"}).status_code == 404
    assert User.objects.filter(email="ana@example.org", name="Ana").exists()


def test_the_link_ends_after_a_week(clock: ManualClock, team: Account, owner: User) -> None:
    _, secret = invite(team, "ana@example.org", Role.VIEWER, owner)
    clock.time += timedelta(days=6, hours=23)
    assert open_invitation(secret) is not None
    clock.time += timedelta(hours=1)
    assert open_invitation(secret) is None


def test_somebody_known_signs_in_first_and_joins_with_one_click(path: str, team: Account) -> None:
    ana = User.objects.create_user("ana@example.org", PASSWORD, "Ana")
    browser = Client()
    assert "Sign in, then join" in browser.get(path).content.decode()
    browser.post(path, NEW)
    assert not team.memberships.filter(user=ana).exists()
    sign_in(browser, ana)
    browser.post(path)
    assert team.memberships.get(user=ana).role == Role.REVIEWER


def test_somebody_else_cannot_use_it(path: str, owner: User, team: Account) -> None:
    browser = Client()
    sign_in(browser, owner)
    page = browser.post(path).content.decode()
    assert "the invitation is for somebody else" in page
    assert team.memberships.count() == 1


def test_who_never_finished_coming_in_can_be_invited_again(path: str) -> None:
    answer = Client().post(path, {**NEW, "way": "passkey", "password": ""})
    assert answer.headers["Location"] == "/me/passkeys/add/"
    assert User.objects.get(email="ana@example.org").memberships.count() == 1


def test_a_second_invitation_replaces_the_first(path: str, team: Account, owner: User) -> None:
    invite(team, "ana@example.org", Role.EDITOR, owner)
    assert Client().get(path).status_code == 404
    assert Invitation.objects.get().role == Role.EDITOR


def test_members_and_owners_are_not_invited(team: Account, owner: User, joined: Joined) -> None:
    joined("ben")
    for email, role in (("ben@example.org", Role.VIEWER), ("cat@example.org", Role.OWNER)):
        with pytest.raises(UserError):
            invite(team, email, role, owner)


def test_the_link_is_shown_once_when_no_mail_is_set_up(
    client: Client, team: Account, owner: User
) -> None:
    sign_in(client, owner)
    client.post(f"/team/{team.pk}/invite/", {"email": "ana@example.org", "role": "viewer"})
    link = client.get(f"/team/{team.pk}/").context["link"]["link"]
    assert Client().get(link).status_code == 200
    assert link not in client.get(f"/team/{team.pk}/").content.decode()
    assert not Invitation.objects.filter(link_hash__in=link.split("/")).exists()


def test_the_link_is_mailed_when_mail_is_set_up(
    settings: "Settings", client: Client, team: Account, owner: User
) -> None:
    settings.EMAIL_READY = True
    sign_in(client, owner)
    client.post(f"/team/{team.pk}/invite/", {"email": "ana@example.org", "role": "viewer"})
    letter = mail.outbox[-1]
    assert letter.to == ["ana@example.org"]
    link = next(word for word in letter.body.split() if "/invitation/" in word)
    assert Client().get(link).status_code == 200
    assert client.get(f"/team/{team.pk}/").context["link"] is None


def test_a_withdrawn_invitation_is_gone(path: str, client: Client, owner: User) -> None:
    sign_in(client, owner)
    invitation = Invitation.objects.get()
    client.post(f"/team/{invitation.account_id}/invitations/{invitation.pk}/withdraw/")
    assert Client().get(path).status_code == 404
