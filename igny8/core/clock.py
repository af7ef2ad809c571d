"""The product's only clock: tests put their own in its place."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The time in UTC."""

    def sleep(self, seconds: float) -> None:
        """Returns after `seconds`."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class ManualClock:
    """A clock that moves only when somebody sleeps on it."""

    def __init__(self, start: datetime) -> None:
        self.time = start
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)


_clock: Clock = SystemClock()


def now() -> datetime:
    return _clock.now()


def end_of(start: datetime | None) -> datetime:
    """Now, and never before `start`: clocks are set back sometimes."""
    return max(now(), start) if start else now()


def sleep(seconds: float) -> None:
    _clock.sleep(seconds)


@contextmanager
def clock_set_to(clock: Clock) -> Iterator[None]:
    """Everybody in this process reads `clock` until the block ends."""
    global _clock  # noqa: PLW0603 - one clock a process is the point
    before, _clock = _clock, clock
    try:
        yield
    finally:
        _clock = before
