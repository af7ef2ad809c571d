"""Named places where a test ends this process or disturbs it; to everybody else one comparison."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction

_armed: Callable[[str], None] | None = None


def arm(reached: Callable[[str], None] | None) -> None:
    """From now on `reached` is told every place this process comes to; None stops that."""
    global _armed  # noqa: PLW0603 - one a process, like the fault it stands for
    _armed = reached


def crashpoint(name: str) -> None:
    if _armed is not None:
        _armed(name)


@contextmanager
def committing(name: str) -> Iterator[None]:
    """One transaction, with a place just before its commit and one just after it."""
    with transaction.atomic():
        yield
        crashpoint(f"{name} written")
    crashpoint(f"{name} committed")
