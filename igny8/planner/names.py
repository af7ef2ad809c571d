"""Names that people give to clusters."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError

from igny8.core.errors import UserError
from igny8.planner.plain import plain

LONGEST_NAME = 120


def checked_name(name: str) -> str:
    """One line; raises UserError when it is too short or too long."""
    name = plain(name)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise UserError(f"A cluster needs a name of 1 to {LONGEST_NAME} characters.")
    return name


@contextmanager
def name_taken(name: str) -> Iterator[None]:
    """The database says so; this says it to a person."""
    try:
        yield
    except IntegrityError as error:
        raise UserError(
            f"Another cluster of this site is called “{name}” already; choose another name."
        ) from error
