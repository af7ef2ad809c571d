"""What grows old is let go: each chore by itself, so that one that fails stops no other."""

from datetime import datetime, timedelta

from django.db import models

from igny8.ai.models import AICall
from igny8.automation.models import AutomationRun, Notice, RunLog
from igny8.automation.site_removal import purge_archived_sites
from igny8.core import clock
from igny8.credits.models import CreditReservation
from igny8.jobs import Duty, engine
from igny8.jobs.models import Worker
from igny8.sites.models import TRASH_DAYS, Trash
from igny8.sites.trash import purge
from igny8.writer.stored_inspections import inspect_what_changed
from igny8.writer.unused_pictures import remove_unused_pictures

LOG_DAYS = 90
RAW_DAYS = 30
WORKER_DAYS = 7
ROWS_AT_ONCE = 500
HOUR = 3600.0
SOON = 5.0
# An answer that nobody has used yet is paid for: it waits for its question, however long.
STILL_OF_USE = (AICall.State.SENT, AICall.State.ANSWERED)


def drop_old_log_lines() -> None:
    delete_in_pieces(RunLog.objects.filter(at__lt=_days_ago(LOG_DAYS)))


def drop_old_notices() -> None:
    """Not those of a run that is not over: they keep its later ones from being told again."""
    old = Notice.objects.filter(at__lt=_days_ago(LOG_DAYS))
    delete_in_pieces(old.exclude(run__status__in=AutomationRun.ACTIVE))


def drop_raw_answers() -> None:
    """What a model said, and was not used; that it was asked and what it cost stays."""
    old = AICall.objects.filter(ended_at__lt=_days_ago(RAW_DAYS)).exclude(raw=None)
    unused = old.exclude(state__in=STILL_OF_USE)
    while pks := list(unused.order_by("pk").values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        AICall.objects.filter(pk__in=pks).update(raw=None)


def forget_closed_reservations() -> None:
    """Calls and ledger say what became of them; only their keys were of use, against repetition."""
    closed = CreditReservation.objects.filter(closed_at__lt=_days_ago(RAW_DAYS))
    delete_in_pieces(closed)


def forget_dead_workers() -> None:
    Worker.objects.filter(dead_at__lt=_days_ago(WORKER_DAYS)).delete()


def empty_trash() -> None:
    """What was removed 30 days ago is gone for good, with its picture files."""
    for trash in Trash.objects.filter(removed_at__lt=_days_ago(TRASH_DAYS)):
        remove_unused_pictures(purge(trash))


def drop_finished_workflows() -> None:
    while engine.prune() == engine.PRUNED_AT_ONCE:
        pass


def delete_in_pieces(rows: "models.QuerySet[models.Model]") -> None:
    """Short transactions: on SQLite everybody else waits for each."""
    while pks := list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        rows.model._default_manager.filter(pk__in=pks).delete()


def _days_ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


HOURLY = {
    "finished workflows": drop_finished_workflows,
    "old log lines": drop_old_log_lines,
    "old notices": drop_old_notices,
    "raw answers": drop_raw_answers,
    "closed reservations": forget_closed_reservations,
    "dead workers": forget_dead_workers,
    "trash": empty_trash,
    "archived sites": purge_archived_sites,
}
CHORES = (
    Duty(name="inspections", every_seconds=SOON, do=inspect_what_changed, takes_long=True),
    *(Duty(name=name, every_seconds=HOUR, do=do, takes_long=True) for name, do in HOURLY.items()),
)
