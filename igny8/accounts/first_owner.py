"""The first person of an installation: made by whoever reads what the server prints at its start.

The code is worked out from the installation's own key, so every process and every start prints
the same one, and nothing has to be stored. It is worth nothing once there is an owner.
"""

import base64

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from igny8.accounts.audit import record
from igny8.accounts.models import UNNAMED_TEAM, Account, Kind, Membership, Role, User, owner_account

CODE_LETTERS, GROUP = 12, 4
LONGEST_TEAM_NAME = 120


def has_owner() -> bool:
    """An owner who has a way in; one whose passkey was never finished does not count."""
    return any(can_sign_in(owner) for owner in _owners())


def can_sign_in(person: User) -> bool:
    from allauth.mfa.models import Authenticator

    passkeys = Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN)
    return person.has_usable_password() or passkeys.exists()


def set_up_code() -> str:
    """Twelve letters and digits in groups of four, such as K7QF-2MWD-9XAB: 60 bits."""
    account = owner_account()
    digest = salted_hmac("igny8.set-up", f"{account.pk}:{account.created_at}", algorithm="sha256")
    letters = base64.b32encode(digest.digest()).decode("ascii")[:CODE_LETTERS]
    return "-".join(letters[at : at + GROUP] for at in range(0, CODE_LETTERS, GROUP))


def is_set_up_code(given: str) -> bool:
    """Forgives lower case and missing hyphens."""
    bare = given.replace("-", "").replace(" ", "").upper()
    return constant_time_compare(bare, set_up_code().replace("-", ""))


def make_owner(email: str, *, name: str, password: str | None) -> User:
    """Without a password the owner still needs a passkey to count as one.

    An owner who never finished is replaced: the same code was given again.
    """
    with transaction.atomic():
        account = _locked(owner_account())
        User.objects.filter(pk__in=[owner.pk for owner in _owners()]).delete()
        owner = User.objects.create_user(email, password, name)
        Membership.objects.create(account=account, user=owner, role=Role.OWNER)
        named = Account.objects.filter(pk=account.pk, name=UNNAMED_TEAM)
        named.update(name=f"{name}’s team"[:LONGEST_TEAM_NAME])
        record(owner, "became the owner", kind=Kind.PEOPLE, account=account)
    return owner


def _owners() -> list[User]:
    owned = Membership.objects.filter(role=Role.OWNER).select_related("user")
    return [membership.user for membership in owned]


def _locked(account: Account) -> Account:
    """One set-up at a time."""
    return Account.objects.select_for_update().get(pk=account.pk)
