"""Roles: given, changed, taken and handed over."""

import pytest
from django.db import IntegrityError
from django.test import Client

from igny8.accounts import team as acts
from igny8.accounts.models import Account, AuditEntry, Membership, Role, User
from igny8.core.errors import UserError
from igny8.sites.access import sites_of
from igny8.sites.models import Site
from tests.accounts.conftest import Joined, sign_in

pytestmark = pytest.mark.django_db


def of(person: User) -> Membership:
    return Membership.objects.get(user=person)


@pytest.mark.parametrize(
    ("role", "includes"),
    [
        (Role.VIEWER, {Role.VIEWER}),
        (Role.REVIEWER, {Role.VIEWER, Role.REVIEWER}),
        (Role.EDITOR, {Role.VIEWER, Role.REVIEWER, Role.EDITOR}),
        (Role.OWNER, set(Role)),
    ],
)
def test_each_role_includes_the_lower_ones(role: Role, includes: set[Role]) -> None:
    assert {other for other in Role if role.includes(other)} == includes


def test_a_team_has_one_owner(team: Account, owner: User, joined: Joined) -> None:
    with pytest.raises(IntegrityError):
        joined("eve", Role.OWNER)


def test_the_owner_changes_a_role(
    client: Client, team: Account, owner: User, joined: Joined
) -> None:
    ben = joined("ben")
    sign_in(client, owner)
    client.post(f"/team/{team.pk}/people/{of(ben).pk}/role/", {"role": "viewer"})
    assert of(ben).role == Role.VIEWER
    entry = AuditEntry.objects.latest("pk")
    assert (str(entry), entry.before, entry.after) == (
        "Mara changed the role of Ben",
        "Editor",
        "Viewer",
    )


@pytest.mark.parametrize("role", ["owner", "emperor", ""])
def test_nobody_becomes_owner_by_a_form(
    client: Client, team: Account, owner: User, joined: Joined, role: str
) -> None:
    ben = joined("ben")
    sign_in(client, owner)
    client.post(f"/team/{team.pk}/people/{of(ben).pk}/role/", {"role": role})
    assert of(ben).role == Role.EDITOR


def test_who_is_removed_is_out_at_the_next_click(
    client: Client, team: Account, owner: User, joined: Joined
) -> None:
    ben = joined("ben")
    browser = Client()
    sign_in(browser, ben)
    sign_in(client, owner)
    client.post(f"/team/{team.pk}/people/{of(ben).pk}/remove/")
    assert browser.get(f"/team/{team.pk}/").status_code == 404
    assert User.objects.filter(pk=ben.pk).exists()


def test_the_owner_is_not_removed_and_does_not_leave(
    client: Client, team: Account, owner: User
) -> None:
    sign_in(client, owner)
    client.post(f"/team/{team.pk}/people/{of(owner).pk}/remove/")
    client.post(f"/team/{team.pk}/leave/")
    assert of(owner).role == Role.OWNER


def test_a_team_is_handed_over_as_a_whole(
    client: Client, team: Account, owner: User, joined: Joined
) -> None:
    ben = joined("ben", Role.VIEWER)
    sign_in(client, owner)
    client.post(f"/team/{team.pk}/people/{of(ben).pk}/hand-over/")
    assert (of(owner).role, of(ben).role) == (Role.EDITOR, Role.OWNER)


def test_a_team_is_not_handed_over_to_oneself_or_by_others(
    team: Account, owner: User, joined: Joined
) -> None:
    ben, cat = joined("ben"), joined("cat")
    for to, by in ((owner, owner), (cat, ben)):
        with pytest.raises(UserError):
            acts.hand_over(team, of(to), by)
    assert (of(owner).role, of(ben).role, of(cat).role) == (Role.OWNER, Role.EDITOR, Role.EDITOR)


def test_a_member_leaves(client: Client, team: Account, owner: User, joined: Joined) -> None:
    ben = joined("ben")
    sign_in(client, ben)
    client.post(f"/team/{team.pk}/leave/")
    assert not ben.memberships.exists()
    assert str(AuditEntry.objects.latest("pk")) == "Ben left the team"


def test_a_person_sees_the_sites_of_all_their_teams_with_the_role_there(
    team: Account, owner: User
) -> None:
    other = Account.objects.create(name="Agency")
    Membership.objects.create(account=other, user=owner, role=Role.VIEWER)
    third = Account.objects.create(name="Strangers")
    for account, slug in ((team, "own"), (other, "client"), (third, "foreign")):
        Site.objects.create(account=account, slug=slug, name=slug)
    assert [(site.slug, site.my_role) for site in sites_of(owner)] == [  # type: ignore[attr-defined]
        ("client", "viewer"),
        ("own", "owner"),
    ]


def test_viewers_see_the_people_and_no_buttons(
    client: Client, team: Account, owner: User, joined: Joined
) -> None:
    ben = joined("ben", Role.VIEWER)
    sign_in(client, ben)
    page = client.get(f"/team/{team.pk}/").content.decode()
    assert owner.email in page
    assert "Invite by email" not in page
    assert "/remove/" not in page
