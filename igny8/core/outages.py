"""When the database is away for a moment, or the disk is full."""

import errno
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    close_old_connections,
)

from igny8.core import clock

T = TypeVar("T")

Trouble = OSError | DatabaseError | InterfaceError

AWAY = (OperationalError, InterfaceError)
PATIENCE = timedelta(minutes=1)
FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FORBIDDEN = (errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)
SQLITE_FULL, POSTGRES_FULL = "database or disk is full", "53100"
STOOD_STILL = "25P03"  # PostgreSQL cut a transaction in which nothing happened for long
READ_ONLY = (
    "25006"  # another server of its kind has taken over, this connection leads to the old one
)
# Its classes: connection exception, operator intervention.
GONE = ("08", "57P", STOOD_STILL, READ_ONLY)
# Serialization failure, deadlock; lock not available.
CONTENDED = ("40", "55P03")
BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")

log = logging.getLogger(__name__)


def outlast(work: Callable[[], T], *, patience: timedelta = PATIENCE) -> T:
    """Does `work` again and again while the database is away; it must be safe to repeat.

    Never inside a transaction. Raises the database's own error when it is away for longer.
    """
    wait, until = FIRST_WAIT, clock.now() + patience
    while True:
        try:
            return work()
        except (DatabaseError, InterfaceError) as error:
            if not _is_away(error) or clock.now() >= until:
                raise
            log.warning("The database is away, trying again: %s", str(error).strip())
        close_old_connections()
        clock.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)


def is_away(error: BaseException | None) -> bool:
    """True when the database answers nobody, or not yet; False when what was asked is wrong.

    SQLite says of a file that is gone, or of one that is being upgraded, that tables are missing.
    """
    if not isinstance(error, AWAY):
        return False
    name = getattr(error.__cause__, "sqlite_errorname", "")
    return name != "SQLITE_ERROR" or "no such table" in str(error)


def connection_is_cut(error: Trouble) -> bool:
    """True when PostgreSQL, or the way to it, went away; the connection may be a new one by now."""
    if not _is_away(error) or not hasattr(error.__cause__, "sqlstate"):
        return False
    state = _sqlstate(error)
    return not state or state.startswith(GONE)


def was_in_the_way(error: Trouble) -> bool:
    """True when another transaction had what this one needed: nothing is wrong with the work."""
    name = getattr(error.__cause__, "sqlite_errorname", "")
    return name.startswith(BUSY) or _sqlstate(error).startswith(CONTENDED)


def _is_away(error: Trouble) -> bool:
    return isinstance(error, AWAY) or _sqlstate(error) in (STOOD_STILL, READ_ONLY)


def storage_trouble(error: Trouble) -> str | None:
    """What a person has to do about a disk that takes nothing more; None for other errors."""
    if isinstance(error, OSError):
        cause = error.strerror if error.errno in (*FULL, *FORBIDDEN) else None
    else:
        is_full = SQLITE_FULL in str(error) or _sqlstate(error) == POSTGRES_FULL
        cause = "the database's disk is full" if is_full else None
    return f"Nothing can be stored: {cause}. Make room on the disk." if cause else None


def _sqlstate(error: BaseException) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""
