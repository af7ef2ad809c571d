"""Who uses this installation, as what, and what they did."""

from igny8.accounts.models.audit import AuditEntry, Kind
from igny8.accounts.models.invitation import Invitation
from igny8.accounts.models.people import (
    UNNAMED_TEAM,
    Account,
    Membership,
    Role,
    User,
    owner_account,
)
from igny8.accounts.models.remembered import Remembered

__all__ = [
    "UNNAMED_TEAM",
    "Account",
    "AuditEntry",
    "Invitation",
    "Kind",
    "Membership",
    "Remembered",
    "Role",
    "User",
    "owner_account",
]
