"""The run log: one row a line, written in the transaction of what it reports."""

import logging

from django.db import transaction

from igny8.automation.models import AutomationRun, RunLog
from igny8.core.logs import name_work
from igny8.core.rows import insert_row

process_log = logging.getLogger(__name__)


def say(run: AutomationRun, message: str, *, stage: int | None = None) -> None:
    _write(run, message, RunLog.Level.INFO, stage)


def warn(run: AutomationRun, message: str, *, stage: int | None = None) -> None:
    _write(run, message, RunLog.Level.WARNING, stage)


def complain(run: AutomationRun, message: str, *, stage: int | None = None) -> None:
    _write(run, message, RunLog.Level.ERROR, stage)


def _write(run: AutomationRun, message: str, level: RunLog.Level, stage: int | None) -> None:
    values = {"run_id": run.pk, "level": level, "stage": stage or run.current_stage}
    insert_row(RunLog, {**values, "message": message})
    name_work(site=run.site.slug, stage=values["stage"])
    if process_log.isEnabledFor(logging.INFO):
        fields = {"run": run.pk, "site": run.site.slug, "stage": values["stage"]}
        said = {"fields": {**fields, "severity": str(level)}}
        transaction.on_commit(lambda: process_log.info(message, extra=said))
