"""Lines of a run's log as pages show them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from igny8.automation.models import AutomationRun, RunLog

LEVEL_MANNERS = {"error": "bad", "warning": "warned"}
FILTERS = (("all", "All"), ("handovers", "Hand-overs"), ("errors", "Errors"))
SHOWN = 120


@dataclass(frozen=True, kw_only=True)
class LogLine:
    pk: int
    at: datetime
    stage: int | None
    message: str
    manner: str


def log_lines(
    run: AutomationRun, kept: str, *, stage: int | None = None, limit: int = SHOWN
) -> Iterator[LogLine]:
    """The newest lines first, one query; `kept` is the name of a filter."""
    lines = RunLog.objects.filter(run=run).order_by("-pk")
    if stage is not None:
        lines = lines.filter(stage=stage)
    if kept == "errors":
        lines = lines.exclude(level=RunLog.Level.INFO)
    elif kept == "handovers":
        lines = lines.filter(message__contains="→")
    for line in lines[:limit]:
        yield LogLine(
            pk=line.pk,
            at=line.at,
            stage=line.stage,
            message=line.message,
            manner=manner_of(line),
        )


def manner_of(line: RunLog) -> str:
    """An error, a warning, a check that passed, a delay, or plain."""
    if line.level in LEVEL_MANNERS:
        return LEVEL_MANNERS[line.level]
    if "Verified:" in line.message:
        return "okk"
    return "wait" if line.message.startswith(("Waiting", "Delay", "Paused")) else ""
