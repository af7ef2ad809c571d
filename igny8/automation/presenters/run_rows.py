"""The history of runs, and one run on a line of time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from igny8.automation.models import AutomationRun
from igny8.automation.presenters.looks import LOOKS, STAGE_ICONS, counted, look_of
from igny8.automation.presenters.overall import credits_range, run_credits
from igny8.automation.presenters.run_totals import against_estimate
from igny8.automation.presenters.stage_card import (
    credits_expected,
    credits_of,
    errors_text,
    moment_of,
    used_text,
)
from igny8.automation.stage_status import stage_status
from igny8.automation.stages import STAGES, WORK_STAGES, Stage
from igny8.automation.wording import duration
from igny8.theme.looks import Look

ARTICLES_STAGE = 4
TICKS = 6
ROOM_BEHIND, ROOM_BEFORE = 80, 30
SHORT = timedelta(minutes=12)
TRIGGERS = {"manual": "A person", "schedule": "Schedule", "api": "API"}
MARKS = {"done": "d", "running": "d", "paused": "d", "cancelled": "d", "failed": "f"}
ON_TRACK = "on track"
OVER = "alert_over_estimate_percent"


@dataclass(frozen=True, kw_only=True)
class RunRow:
    pk: int
    look: Look
    trigger: str
    kind: str
    started: datetime
    took: str
    articles: int
    items: int
    credits: str
    expected: str
    against: str
    versus: str
    is_over: bool
    errors: str
    marks: tuple[str, ...]
    marks_text: str
    is_running: bool


def run_row(run: AutomationRun, now: datetime) -> RunRow:
    results = [run.result(stage.number) for stage in WORK_STAGES]
    processed = sum(int(result.get("processed", 0)) for result in results)
    failed = sum(int(result.get("failed", 0)) for result in results)
    statuses = [stage_status(run, stage) for stage in WORK_STAGES]
    off = against_estimate(run)
    return RunRow(
        pk=run.pk,
        look=look_of(run),
        trigger=run.started_by or TRIGGERS[run.trigger],
        kind="" if run.kind == AutomationRun.Kind.PIPELINE else "chosen rows",
        started=run.started_at,
        took=duration(((run.ended_at or now) - run.started_at).total_seconds()),
        articles=int(run.result(ARTICLES_STAGE).get("created", 0)),
        items=processed,
        credits=run_credits(run),
        expected=credits_range(run),
        against=_against(run),
        versus=_versus(run, off),
        is_over=off is not None and off > int(run.config.get(OVER, 20)),
        errors=errors_text(failed, processed),
        marks=tuple(_mark(run, status) for status in [*statuses, _gate(run)]),
        is_running=run.status == AutomationRun.Status.RUNNING,
        marks_text=f"Reached stage {run.current_stage} of {len(STAGES)}",
    )


def _against(run: AutomationRun) -> str:
    """How a completed run's credits stand to its estimate; empty when that says nothing."""
    expected = run.estimate.get("credits")
    if run.status != AutomationRun.Status.COMPLETED or not expected:
        return ""
    low, high, used = Decimal(expected["low"]), Decimal(expected["high"]), run.credits_used
    if not high:
        return ""
    if used > high:
        return f"{int(100 * used / high) - 100 or 1}% above it"
    return f"{100 - int(100 * used / low)}% below it" if used < low else "as estimated"


def _versus(run: AutomationRun, off: int | None) -> str:
    """`on track`, `+22%`; a run that did not come to its end is not cheap for that."""
    if off is None:
        return ""
    if off < 0 and run.status != AutomationRun.Status.COMPLETED:
        return ON_TRACK if run.status in run.ACTIVE else ""
    if off == 0:
        return ON_TRACK
    return f"{off:+}%".replace("-", "−")


def _mark(run: AutomationRun, status: str) -> str:
    return "g" if status == "gate" else MARKS.get(status, "")


def _gate(run: AutomationRun) -> str:
    return "gate" if run.current_stage == len(STAGES) else "waiting"


@dataclass(frozen=True, kw_only=True)
class GanttRow:
    """A stage on the run's line of time; `x` and `width` are percent of it."""

    number: int
    title: str
    icon: str
    look: Look
    started: datetime | None
    ended: datetime | None
    x: float
    width: float
    took: str
    label: str
    items: str
    errors: str
    retries: str
    credits: str
    expected: str
    has_errors: bool


def gantt(run: AutomationRun, now: datetime) -> Iterator[GanttRow]:
    end = run.ended_at or now
    whole = max(1.0, (end - run.started_at).total_seconds())
    for stage in WORK_STAGES:
        if stage.number >= run.first_stage:
            yield _gantt_row(run, stage, whole, end)


def ticks(run: AutomationRun, now: datetime) -> list[datetime]:
    """Moments under which the line of time is marked."""
    part = ((run.ended_at or now) - run.started_at) / TICKS
    return [run.started_at + part * number for number in range(TICKS)]


def tick_form(run: AutomationRun, now: datetime) -> str:
    """Of short runs the seconds matter."""
    is_short = (run.ended_at or now) - run.started_at < SHORT
    return "%I:%M:%S" if is_short else "%I:%M %p"


def _label_at(begins: float, ends: float) -> str:
    """Behind its bar where there is room, else before it, else on it."""
    if ends <= ROOM_BEHIND:
        return ""
    return "in" if begins >= ROOM_BEFORE else "on"


def _gantt_row(run: AutomationRun, stage: Stage, whole: float, end: datetime) -> GanttRow:
    result = run.result(stage.number)
    began, ended = moment_of(result, "started_at"), moment_of(result, "ended_at")
    seconds = ((ended or end) - began).total_seconds() if began else 0.0
    x = 100 * (began - run.started_at).total_seconds() / whole if began else 0.0
    failed, processed = int(result.get("failed", 0)), int(result.get("processed", 0))
    created, retries = int(result.get("created", 0)), int(result.get("retries", 0))
    return GanttRow(
        number=stage.number,
        title=stage.title,
        icon=STAGE_ICONS[stage.number],
        look=LOOKS[stage_status(run, stage)],
        started=began,
        ended=ended,
        x=round(min(x, 100.0), 2),
        width=round(max(0.0, min(100 * seconds / whole, 100 - x)), 2) if began else 0.0,
        took=duration(seconds) if began and result.get("total") else "",
        label=_label_at(x, x + 100 * seconds / whole),
        items=f"{created:,} {stage.makes[created != 1]}",
        errors=f"{errors_text(failed, processed)} errors" if failed else "",
        retries=counted(retries, "retry", "retries") if retries else "",
        credits=used_text(credits_of(result), credits_expected(run, stage.number)),
        expected=credits_expected(run, stage.number),
        has_errors=failed > 0,
    )
