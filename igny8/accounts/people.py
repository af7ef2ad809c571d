"""The people of a team as its page lists them."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator

from igny8.accounts.models import Account, Invitation, Membership, Role
from igny8.core import clock

_ORDER = {Role.OWNER: 0, Role.EDITOR: 1, Role.REVIEWER: 2, Role.VIEWER: 3}


@dataclass(frozen=True)
class Person:
    membership: Membership
    way_in: str
    has_passkey: bool

    @property
    def is_owner(self) -> bool:
        return Role(self.membership.role) is Role.OWNER


def people_of(account: Account) -> list[Person]:
    """Owner first, then by role and name."""
    memberships = list(account.memberships.select_related("user"))
    memberships.sort(key=lambda m: (_ORDER[Role(m.role)], m.user.called.lower()))
    factors = _factors([membership.user_id for membership in memberships])
    return [_person(row, factors.get(row.user_id, set())) for row in memberships]


def invited(account: Account) -> list[tuple[Invitation, bool]]:
    """Open invitations, and whether each still works."""
    rows = account.invitations.order_by("-pk")
    return [(invitation, invitation.expires_at > clock.now()) for invitation in rows]


def _person(membership: Membership, factors: set[str]) -> Person:
    has_passkey = Authenticator.Type.WEBAUTHN in factors
    ways = ["Passkey"] if has_passkey else []
    if membership.user.has_usable_password():
        code = " + code" if Authenticator.Type.TOTP in factors else ""
        ways.append(f"Password{code}")
    return Person(membership, " or ".join(ways).capitalize(), has_passkey)


def _factors(people: list[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for person, factor in Authenticator.objects.filter(user__in=people).values_list(
        "user_id", "type"
    ):
        found.setdefault(person, set()).add(factor)
    return found
