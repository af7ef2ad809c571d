"""A person's change of rows that runs work on, too."""

from typing import Any, Final

from django.db import OperationalError

from igny8.core.errors import UserError
from igny8.core.models import WorkedQuerySet

UNPARKED: Final = {"parked_at": None, "parked_code": "", "parked_reason": ""}


LOCK_NOT_AVAILABLE = "55P03"


class BusyError(UserError):
    """Somebody is working on the row: it can be read, not changed."""


def lock_for_edit(rows: WorkedQuerySet[Any]) -> list[int]:
    """The ids of these rows, which nobody else changes before this transaction ends.

    Raises BusyError when a run holds one of them. Never waits: two who wait for each other's
    rows would be a deadlock. On SQLite the transaction itself is the lock.
    """
    locked = rows.select_for_update(of=("self",), nowait=True).order_by("pk")
    try:
        found = list(locked.values_list("pk", "held_by"))
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE:
            raise
        raise BusyError("Being changed at this very moment; try again.") from error
    for _, held_by in found:
        if held_by is not None:
            who = held_by.replace(":", " ")
            raise BusyError(f"Being written now by {who}; try again in a moment.")
    return [pk for pk, _ in found]


def lock_one_for_edit(rows: WorkedQuerySet[Any]) -> None:
    """The same for the one row that somebody is looking at."""
    if not lock_for_edit(rows):
        raise UserError("It was removed meanwhile; load the page again.")
