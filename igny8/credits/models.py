"""What was spent: an append-only ledger in micro-dollars and credits."""

from typing import ClassVar

from django.db import models

from igny8.accounts.models import Account
from igny8.core import clock
from igny8.core.models import OneOfField


class CreditEntry(models.Model):
    """One line of the ledger; the database refuses to change or delete it."""

    append_only: ClassVar[bool] = True

    class Kind(models.TextChoices):
        CHARGE = "charge"
        WASTE = "waste"
        GRANT = "grant"

    account = models.ForeignKey(Account, models.PROTECT, related_name="credit_entries")
    kind = OneOfField(max_length=20, choices=Kind)
    credits = models.DecimalField(max_digits=14, decimal_places=4)
    cost_microusd = models.BigIntegerField(null=True)
    call_id = models.BigIntegerField(null=True)
    run_ref = models.CharField(max_length=40, blank=True)
    stage = models.PositiveSmallIntegerField(null=True)
    site_id = models.BigIntegerField(null=True)
    site_slug = models.CharField(max_length=60, blank=True)
    booked_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "igny8_credit_entries"
        verbose_name_plural = "credit entries"
        constraints = (
            models.UniqueConstraint(fields=("call_id", "kind"), name="ledger_call_kind_once"),
        )
        indexes = (
            models.Index(fields=("run_ref", "stage"), name="ledger_of_run"),
            models.Index(fields=("site_id", "booked_at"), name="ledger_of_site"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.credits}"
