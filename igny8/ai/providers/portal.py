"""One event loop for the requests of all threads: clients shared by several loops break."""

import atexit
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal

_starting = Lock()
_running: list["BlockingPortal"] = []


def shared_portal() -> "BlockingPortal":
    """The portal of this process, started when it is first needed."""
    with _starting:
        if not _running:
            _running.append(_start())
    return _running[0]


def _start() -> "BlockingPortal":
    from anyio.from_thread import start_blocking_portal

    portal = start_blocking_portal(name="igny8-ai")
    started = portal.__enter__()
    # An exception tells the portal to cancel what is still in flight instead of waiting for it.
    atexit.register(portal.__exit__, SystemExit, SystemExit(), None)
    return started
