"""This process as a worker: its id, its heartbeat, and the end of workers that stopped beating."""

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.db.models.functions import Now

from igny8.core import clock
from igny8.core.crashpoints import crashpoint
from igny8.jobs.models import Worker

BEAT_SECONDS = 5.0
STALE_AFTER = timedelta(seconds=30)

# After an outage the others get so long to beat again before anybody calls them dead.
GRACE_AFTER_OUTAGE = 2 * BEAT_SECONDS

_me = ""
_lost_touch_at: float | None = None


def me() -> str:
    """The id of this process's worker; empty before it registered."""
    return _me


def register() -> str:
    """A new worker, alive from now on."""
    global _me  # noqa: PLW0603 - one worker a process
    host = socket.gethostname()[:100]
    _me = f"{host[:40]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    Worker.objects.create(pk=_me, host=host, pid=os.getpid())
    crashpoint("worker registered")
    return _me


def resign() -> None:
    """This worker stops by itself: nobody has to wait for its heartbeat to grow stale."""
    Worker.objects.alive().filter(pk=_me).update(dead_at=clock.now())
    crashpoint("worker resigned")


def beat() -> bool:
    """False when somebody flagged this worker dead: it must exit."""
    seen = Now() if connection.vendor == "postgresql" else clock.now()
    return bool(Worker.objects.alive().filter(pk=_me).update(seen_at=seen))


def flag_dead(*, all_others: bool = False) -> int:
    """Workers without a fresh heartbeat, or all but this one, are dead; returns how many."""
    others = Worker.objects.alive().exclude(pk=_me)
    if not all_others:
        if _lost_touch_at and time.monotonic() - _lost_touch_at < GRACE_AFTER_OUTAGE:
            return 0
        now = Now() if connection.vendor == "postgresql" else clock.now()
        others = others.filter(seen_at__lt=now - STALE_AFTER)
    flagged = others.update(dead_at=clock.now())
    crashpoint("workers flagged dead")
    return flagged


def beat_for_ever(stopped: threading.Event, on_death: Callable[[], None]) -> None:
    """The body of a thread that does nothing else."""
    global _lost_touch_at  # noqa: PLW0603 - of this process, too
    while not stopped.wait(BEAT_SECONDS):
        try:
            if not beat():
                on_death()
                return
        except (DatabaseError, InterfaceError):  # also of a server that takes no writes just now
            _lost_touch_at = time.monotonic()  # the next beat tries again
        finally:
            close_old_connections()
