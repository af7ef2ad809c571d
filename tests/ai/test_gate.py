"""The line before a connection with limits: the oldest waiting run passes first."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from igny8.ai.ask import Ask
from igny8.ai.connections import ENVIRONMENT
from igny8.ai.errors import NotBefore
from igny8.ai.gate import ABSENT, FORGOTTEN, PACE, forget_the_absent, has_turn, leave_line
from igny8.ai.models import AICall, AIConnection, GatePlace
from igny8.ai.origin import Origin
from igny8.core.clock import ManualClock, clock_set_to
from igny8.jobs.models import Worker
from tests.ai.letters import letters, order_letters
from tests.provider_faults import status
from tests.provider_server import ProviderServer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
Put = Callable[[str], datetime | None]


@pytest.fixture
def time() -> Iterator[ManualClock]:
    manual = ManualClock(NOON)
    with clock_set_to(manual):
        yield manual


@pytest.fixture
def put(origin: Origin, server: ProviderServer, time: ManualClock) -> Put:
    """A run's question: None when it was answered, else when the run may look again."""

    def ask(run_ref: str) -> datetime | None:
        asking = Ask(replace(origin, run_ref=run_ref))
        try:
            asking(order_letters, letters("cab"), key=f"order_letters/{run_ref}/1/0")
        except NotBefore as wait:
            return wait.at
        return None

    return ask


@pytest.fixture
def two_at_once(put: Put) -> tuple[AICall, AICall]:
    """A connection that takes two calls at once, and has them."""
    assert (put("run:8"), put("run:9")) == (None, None)
    AIConnection.objects.filter(name=ENVIRONMENT).update(max_concurrent=2)
    AICall.objects.update(state=AICall.State.SENT)
    first, second = AICall.objects.order_by("pk")
    return first, second


def answered(call: AICall) -> None:
    AICall.objects.filter(pk=call.pk).update(state=AICall.State.ANSWERED)


def limit_a_minute(calls: int) -> None:
    AIConnection.objects.filter(name=ENVIRONMENT).update(requests_per_minute=calls)


def test_whoever_waits_longest_passes_first(put: Put, two_at_once: tuple[AICall, AICall]) -> None:
    assert put("run:1")
    assert put("run:2")
    answered(two_at_once[0])

    assert put("run:3")
    assert put("run:2")
    assert put("run:1") is None


def test_as_many_pass_as_there_is_room_for(put: Put, two_at_once: tuple[AICall, AICall]) -> None:
    for run in ("run:1", "run:2", "run:3"):
        assert put(run)
    for call in two_at_once:
        answered(call)

    assert put("run:3")
    assert put("run:2") is None
    assert put("run:3") is None


def test_looking_again_keeps_the_place(
    put: Put, two_at_once: tuple[AICall, AICall], time: ManualClock
) -> None:
    for _ in range(3):
        assert put("run:1")
        assert put("run:2")
        time.sleep(10)
    answered(two_at_once[0])

    assert put("run:2")
    assert put("run:1") is None


def test_who_got_through_waits_at_the_end_the_next_time(
    put: Put, two_at_once: tuple[AICall, AICall]
) -> None:
    assert put("run:1")
    assert put("run:2")
    answered(two_at_once[0])
    assert put("run:1") is None
    AICall.objects.filter(run_ref="run:1").update(state=AICall.State.SENT, key="another")
    assert put("run:1")
    answered(two_at_once[1])

    assert put("run:1")
    assert put("run:2") is None


def test_a_run_of_a_dead_worker_holds_nobody_up(
    put: Put, two_at_once: tuple[AICall, AICall], time: ManualClock
) -> None:
    assert put("run:1")
    Worker.objects.create(id="gone", host="there", pid=2, dead_at=NOON)
    GatePlace.objects.update(worker="gone")
    answered(two_at_once[0])

    assert put("run:2") is None


def test_a_run_that_does_not_come_back_holds_nobody_up_for_long(
    put: Put, two_at_once: tuple[AICall, AICall], time: ManualClock
) -> None:
    said = put("run:1")
    assert said is not None
    answered(two_at_once[0])
    assert put("run:2")

    time.sleep((said - NOON + ABSENT).total_seconds())

    assert put("run:2") is None


