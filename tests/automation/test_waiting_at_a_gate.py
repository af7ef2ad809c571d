"""A run that waits at its connection's gate, and what people see of it."""

from datetime import timedelta

import pytest

from igny8.ai.models import AICall, AIConnection, GatePlace
from igny8.automation.models import AutomationRun
from igny8.automation.runner import advance
from igny8.automation.runs import cancel_run, pause_run, start_run
from igny8.core.clock import ManualClock
from tests.automation.world import (
    Watched,
    fresh,
    lease_of,
    lines,
    site_with,
    task_of,
    until_it_rests,
    until_stage,
)
from tests.provider_faults import status
from tests.provider_server import ProviderServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("worker", "clock")]

BUSY = "Sample is busy with other calls; going on when it is this run's turn"


@pytest.fixture
def waiting(provider: Watched) -> AutomationRun:
    """A run that was refused: its connection takes one call at once, and has it."""
    site = site_with()
    task_of(site)
    run = start_run(site, first_stage=4, stop_after=4)
    provider.during("write_introduction", keep_the_connection_busy)
    lease = until_stage(run, 4)
    advance(run.pk, lease)
    return fresh(run)


def keep_the_connection_busy() -> None:
    """Somebody else's call is in flight, long enough."""
    connection = AIConnection.objects.get()
    AIConnection.objects.update(max_concurrent=1)
    theirs = AICall(key="f/task:0/0/a", attempt=1, connection=connection, run_ref="run:0")
    theirs.deadline_at = theirs.sent_at + timedelta(hours=1)
    theirs.save()


def their_call_ends() -> None:
    AICall.objects.filter(run_ref="run:0").update(state=AICall.State.USED)


def test_a_refused_run_waits_and_says_for_what(waiting: AutomationRun) -> None:
    assert waiting.waiting_for == "Sample is busy with other calls"
    assert waiting.wake_at is not None
    assert lines(waiting)[-1] == BUSY


def test_it_goes_on_when_its_turn_comes_not_when_it_wanted_to_look_again(
    waiting: AutomationRun, clock: ManualClock, provider: Watched
) -> None:
    wake_at, before = waiting.wake_at, provider.count()
    their_call_ends()

    advance(waiting.pk, waiting.lease)

    assert provider.count() > before
    assert wake_at is not None
    assert clock.now() < wake_at
    assert fresh(waiting).waiting_for == ""
    assert not GatePlace.objects.exists()


def test_many_refusals_of_one_article_are_one_line(
    waiting: AutomationRun, clock: ManualClock
) -> None:
    for _ in range(10):
        advance(waiting.pk, waiting.lease)
    their_call_ends()

    until_it_rests(waiting)

    assert waiting.status == "completed"
    assert lines(waiting).count(BUSY) == 1
    assert len([line for line in lines(waiting) if line.startswith("Processing batch")]) == 1


def test_a_clock_that_is_put_back_does_not_prolong_the_nap(
    waiting: AutomationRun, clock: ManualClock
) -> None:
    """The runner looks at the whole run again after five seconds at most."""
    sleep = clock.sleep

    def put_back_once(seconds: float) -> None:
        sleep(seconds)
        if len(clock.slept) == before + 1:
            clock.time -= timedelta(days=1)

    before = len(clock.slept)
    clock.sleep = put_back_once  # type: ignore[method-assign]

    advance(waiting.pk, waiting.lease)

    assert sum(clock.slept[before:]) <= 5


@pytest.mark.parametrize("turn", [pause_run, cancel_run])
def test_a_run_that_a_person_stops_holds_nobody_up(turn: object, waiting: AutomationRun) -> None:
    assert GatePlace.objects.filter(run_ref=waiting.ref).exists()

    turn(waiting)  # type: ignore[operator]

    assert not GatePlace.objects.exists()


def test_a_server_that_explains_its_trouble_at_length_is_waited_for(
    server: ProviderServer,
) -> None:
    site = site_with()
    task_of(site)
    run = start_run(site, first_stage=4, stop_after=4)
    server.fail(status(503, message="Overwhelmed. " * 30), times=2)

    lease = lease_of(run)
    for _ in range(4):
        advance(run.pk, lease)

    assert "did not answer" in fresh(run).waiting_for
    assert len(run.waiting_for) <= 120
