"""Commands that need a worker: a live one elsewhere, or this process until it is done."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from igny8.automation.models import AutomationRun
from igny8.automation.notify.delivering import deliver_due
from igny8.automation.workflow import DUTIES
from igny8.cli.following import follow
from igny8.jobs.lock import FolderInUseError
from igny8.jobs.models import Worker


def carry(run: AutomationRun) -> AutomationRun:
    """Follows the run on a live worker; with none, this process is the worker until its end."""
    try:
        return _carry_here(run)
    except FolderInUseError:
        return follow(run.pk)


def _carry_here(run: AutomationRun) -> AutomationRun:
    from django.db import connection

    if connection.vendor == "postgresql" and Worker.objects.alive().exists():
        return follow(run.pk)
    from igny8.jobs.working import at_work

    with stop_signal() as stopped, at_work(DUTIES) as dead:
        run = follow(run.pk, given_up=lambda: stopped.is_set() or dead.is_set())
        if not stopped.is_set():
            deliver_due()  # there may be no other worker for days
        return run


@contextmanager
def stop_signal() -> Iterator[threading.Event]:
    """Set when a person or the system asks this process to stop."""
    stopped = threading.Event()
    before = {
        sign: signal.signal(sign, lambda *_: stopped.set())
        for sign in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stopped
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
