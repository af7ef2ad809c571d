"""One compact line: when runs happen, when the last was, what the next one costs."""

from dataclasses import dataclass
from datetime import datetime

from igny8.automation.models import AutomationConfig, AutomationRun
from igny8.theme.looks import Look

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LAST_DAY = 31
OFF = Look("Schedule off", "idle", "pause")
ON = Look("Scheduled", "ok", "calendar-clock")
Schedule = AutomationConfig.Schedule


@dataclass(frozen=True, kw_only=True)
class ScheduleRow:
    """`why_not` says why Run Now cannot be pressed; empty when it can."""

    look: Look
    text: str
    zone: str
    next_at: datetime | None
    last_check: str
    last_run: int | None
    last_at: datetime | None
    estimate: str
    why_not: str


def schedule_row(
    config: AutomationConfig, run: AutomationRun | None, *, estimate: str, is_bare: bool
) -> ScheduleRow:
    is_on = config.enabled and config.schedule != Schedule.OFF
    return ScheduleRow(
        look=ON if is_on else OFF,
        text=schedule_text(config) if is_on else "Runs only when you start it",
        zone=config.site.time_zone,
        next_at=config.next_run_at if is_on else None,
        last_check=config.last_check if is_on else "",
        last_run=run.pk if run else None,
        last_at=run.started_at if run else None,
        estimate=estimate,
        why_not=_why_not(run, is_bare),
    )


def schedule_text(config: AutomationConfig) -> str:
    """`Every day at 6:00 AM`, `Every Monday at 6:00 AM`, `Cron: 30 6 * * 1-5`."""
    at = f"{config.schedule_time:%I:%M %p}".lstrip("0")
    days = {
        Schedule.DAILY: "Every day",
        Schedule.WEEKLY: f"Every {WEEKDAYS[config.schedule_weekday]}",
        Schedule.MONTHLY: _day_of_month(config.schedule_day),
    }
    if config.schedule == Schedule.CRON:
        return f"Cron: {config.schedule_cron}"
    return f"{days[Schedule(config.schedule)]} at {at}"


def _day_of_month(day: int) -> str:
    if day == LAST_DAY:
        return "Last day of the month"
    ending = "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending} of the month"


def _why_not(run: AutomationRun | None, is_bare: bool) -> str:
    if run is not None and run.status == AutomationRun.Status.RUNNING:
        return f"Run {run.pk} is under way"
    if run is not None and run.status == AutomationRun.Status.PAUSED:
        return f"Run {run.pk} is paused: resume or cancel it first"
    return "Import keywords first" if is_bare else ""
