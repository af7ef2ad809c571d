"""Who belongs to a team, and as what."""

from igny8.accounts.models import Account, Membership, Role, User


def join(account: Account, person: User, role: Role | None = None) -> Membership:
    """The first person of a team is its owner; the next ones are editors unless said otherwise."""
    if not account.memberships.exists():
        role = Role.OWNER
    return Membership.objects.create(account=account, user=person, role=role or Role.EDITOR)
