"""What people are told once, where they are told it, and how that went."""

import uuid

from django.db import models

from igny8.accounts.models import Account
from igny8.accounts.secrets import SealedField
from igny8.automation.models.event import Event
from igny8.automation.models.run import AutomationRun
from igny8.core import clock
from igny8.core.models import OneOfField, TimeStamped
from igny8.sites.models import Site

MOST_TRIES = 5


class Notice(models.Model):
    """One thing that happened; its key says which, so that nobody is told of it twice."""

    key = models.CharField(max_length=160, unique=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = OneOfField(max_length=40, choices=Event)
    site = models.ForeignKey(Site, models.CASCADE, related_name="notices")
    run = models.ForeignKey(
        AutomationRun, models.CASCADE, null=True, blank=True, related_name="notices"
    )
    says = models.TextField()
    reason_code = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "igny8_notices"

    def __str__(self) -> str:
        return self.says


class Channel(TimeStamped):
    """A place where a team is told of things. `address` is as it may be shown."""

    class Kind(models.TextChoices):
        EMAIL = "email", "E-mail"
        WEBHOOK = "webhook", "Webhook"
        SLACK = "slack", "Slack"

    account = models.ForeignKey(Account, models.CASCADE, related_name="channels")
    name = models.CharField(max_length=80)
    kind = OneOfField(max_length=20, choices=Kind)
    address = models.CharField(max_length=254)
    sealed_url = SealedField(blank=True)
    sealed_secret = SealedField(blank=True)
    secret_tail = models.CharField(max_length=4, blank=True)

    class Meta:
        db_table = "igny8_notice_channels"
        constraints = (
            models.UniqueConstraint(fields=("account", "name"), name="channel_name_once"),
        )

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """A notice on its way to a channel; while `waiting`, `due_at` says when it may be sent."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        GIVEN_UP = "given_up"

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="deliveries")
    state = OneOfField(max_length=20, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=clock.now)
    tried_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "igny8_notice_deliveries"
        verbose_name_plural = "deliveries"
        constraints = (models.UniqueConstraint(fields=("notice", "channel"), name="delivery_once"),)
        indexes = (
            models.Index(
                fields=("due_at",), condition=models.Q(state="waiting"), name="deliveries_due"
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice_id} to {self.channel_id}: {self.state}"
