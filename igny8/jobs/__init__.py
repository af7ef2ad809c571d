"""What runs work in the background; knows no domain, and alone imports the job engine.

`workflow` registers long work, `step` runs one durable piece of it, `hand_over` gives it to a
live worker. The engine is heavy, so it is imported only where work is done or handed over.
"""

import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from igny8.core.crashpoints import crashpoint
from igny8.jobs.workflows import Duty, workflow

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


def hand_over(
    name: str, *, workflow_id: str, arguments: tuple[int, ...], delay: float = 0.0
) -> None:
    """Gives work to a live worker; with none alive it waits for the next one's first look."""
    from igny8.jobs.models import Worker

    if not Worker.objects.alive().exists():
        return
    from igny8.jobs import engine

    crashpoint("before hand-over")
    try:
        engine.enqueue(name, workflow_id, arguments, delay)
    except Exception:
        log.warning("%s could not be handed over yet", workflow_id, exc_info=True)
    crashpoint("handed over")


def step(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """One durable piece of a workflow."""
    from igny8.jobs import engine

    return engine.step(function, *args, **kwargs)


__all__ = ["Duty", "hand_over", "step", "workflow"]
