"""A process at work: registered, beating, doing its duties, taking workflows, then leaving."""

import gc
import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import close_old_connections, connection

from igny8.core.logs import name_process
from igny8.core.outages import AWAY, outlast
from igny8.jobs import engine, workers
from igny8.jobs.lock import FolderLock
from igny8.jobs.workflows import Duty

log = logging.getLogger(__name__)

GRACE_SECONDS = 3.0
LOOK_SECONDS = 0.1
NEXT_DUTY_SECONDS = 0.5
FAREWELL = timedelta(seconds=1)

_stopping = threading.Event()
leaves_work_behind = threading.Event()


def is_stopping() -> bool:
    """True once this worker wants to leave: workflows hand their run over and end."""
    return _stopping.is_set()


@contextmanager
def at_work(duties: Sequence[Duty]) -> Iterator[threading.Event]:
    """This process is a worker while the block runs; the event tells when it was flagged dead.

    On SQLite the lock file says that nobody else works here, so earlier workers are dead at once.
    """
    dead = threading.Event()
    alone = connection.vendor == "sqlite"
    with ExitStack() as stack:
        if alone:
            stack.enter_context(FolderLock(settings.DATA_DIR))
        _stopping.clear()
        name_process(worker=outlast(workers.register))
        if alone:
            outlast(partial(workers.flag_dead, all_others=True))
        engine.launch()
        gc.freeze()  # what the engine loaded stays; looking through it would hold up pages
        threads = [
            threading.Thread(
                target=workers.beat_for_ever,
                args=(_stopping, dead.set),
                daemon=True,
                name="heartbeat",
            ),
            *(
                threading.Thread(target=_keep, args=(some, dead), daemon=True, name="duties")
                for some in _shared_out(duties)
            ),
        ]
        for thread in threads:
            thread.start()
        try:
            yield dead
        finally:
            _stop(threads)


def _stop(threads: Sequence[threading.Thread]) -> None:
    """Runs in flight settle or are handed over; then the worker is gone.

    An answer that takes longer is not waited for: another worker goes on from before its item.
    """
    _stopping.set()
    until = time.monotonic() + GRACE_SECONDS
    while engine.is_busy() and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
    with suppress(*AWAY):  # then its heartbeat grows stale
        outlast(workers.resign, patience=FAREWELL)
    if engine.is_busy():
        leaves_work_behind.set()
    else:
        engine.shut_down()
    for thread in threads:
        thread.join(timeout=max(LOOK_SECONDS, until - time.monotonic()))


def _shared_out(duties: Sequence[Duty]) -> Iterator[Sequence[Duty]]:
    """What each thread does."""
    yield [duty for duty in duties if not (duty.takes_long or duty.waits)]
    if long := [duty for duty in duties if duty.takes_long]:
        yield long
    yield from ([duty] for duty in duties if duty.waits)


def _keep(duties: Sequence[Duty], dead: threading.Event) -> None:
    """Does each duty when it is due; one that fails is logged and done again next time.

    By a clock that nobody sets: a machine's time may be put back by a day.
    """
    due = {duty.name: time.monotonic() for duty in duties}
    while not _stopping.wait(NEXT_DUTY_SECONDS) and not dead.is_set():
        for duty in duties:
            if time.monotonic() >= due[duty.name]:
                _do(duty)
                due[duty.name] = time.monotonic() + duty.every_seconds


def _do(duty: Duty) -> None:
    try:
        duty.do()
    except AWAY as error:
        log.warning("%s waits for the database: %s", duty.name, str(error).strip())
    except Exception as error:
        if _stopping.is_set():  # the engine went away under it
            log.debug("%s was not finished: %s", duty.name, error)
        else:
            log.exception("%s failed and will be tried again", duty.name)
    finally:
        close_old_connections()
