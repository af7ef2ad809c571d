"""What the pages of an import have in common."""

from dataclasses import dataclass

from igny8.core import clock
from igny8.jobs.models import Worker
from igny8.jobs.workers import STALE_AFTER

EARLIER = 10
STEPS = {"file": "File", "columns": "Columns", "check": "Check", "done": "Done"}


@dataclass(frozen=True)
class Step:
    number: int
    title: str
    is_done: bool
    is_current: bool


def steps(current: str) -> list[Step]:
    """The way of an import, at this step."""
    at = list(STEPS).index(current)
    return [
        Step(number + 1, title, is_done=number < at, is_current=number == at)
        for number, title in enumerate(STEPS.values())
    ]


def worker_is_away() -> bool:
    """Nobody works at the moment: what waits for a worker waits for one to be started."""
    fresh = clock.now() - STALE_AFTER
    return not Worker.objects.alive().filter(seen_at__gte=fresh).exists()
