"""What was spent: an append-only ledger in micro-dollars and credits, and what things cost."""

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from igny8.accounts.models import Account
from igny8.core import clock
from igny8.core.models import OneOfField, TimeStamped


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
            # With what budgets sum before each call, so that they need not open the rows.
            models.Index(fields=("run_ref", "stage", "kind", "credits"), name="ledger_of_run"),
            models.Index(fields=("site_id", "booked_at", "kind", "credits"), name="ledger_of_site"),
            models.Index(
                fields=("account", "booked_at", "kind", "credits"), name="ledger_of_account"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.credits}"


def rate(text: str) -> "models.BigIntegerField[int | None, int | None]":
    return models.BigIntegerField(
        null=True, blank=True, help_text=text, validators=[MinValueValidator(0)]
    )


class PriceOverride(TimeStamped):
    """What an account really pays for a model, instead of its list price; empty is unknown."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="price_overrides")
    model = models.CharField(max_length=120)
    input_rate = rate("micro-dollars for a million input tokens")
    output_rate = rate("micro-dollars for a million output tokens")
    cached_rate = rate("micro-dollars for a million input tokens read from the provider's cache")
    image_rate = rate("micro-dollars for an image")

    class Meta:
        db_table = "igny8_price_overrides"
        constraints = (
            models.UniqueConstraint(fields=("account", "model"), name="price_override_once"),
            models.CheckConstraint(
                condition=~Q(input_rate__lt=0)
                & ~Q(output_rate__lt=0)
                & ~Q(cached_rate__lt=0)
                & ~Q(image_rate__lt=0),
                name="price_override_not_negative",
            ),
        )

    def __str__(self) -> str:
        return self.model


class CreditTariff(TimeStamped):
    """How an account turns cost into credits; without one, a credit is a cent of list price."""

    class Kind(models.TextChoices):
        LIST_PRICE = "list_price"
        FIXED = "fixed"

    account = models.OneToOneField(Account, models.CASCADE, related_name="credit_tariff")
    kind = OneOfField(max_length=20, choices=Kind, default=Kind.LIST_PRICE)
    multiplier = models.DecimalField(max_digits=8, decimal_places=4, default=Decimal(1))
    fixed = models.JSONField(
        default=dict, blank=True, help_text="credits for a unit of each function, as text"
    )

    class Meta:
        db_table = "igny8_credit_tariffs"
        constraints = (
            models.CheckConstraint(condition=Q(multiplier__gte=0), name="tariff_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.kind} × {self.multiplier}"


class CreditAccount(TimeStamped):
    """What an account has and has promised, in ten-thousandths of a credit.

    Not prepaid: nothing is refused, and the balance falls below zero by what was spent.
    """

    account = models.OneToOneField(Account, models.PROTECT, related_name="credit_account")
    is_prepaid = models.BooleanField(default=False, help_text="refuse what the balance lacks")
    balance = models.BigIntegerField(default=0)
    reserved = models.BigIntegerField(default=0)
    overdraft = models.BigIntegerField(default=0)

    class Meta:
        db_table = "igny8_credit_accounts"
        constraints = (
            models.CheckConstraint(
                condition=Q(reserved__gte=0, overdraft__gte=0), name="credit_account_not_negative"
            ),
        )

    def __str__(self) -> str:
        return f"credits of {self.account}"


class CreditReservation(models.Model):
    """What a call may cost, set aside before it is made; ten-thousandths of a credit."""

    class State(models.TextChoices):
        OPEN = "open"
        SETTLED = "settled"
        RELEASED = "released"
        EXPIRED = "expired"

    account = models.ForeignKey(Account, models.PROTECT, related_name="credit_reservations")
    key = models.CharField(max_length=220, unique=True, help_text="the call it is for")
    state = OneOfField(max_length=20, choices=State, default=State.OPEN)
    amount = models.BigIntegerField()
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "igny8_credit_reservations"
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="credit_reservation_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None)
                | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="credit_reservation_open_or_closed",
            ),
        )
        indexes = (
            models.Index(
                fields=("expires_at",), condition=Q(state="open"), name="reservations_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.key}: {self.state}"
