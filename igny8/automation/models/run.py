"""A run, the items it works through, and its log."""

from typing import Any

from django.db import models
from django.db.models import Q

from igny8.core import clock
from igny8.core.models import OneOfField, TimeStamped
from igny8.sites.models import Site

STAGE_NUMBERS = range(1, 8)
DELAY = "delay:"  # a rest of its own, and its seconds, instead of somebody to wait for


class AutomationRunQuerySet(models.QuerySet["AutomationRun"]):
    def active(self) -> "AutomationRunQuerySet":
        return self.filter(status__in=AutomationRun.ACTIVE)

    def pipeline(self) -> "AutomationRunQuerySet":
        return self.filter(kind=AutomationRun.Kind.PIPELINE)


class AutomationRun(TimeStamped):
    class Kind(models.TextChoices):
        PIPELINE = "pipeline"
        SELECTION = "selection"

    class Trigger(models.TextChoices):
        MANUAL = "manual"
        SCHEDULE = "schedule"
        API = "api"

    class Status(models.TextChoices):
        RUNNING = "running"
        PAUSED = "paused"
        COMPLETED = "completed"
        FAILED = "failed"
        CANCELLED = "cancelled"

    ACTIVE = (Status.RUNNING, Status.PAUSED)

    site = models.ForeignKey(Site, models.CASCADE, related_name="runs")
    kind = OneOfField(max_length=20, choices=Kind, default=Kind.PIPELINE)
    trigger = OneOfField(max_length=20, choices=Trigger, default=Trigger.MANUAL)
    started_by = models.CharField(max_length=120, blank=True)
    status = OneOfField(max_length=20, choices=Status, default=Status.RUNNING)
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    first_stage = models.PositiveSmallIntegerField(default=1)
    current_stage = models.PositiveSmallIntegerField(default=1)
    stop_after = models.PositiveSmallIntegerField(null=True, blank=True)
    selection = models.JSONField(default=list, blank=True)
    config = models.JSONField(default=dict)
    estimate = models.JSONField(default=dict)
    credits_used = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    percent = models.PositiveSmallIntegerField(default=0)
    stage_1_result = models.JSONField(null=True, blank=True)
    stage_2_result = models.JSONField(null=True, blank=True)
    stage_3_result = models.JSONField(null=True, blank=True)
    stage_4_result = models.JSONField(null=True, blank=True)
    stage_5_result = models.JSONField(null=True, blank=True)
    stage_6_result = models.JSONField(null=True, blank=True)
    stage_7_result = models.JSONField(null=True, blank=True)
    generation = models.PositiveIntegerField(default=1)
    lease = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=80, null=True, blank=True)  # noqa: DJ001 - nobody is NULL
    crashes = models.PositiveSmallIntegerField(default=0)
    retries = models.PositiveSmallIntegerField(default=0)
    wake_at = models.DateTimeField(null=True, blank=True)
    waiting_for = models.CharField(max_length=120, blank=True)
    version = models.PositiveBigIntegerField(default=1)
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AutomationRunQuerySet.as_manager()

    class Meta:
        db_table = "igny8_automation_runs"
        constraints = (
            models.UniqueConstraint(
                fields=("site",),
                condition=Q(kind="pipeline", status__in=("running", "paused")),
                name="run_active_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("started_at")),
                name="run_ends_after_start",
            ),
        )
        indexes = (
            models.Index(fields=("site", "-id"), name="runs_of_site"),
            models.Index(
                fields=("status",),
                condition=Q(status__in=("running", "paused")),
                name="runs_active",
            ),
        )

    def __str__(self) -> str:
        return f"run {self.pk}"

    @property
    def ref(self) -> str:
        """How rows, calls and ledger lines name this run."""
        return f"run:{self.pk}"

    @property
    def is_waiting(self) -> bool:
        """For somebody else; the delays between batches are no waits."""
        return bool(self.waiting_for) and not self.waiting_for.startswith(DELAY)

    def result(self, stage: int) -> dict[str, Any]:
        """What is recorded of a stage; empty before it was opened."""
        return getattr(self, f"stage_{stage}_result") or {}


class RunItem(models.Model):
    """One row that one stage of one run works on."""

    class State(models.TextChoices):
        QUEUED = "queued"
        WORKING = "working"
        DONE = "done"
        FAILED = "failed"
        SKIPPED = "skipped"

    run = models.ForeignKey(AutomationRun, models.CASCADE, related_name="items")
    stage = models.PositiveSmallIntegerField()
    object_id = models.BigIntegerField()
    label = models.CharField(max_length=255, blank=True)
    position = models.PositiveIntegerField()
    batch_no = models.PositiveIntegerField()
    alone = models.BooleanField(default=False)
    group = models.CharField(max_length=40, blank=True)
    plan = models.JSONField(null=True, blank=True)
    state = OneOfField(max_length=20, choices=State, default=State.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    retries = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    made = models.JSONField(default=list, blank=True)
    created = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "igny8_run_items"
        constraints = (
            models.UniqueConstraint(fields=("run", "stage", "object_id"), name="item_object_once"),
        )
        indexes = (
            models.Index(fields=("run", "stage", "state", "batch_no"), name="items_to_do"),
            models.Index(fields=("run", "stage", "group"), name="items_of_group"),
        )

    def __str__(self) -> str:
        return f"{self.run_id}/{self.stage}/{self.object_id} {self.state}"


class RunLog(models.Model):
    """One line of a run's log, written in the transaction of what it reports."""

    class Level(models.TextChoices):
        INFO = "info"
        WARNING = "warning"
        ERROR = "error"

    run = models.ForeignKey(AutomationRun, models.CASCADE, related_name="log")
    at = models.DateTimeField(default=clock.now)
    level = OneOfField(max_length=10, choices=Level, default=Level.INFO)
    stage = models.PositiveSmallIntegerField(null=True, blank=True)
    message = models.TextField()

    class Meta:
        db_table = "igny8_run_log"
        verbose_name_plural = "run log"
        indexes = (models.Index(fields=("run", "id"), name="log_of_run"),)

    def __str__(self) -> str:
        return self.message
