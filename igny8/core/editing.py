"""A person's change of rows that runs work on, too."""

from typing import Any, Final

from igny8.core.errors import UserError
from igny8.core.models import WorkedQuerySet

UNPARKED: Final = {"parked_at": None, "parked_code": "", "parked_reason": ""}


class BusyError(UserError):
    """A run is working on the row: it can be read, not changed."""

    def __init__(self, held_by: str) -> None:
        who = held_by.replace(":", " ")
        super().__init__(f"Being written now by {who}; try again in a moment.")


def lock_for_edit(rows: WorkedQuerySet[Any]) -> list[int]:
    """The ids of these rows, which nobody else changes before this transaction ends.

    Raises BusyError when a run holds one of them. On SQLite the transaction itself is the lock.
    """
    found = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", "held_by"))
    for _, held_by in found:
        if held_by is not None:
            raise BusyError(held_by)
    return [pk for pk, _ in found]


def lock_one_for_edit(rows: WorkedQuerySet[Any]) -> None:
    """The same for the one row that somebody is looking at."""
    if not lock_for_edit(rows):
        raise UserError("It was removed meanwhile; load the page again.")
