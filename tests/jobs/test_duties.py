"""What a worker does beside its runs: nothing holds up the sweep that takes up lost runs."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from igny8.automation.workflow import DUTIES
from igny8.core.clock import ManualClock
from igny8.jobs import working
from igny8.jobs.workflows import Duty

PATIENCE = 10.0


@pytest.fixture
def at_work(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Starts a worker's threads for these duties; they end with the test."""
    monkeypatch.setattr(working, "NEXT_DUTY_SECONDS", 0.01)
    monkeypatch.setattr(working, "close_old_connections", lambda: None)
    dead, threads = threading.Event(), list[threading.Thread]()

    def start(*duties: Duty) -> None:
        for shared in working._shared_out(duties):
            threads.append(threading.Thread(target=working._keep, args=(shared, dead)))
            threads[-1].start()

    yield start
    dead.set()
    for thread in threads:
        thread.join(PATIENCE)


def test_duties_go_on_when_the_clock_is_put_back(
    at_work: Callable[..., None], clock: ManualClock
) -> None:
    times, again = [], threading.Event()

    def put_the_clock_back() -> None:
        times.append(clock.now())
        clock.time -= timedelta(days=1)
        if len(times) > 1:
            again.set()

    at_work(Duty(name="sweep", every_seconds=0.01, do=put_the_clock_back))

    assert again.wait(PATIENCE)


def test_a_chore_that_takes_long_holds_up_no_other_duty(at_work: Callable[..., None]) -> None:
    over, swept = threading.Event(), threading.Event()

    at_work(
        Duty(name="chore", every_seconds=1, do=lambda: over.wait(PATIENCE), takes_long=True),
        Duty(name="sweep", every_seconds=1, do=swept.set),
    )

    in_time = swept.wait(PATIENCE / 2)
    over.set()
    assert in_time


def test_the_sweep_shares_its_thread_with_quick_duties_only() -> None:
    [quick] = [shared for shared in working._shared_out(DUTIES) if shared[0].name == "reconcile"]

    assert {duty.name for duty in quick} == {"reconcile", "imports", "old imports"}
