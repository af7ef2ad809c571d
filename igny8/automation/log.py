"""The run log: one row a line, written in the transaction of what it reports."""

from igny8.automation.models import AutomationRun, RunLog
from igny8.core.rows import insert_row


def say(run: AutomationRun, message: str, *, stage: int | None = None) -> None:
    _write(run, message, RunLog.Level.INFO, stage)


def warn(run: AutomationRun, message: str, *, stage: int | None = None) -> None:
    _write(run, message, RunLog.Level.WARNING, stage)


def complain(run: AutomationRun, message: str, *, stage: int | None = None) -> None:
    _write(run, message, RunLog.Level.ERROR, stage)


def _write(run: AutomationRun, message: str, level: RunLog.Level, stage: int | None) -> None:
    values = {"run_id": run.pk, "level": level, "stage": stage or run.current_stage}
    insert_row(RunLog, {**values, "message": message})
