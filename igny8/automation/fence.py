"""Who may write for a run: only the live worker that holds its lease."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Exists, QuerySet, Sum

from igny8.ai.errors import Halted, Stop
from igny8.automation.models import AutomationConfig, AutomationRun
from igny8.core import clock
from igny8.credits.models import CreditEntry
from igny8.jobs.models import Worker
from igny8.jobs.workers import me

RUNNING = (AutomationRun.Status.RUNNING,)
RESULTS_WELCOME = (AutomationRun.Status.RUNNING, AutomationRun.Status.PAUSED)


def mine(run_id: int, lease: int) -> QuerySet[AutomationRun]:
    """The run, while this worker holds its lease and is not flagged dead."""
    alive = Worker.objects.alive().filter(pk=me())
    return AutomationRun.objects.filter(Exists(alive), pk=run_id, lease=lease)


@contextmanager
def fenced(run: AutomationRun, *, allow: tuple[str, ...] = RUNNING) -> Iterator[AutomationRun]:
    """A transaction on the run as it is now; raises Halted when it may not be written to."""
    with transaction.atomic():
        rows = mine(run.pk, run.lease)
        current = (_locked(rows)).first()
        if current is None or current.status not in allow:
            raise Halted(f"run {run.pk} is no longer this worker's to change")
        current.site = run.site
        yield current


def permit_for(run: AutomationRun) -> Callable[[], None]:
    """What each claim asks first: is the lease mine, am I alive, is it running, is it paid for?"""

    def permit() -> None:
        status = mine(run.pk, run.lease).values_list("status", flat=True).first()
        if status != AutomationRun.Status.RUNNING:
            raise Halted(f"run {run.pk} is {status or 'not this worker’s'}")
        _check_budgets(run)

    return permit


def _locked(rows: QuerySet[AutomationRun]) -> QuerySet[AutomationRun]:
    """On SQLite the transaction itself is the lock."""
    return rows.select_for_update(of=("self",)) if connection.vendor == "postgresql" else rows


def _check_budgets(run: AutomationRun) -> None:
    """Budgets are read live: changing them is how a person gets the run going again."""
    budgets = (
        AutomationConfig.objects.filter(site_id=run.site_id)
        .values_list("budget_run", "budget_day", "budget_month")
        .first()
    )
    if budgets is None or budgets == (None, None, None):
        return
    for code, limit, spent in zip(_BUDGET_CODES, budgets, _spent(run), strict=True):
        if limit is not None and spent > 0 and spent >= limit:
            raise Stop(code, f"{spent:.1f} credits used; the budget is {limit:.1f}.")


_BUDGET_CODES = ("budget_run", "budget_day", "budget_month")


def _spent(run: AutomationRun) -> tuple[Decimal, Decimal, Decimal]:
    """Credits of this run, of its site's day, and of its account's month."""
    today = clock.now().astimezone(run.site.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    entries = CreditEntry.objects.exclude(kind=CreditEntry.Kind.GRANT)
    of_day = entries.filter(site_id=run.site_id, booked_at__gte=today)
    of_month = entries.filter(account=run.site.account_id, booked_at__gte=today.replace(day=1))
    sums = (entries.filter(run_ref=run.ref), of_day, of_month)
    first, second, third = (s.aggregate(sum=Sum("credits"))["sum"] or Decimal(0) for s in sums)
    return first, second, third
