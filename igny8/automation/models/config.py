"""How a site's automation is set."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from igny8.automation.models.event import Event, all_events, valid_events
from igny8.automation.slots import ScheduleError, check_cron
from igny8.core.models import OneOfField, TimeStamped
from igny8.sites.models import Site


def bounded(
    default: int, low: int, high: int, text: str = ""
) -> "models.PositiveIntegerField[int, int]":
    return models.PositiveIntegerField(
        default=default,
        help_text=text,
        validators=[MinValueValidator(low), MaxValueValidator(high)],
    )


def budget() -> "models.DecimalField[Decimal | None, Decimal | None]":
    return models.DecimalField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="credits; empty = no limit",
        validators=[MinValueValidator(Decimal(0))],
    )


class AutomationConfig(TimeStamped):
    """One a site; out of range is an error at the field."""

    class Schedule(models.TextChoices):
        OFF = "off"
        DAILY = "daily"
        WEEKLY = "weekly"
        MONTHLY = "monthly"
        CRON = "cron"

    site = models.OneToOneField(Site, models.CASCADE, related_name="automation_config")
    enabled = models.BooleanField(default=True, help_text="off: the schedule starts nothing")
    schedule = OneOfField(max_length=20, choices=Schedule, default=Schedule.OFF)
    schedule_time = models.TimeField(default="06:00", help_text="in the site's time zone")
    schedule_weekday = models.PositiveSmallIntegerField(
        default=0, help_text="0 = Monday … 6 = Sunday", validators=[MaxValueValidator(6)]
    )
    schedule_day = bounded(1, 1, 31, "day of the month; 31 = the last")
    schedule_cron = models.CharField(max_length=120, blank=True)
    next_run_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_check = models.CharField(max_length=200, blank=True, editable=False)
    slots_missed = models.PositiveIntegerField(default=0, editable=False)

    stage_1_batch_size = bounded(20, 1, 200)
    stage_2_batch_size = bounded(1, 1, 200)
    stage_3_batch_size = bounded(20, 1, 200)
    stage_5_batch_size = bounded(1, 1, 200)
    within_stage_delay = bounded(3, 0, 300, "seconds after each batch")
    between_stage_delay = bounded(5, 0, 300, "seconds after each stage")
    ideas_per_cluster = bounded(3, 1, 10)
    images_per_article = bounded(3, 0, 8, "besides the featured one")
    wants_images = models.BooleanField(default=True, help_text="off: articles without any image")
    attempts = bounded(3, 1, 5, "bad answers to one question before its row is parked")
    stop_after = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(6)]
    )
    budget_run = budget()
    budget_day = budget()
    budget_month = budget()
    budget_item = budget()
    alert_error_percent = bounded(5, 0, 100)
    alert_over_estimate_percent = bounded(20, 0, 1000)
    notify = models.JSONField(
        default=all_events,
        blank=True,
        help_text=f"tell the team’s channels of {', '.join(Event.values)}; or none",
        validators=[valid_events],
    )

    class Meta:
        db_table = "igny8_automation_configs"

    def __str__(self) -> str:
        return f"automation of {self.site}"

    def own_stop(self, first_stage: int) -> int | None:
        """Where a run that begins there stops when nobody says; a stop before it is behind it."""
        return self.stop_after if (self.stop_after or 0) >= first_stage else None

    def clean(self) -> None:
        """A cron expression is only looked at where it is used."""
        if self.schedule == self.Schedule.CRON:
            try:
                check_cron(self.schedule_cron)
            except ScheduleError as error:
                raise ValidationError({"schedule_cron": str(error)}) from error
