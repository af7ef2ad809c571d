"""A way into a team for somebody who is not in it yet."""

from django.db import models
from django.db.models import Q

from igny8.accounts.models.people import Account, Role
from igny8.core.models import OneOfField, TimeStamped


class Invitation(TimeStamped):
    """One open invitation an e-mail address and team; of its link only the hash is kept."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = OneOfField(max_length=20, choices=Role, default=Role.VIEWER)
    invited_by = models.CharField(max_length=120)
    link_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "igny8_invitations"
        constraints = (
            models.UniqueConstraint(fields=("account", "email"), name="invited_once"),
            models.CheckConstraint(condition=~Q(role="owner"), name="nobody_invited_as_owner"),
        )

    def __str__(self) -> str:
        return f"{self.email} to {self.account}"
