"""Who belongs to a team, and as what."""

from django.db import transaction
from django.db.models import QuerySet

from igny8.accounts.audit import record
from igny8.accounts.models import Account, Kind, Membership, Role, User
from igny8.core import clock
from igny8.core.errors import UserError


def join(account: Account, person: User, role: Role | None = None) -> Membership:
    """The first person of a team is its owner; the next ones are editors unless said otherwise."""
    if not account.memberships.exists():
        role = Role.OWNER
    return Membership.objects.create(account=account, user=person, role=role or Role.EDITOR)


def change_role(membership: Membership, role: Role, by: User) -> None:
    """Raises a UserError where an owner would come or go: that is handing over."""
    before = Role(membership.role)
    if role is Role.OWNER or before is Role.OWNER:
        raise UserError("A team has one owner. To change who it is, hand the team over.")
    if not _others(membership).update(role=role, updated_at=clock.now()):
        raise UserError(f"{membership.user.called} left the team meanwhile.")
    record(
        by,
        "changed the role of",
        membership.user.called,
        kind=Kind.PEOPLE,
        account=membership.account,
        before=before.label,
        after=role.label,
    )


def remove(membership: Membership, by: User) -> None:
    """Takes effect at the person's next click; raises a UserError for the owner."""
    if not _others(membership).delete()[0]:
        raise UserError("The owner cannot be removed. Hand the team over first.")
    verb, whom = ("removed", membership.user.called)
    if membership.user_id == by.pk:
        verb, whom = ("left the team", "")
    record(by, verb, whom, kind=Kind.PEOPLE, account=membership.account)


def hand_over(account: Account, to: Membership, by: User) -> None:
    """The owner becomes an editor, the other one the owner; both or neither."""
    team = Membership.objects.filter(account=account)
    with transaction.atomic():
        demoted = team.filter(user=by, role=Role.OWNER).update(
            role=Role.EDITOR, updated_at=clock.now()
        )
        promoted = team.filter(pk=to.pk).exclude(user=by)
        if not demoted or not promoted.update(role=Role.OWNER, updated_at=clock.now()):
            raise UserError("The team could not be handed over: somebody left meanwhile.")
        record(by, "handed the team over to", to.user.called, kind=Kind.PEOPLE, account=account)


def _others(membership: Membership) -> QuerySet[Membership]:
    """The row as the database has it now, unless it is the owner's."""
    return Membership.objects.filter(pk=membership.pk).exclude(role=Role.OWNER)
