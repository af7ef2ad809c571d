"""Who may write for a run: only the live worker that holds its lease."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from igny8.ai.errors import Halted
from igny8.automation.models import AutomationRun
from igny8.core.crashpoints import committing
from igny8.core.rows import as_moment, fetch_rows, select_rows
from igny8.jobs.workers import me
from igny8.sites.models import Site

RUNNING = (AutomationRun.Status.RUNNING,)
RESULTS_WELCOME = (AutomationRun.Status.RUNNING, AutomationRun.Status.PAUSED)


def fetch_run(run_id: int, lease: int) -> AutomationRun | None:
    """The run, while this worker holds its lease and is not flagged dead."""
    if not _live_columns(run_id, lease):
        return None
    for run in fetch_rows(AutomationRun, "id = %s AND lease = %s", [run_id, lease]):
        [run.site] = fetch_rows(Site, "id = %s", [run.site_id])
        return run
    return None


def is_mine(run: AutomationRun) -> bool:
    """False as soon as anybody changed anything about the run."""
    found = _live_columns(run.pk, run.lease)
    return found is not None and found["version"] == run.version


@contextmanager
def fenced(
    run: AutomationRun, commit: str, *, allow: tuple[str, ...] = RUNNING
) -> Iterator[AutomationRun]:
    """A transaction on the run as it is now; raises Halted when it may not be written to.

    Only people change a run behind its worker's back, and only what `LIVE_COLUMNS` lists.
    `commit` is what crash tests call it.
    """
    with committing(commit):
        found = _live_columns(run.pk, run.lease, lock=True)
        if found is None or found["status"] not in allow:
            raise Halted(f"run {run.pk} is no longer this worker's to change")
        for name, value in found.items():
            setattr(run, name, value)
        yield run


def permit_for(run: AutomationRun) -> Callable[[], None]:
    """What each claim asks first: is the lease mine, am I alive, is it running?

    The answer holds until the claim commits: whoever pauses, cancels or adopts the run waits.
    """

    def permit() -> None:
        found = _live_columns(run.pk, run.lease, lock=True)
        status = found["status"] if found else "not this worker’s"
        if status != AutomationRun.Status.RUNNING:
            raise Halted(f"run {run.pk} is {status}")

    return permit


LIVE_COLUMNS = ("status", "version", "reason_code", "reason", "wake_at", "waiting_for", "crashes")
_LIVE = """
SELECT run.status, run.version, run.reason_code, run.reason, run.wake_at, run.waiting_for,
       run.crashes
FROM igny8_automation_runs run
WHERE run.id = %s AND run.lease = %s
  AND EXISTS (SELECT 1 FROM igny8_workers WHERE id = %s AND dead_at IS NULL)
"""


def _live_columns(run_id: int, lease: int, *, lock: bool = False) -> dict[str, Any] | None:
    """What others may have changed; on SQLite the transaction itself is the lock."""
    locking = " FOR UPDATE OF run" if lock and connection.vendor == "postgresql" else ""
    rows = select_rows(_LIVE + locking, [run_id, lease, me()])
    if not rows:
        return None
    found = dict(zip(LIVE_COLUMNS, rows[0], strict=True))
    found["wake_at"] = as_moment(found["wake_at"])
    return found
