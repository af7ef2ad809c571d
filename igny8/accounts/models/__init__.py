"""Who uses this installation, and as what."""

from igny8.accounts.models.people import Account, Membership, Role, User, owner_account

__all__ = ["Account", "Membership", "Role", "User", "owner_account"]