def test_a_run_that_stopped_waiting_holds_nobody_up(
    put: Put, two_at_once: tuple[AICall, AICall]
) -> None:
    assert put("run:1")
    answered(two_at_once[0])
    leave_line("run:1")

    assert put("run:2") is None


def test_a_waiting_run_sees_its_turn_come(put: Put, two_at_once: tuple[AICall, AICall]) -> None:
    first, second = put("run:1"), put("run:2")
    assert first is not None
    assert second is not None
    assert not has_turn("run:1", first)

    answered(two_at_once[0])

    assert has_turn("run:1", first)
    assert not has_turn("run:2", second)
    assert not has_turn("run:1", first + timedelta(seconds=1)), "it waits for something else"


def test_a_limit_that_is_lifted_lets_all_pass(put: Put, two_at_once: tuple[AICall, AICall]) -> None:
    waits = {run: put(run) for run in ("run:1", "run:2")}
    AIConnection.objects.update(max_concurrent=None)

    assert all(until and has_turn(run, until) for run, until in waits.items())


def test_people_are_told_how_many_wait_before(
    ask: Ask, put: Put, two_at_once: tuple[AICall, AICall]
) -> None:
    assert put("run:1")

    with pytest.raises(NotBefore, match="busy with other calls, 1 run waits before this one"):
        ask(order_letters, letters("cab"), key="order_letters/cluster:8/1/0")


def test_after_a_rest_one_comes_after_the_other(
    put: Put, server: ProviderServer, time: ManualClock
) -> None:
    server.fail(status(429, retry_after="30"), times=1)

    waits = [put(f"run:{number}") for number in range(4)]

    assert waits == [NOON + timedelta(seconds=30) + number * PACE for number in range(4)]
    time.sleep(30)
    assert put("run:3") == waits[3]
    assert put("run:0") is None


def test_those_who_asked_together_and_were_refused_do_not_return_together(
    put: Put, server: ProviderServer, time: ManualClock
) -> None:
    server.fail(status(429, retry_after="30"), times=2)
    first = put("run:1")
    AIConnection.objects.update(cooldown_until=None)
    GatePlace.objects.update(look_at=NOON)

    assert first == NOON + timedelta(seconds=30)
    assert put("run:2") == first + PACE


def test_runs_that_wait_for_a_full_minute_get_times_one_after_the_other(
    put: Put, time: ManualClock
) -> None:
    for number in range(3):
        assert put(f"run:{number}") is None
        time.sleep(10)
    limit_a_minute(3)

    waits = [put(f"run:{number}") for number in range(3, 7)]

    assert waits == [NOON + timedelta(seconds=s) for s in (60, 70, 80, 120)]


def test_a_newcomer_leaves_the_minutes_room_to_those_who_wait(put: Put, time: ManualClock) -> None:
    assert put("run:0") is None
    limit_a_minute(1)
    assert put("run:1") == NOON + timedelta(seconds=60)
    time.sleep(61)

    assert put("run:2")
    assert put("run:1") is None


def test_a_rest_that_was_asked_for_before_the_clock_was_put_back_binds_nobody(
    put: Put, server: ProviderServer, time: ManualClock
) -> None:
    server.fail(status(429, retry_after="30"), times=1)
    assert put("run:1") == NOON + timedelta(seconds=30)
    time.time -= timedelta(days=1)

    assert put("run:1") is None


def test_calls_made_before_the_clock_was_put_back_fill_no_minute(
    put: Put, time: ManualClock
) -> None:
    assert put("run:1") is None
    limit_a_minute(1)
    time.time -= timedelta(days=1)

    assert put("run:2") is None
    assert put("run:3") == time.now() + timedelta(seconds=60)


def test_an_answer_to_an_unlimited_connection_takes_no_place(put: Put) -> None:
    assert put("run:1") is None
    assert not GatePlace.objects.exists()


def test_places_of_runs_that_never_came_back_are_forgotten(
    put: Put, two_at_once: tuple[AICall, AICall], time: ManualClock
) -> None:
    assert put("run:1")
    forget_the_absent()
    assert GatePlace.objects.exists()

    time.sleep(FORGOTTEN.total_seconds() + 11)
    forget_the_absent()

    assert not GatePlace.objects.exists()
