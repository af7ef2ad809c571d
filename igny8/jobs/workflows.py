"""Long-running work by name; the engine keeps each of it running on some live worker."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec

P = ParamSpec("P")

WORKFLOWS: dict[str, Callable[..., None]] = {}


def workflow(name: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Registers a function whose steps are durable; its body runs again after a crash."""

    def register(function: Callable[P, None]) -> Callable[P, None]:
        WORKFLOWS[name] = function
        return function

    return register


@dataclass(frozen=True, kw_only=True)
class Duty:
    """Something every worker does again and again, beside its workflows.

    Those that may take long share a thread; one that waits for others, or must not wait for those,
    has its own: so they delay none of the others.
    """

    name: str
    every_seconds: float
    do: Callable[[], object]
    takes_long: bool = False
    waits: bool = False
