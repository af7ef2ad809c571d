from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import QuerySet

from igny8.ai.ask import Ask
from igny8.ai.booking import PAID_FOR, book_answer, give_up_lost_calls, use_calls
from igny8.ai.calls import forgive_calls
from igny8.ai.connections import ENVIRONMENT, OWN_TEXT_DEADLINE
from igny8.ai.costs import NOTHING
from igny8.ai.errors import Bad, Halted, NotBefore, Stop
from igny8.ai.models import AICall, AIConnection
from igny8.ai.origin import Origin
from igny8.ai.providers import Reply
from igny8.core.clock import ManualClock, clock_set_to
from igny8.credits.models import CreditEntry
from tests.ai.letters import Order, letters, order_letters
from tests.provider_faults import Exchange, says, status
from tests.provider_server import ProviderServer

pytestmark = pytest.mark.django_db

KEY = "order_letters/cluster:7/1/0"
RIGHT = ["k2", "k3", "k1"]
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
State = AICall.State


def halted() -> None:
    raise Halted("the run was paused")


def put(ask: Ask, text: str = "cab", key: str = KEY) -> Order:
    return ask(order_letters, letters(text), key=key)


def calls() -> QuerySet[AICall]:
    return AICall.objects.order_by("key", "attempt")


def states() -> list[str]:
    return list(calls().values_list("state", flat=True))


def sent_by(worker: str, ask: Ask, *, key: str = KEY) -> AICall:
    """A call that was sent and never answered, as a worker leaves it that is killed."""
    put(ask, key=key)
    call = calls().filter(key=key).latest("attempt")
    AICall.objects.filter(pk=call.pk).update(state=State.SENT, worker=worker, raw=None)
    return AICall.objects.get(pk=call.pk)


def lose(ask: Ask, *, attempt: int) -> None:
    """One more request of this question by a worker that is dead by now."""
    route = AIConnection.objects.get(name=ENVIRONMENT)
    template = calls().first()
    AICall.objects.create(
        key=KEY,
        attempt=attempt,
        function=order_letters.name,
        request_hash=template.request_hash if template else "",
        connection=route,
        worker="gone",
        object_ref="cluster:7",
        site_id=ask.origin.site_id,
        deadline_at=NOON + timedelta(days=9999),
    )


def test_an_answer_is_kept_booked_and_remembered(ask: Ask) -> None:
    assert put(ask).ids == RIGHT

    call = calls().get()
    assert (call.state, call.attempt, call.object_ref) == (State.ANSWERED, 1, "cluster:7")
    assert (call.input_tokens, call.output_tokens) == (120, 80)
    assert CreditEntry.objects.get().kind == CreditEntry.Kind.CHARGE
    assert ask.used == [call.pk]
    assert ask.generated_by == "openai_compatible:test-model"


def test_a_stored_answer_is_given_again_without_a_request(ask: Ask, server: ProviderServer) -> None:
    put(ask)

    assert put(Ask(ask.origin)).ids == RIGHT
    assert server.count() == 1
    assert CreditEntry.objects.count() == 1


def test_another_question_under_the_same_key_makes_the_stored_answer_way(
    ask: Ask, server: ProviderServer
) -> None:
    put(ask, "cab")

    assert put(ask, "ba").ids == ["k2", "k1"]
    assert states() == [State.REJECTED, State.ANSWERED]
    assert server.count() == 2


def test_a_used_answer_is_asked_for_anew(ask: Ask, server: ProviderServer) -> None:
    put(ask)
    use_calls(ask.used)
    put(ask)

    assert states() == [State.USED, State.ANSWERED]
    assert calls()[0].raw is None
    assert server.count() == 2


def test_a_bad_answer_is_asked_again_with_the_complaint(ask: Ask, server: ProviderServer) -> None:
    server.fail("invented_ids", times=1)

    assert put(ask).ids == RIGHT
    assert states() == [State.REJECTED, State.ANSWERED]
    assert "name every id once" not in server.asked[0].prompt
    assert "name every id once" in server.asked[1].prompt
    assert ask.retries == 1


@pytest.mark.parametrize("fault", ["invented_ids", "wrong_schema", "not_json", "html"])
def test_an_answer_that_stays_bad_is_given_up_after_three_requests(
    ask: Ask, server: ProviderServer, fault: str
) -> None:
    server.fail(fault)

    with pytest.raises(Bad, match="No usable answer in 3 tries") as caught:
        put(ask)

    assert caught.value.code == "bad_answer"
    assert states() == [State.REJECTED] * 3
    assert server.count() == 3


def test_a_cut_answer_is_asked_for_once_more_with_more_tokens(
    ask: Ask, server: ProviderServer
) -> None:
    server.fail("cut")

    with pytest.raises(Bad, match="2 tries: The answer was cut off"):
        put(ask)

    assert [one.body.get("max_tokens") for one in server.asked] == [None, 4096]
    assert states() == [State.REJECTED] * 2


def test_a_given_up_question_is_not_asked_again_until_forgiven(
    ask: Ask, server: ProviderServer
) -> None:
    server.fail("not_json")
    with pytest.raises(Bad):
        put(ask)
    server.recover()
    with pytest.raises(Bad):
        put(ask)
    assert server.count() == 3

    forgive_calls(["cluster:7"], ask.origin.site_id)

    assert put(ask).ids == RIGHT


def test_a_bad_answer_left_by_a_crash_is_rejected_when_it_is_found(
    ask: Ask, server: ProviderServer
) -> None:
    put(ask)
    calls().update(raw=b'{"ids": []}')

    assert put(ask).ids == RIGHT
    assert states() == [State.REJECTED, State.ANSWERED]
    assert server.count() == 2


def test_a_rate_limit_cools_the_connection_for_everybody(ask: Ask, server: ProviderServer) -> None:
    server.fail(status(429, retry_after="90"), times=1)
    with clock_set_to(ManualClock(NOON)) as _, pytest.raises(NotBefore) as caught:
        put(ask)
    assert caught.value.at == NOON + timedelta(seconds=90)

    with clock_set_to(ManualClock(NOON + timedelta(seconds=89))), pytest.raises(NotBefore):
        put(Ask(ask.origin), key="order_letters/cluster:8/1/0")
    assert server.count() == 1

    with clock_set_to(ManualClock(NOON + timedelta(seconds=91))):
        assert put(ask).ids == RIGHT


@pytest.mark.parametrize(("retry_after", "seconds"), [("", 20), ("86400", 900)])
def test_the_wait_is_twenty_seconds_when_unsaid_and_fifteen_minutes_at_most(
    ask: Ask, server: ProviderServer, retry_after: str, seconds: int
) -> None:
    server.fail(status(429, retry_after=retry_after))

    with clock_set_to(ManualClock(NOON)), pytest.raises(NotBefore) as caught:
        put(ask)

    assert caught.value.at == NOON + timedelta(seconds=seconds)


def test_a_wait_of_next_to_nothing_is_a_second(ask: Ask, server: ProviderServer) -> None:
    def fault(exchange: Exchange) -> None:
        exchange.send(b"{}", status=429, headers={"retry-after-ms": "1"})

    server.fail(fault)

    with clock_set_to(ManualClock(NOON)), pytest.raises(NotBefore) as caught:
        put(ask)

    assert caught.value.at == NOON + timedelta(seconds=1)


def test_rate_limits_do_not_count_as_failures(ask: Ask, server: ProviderServer) -> None:
    time = ManualClock(NOON)
    server.fail(status(429, retry_after="5"), times=5)
    server.fail("reset", when=lambda asked: asked.number == 6)
    with clock_set_to(time):
        for _ in range(5):
            with pytest.raises(NotBefore):
                put(ask)
            time.sleep(6)

        assert put(ask).ids == RIGHT


@pytest.mark.parametrize(
    ("code", "error_code", "stop"),
    [(401, "", "credentials"), (404, "", "credentials"), (429, "insufficient_quota", "quota")],
)
def test_a_refused_key_stops_the_run_and_marks_the_connection(
    ask: Ask, server: ProviderServer, code: int, error_code: str, stop: str
) -> None:
    server.fail(status(code, error_code=error_code))

    with pytest.raises(Stop) as caught:
        put(ask)

    assert caught.value.code == stop
    assert AIConnection.objects.get(name=ENVIRONMENT).attention in caught.value.reason
    assert server.count() == 1


def test_an_answer_takes_the_mark_off_the_connection(ask: Ask, server: ProviderServer) -> None:
    server.fail(status(401), times=1)
    with pytest.raises(Stop):
        put(ask)

    put(Ask(ask.origin))

    assert AIConnection.objects.get(name=ENVIRONMENT).attention == ""


def test_a_declined_question_parks_its_rows(ask: Ask, server: ProviderServer) -> None:
    server.fail("refusal")

    with pytest.raises(Bad, match="can't help with that") as caught:
        put(ask)

    assert caught.value.code == "declined"
    assert server.count() == 1


def test_a_declined_question_is_never_sent_again(ask: Ask, server: ProviderServer) -> None:
    server.fail("refusal")

    for _ in range(2):
        with pytest.raises(Bad):
            put(ask)

    assert server.count() == 1


def test_one_reset_is_tried_again_at_once(ask: Ask, server: ProviderServer) -> None:
    server.fail("reset", times=1)

    assert put(ask).ids == RIGHT
    assert states() == [State.FAILED, State.ANSWERED]


def test_a_provider_that_stays_down_is_asked_ever_less_often_then_stops_the_run(
    ask: Ask, server: ProviderServer
) -> None:
    time = ManualClock(NOON)
    server.fail(status(503))
    waits = []
    with clock_set_to(time):
        for _ in range(3):
            with pytest.raises(NotBefore) as caught:
                put(ask)
            waits.append((caught.value.at - time.now()).total_seconds())
            time.sleep(waits[-1])
        with pytest.raises(Stop) as stopped:
            put(ask)

    assert all(
        base <= wait <= 1.25 * base for base, wait in zip([30, 120, 480], waits, strict=True)
    )
    assert stopped.value.code == "provider_down"
    assert server.count() == 5


def test_a_failing_server_that_names_a_time_is_not_asked_before(
    ask: Ask, server: ProviderServer
) -> None:
    server.fail(status(503, retry_after="7"), times=1)

    with clock_set_to(ManualClock(NOON)), pytest.raises(NotBefore) as caught:
        put(ask)

    assert caught.value.at == NOON + timedelta(seconds=7)


def test_a_declined_question_counts_the_tokens_it_cost(ask: Ask, server: ProviderServer) -> None:
    server.fail("refusal")

    with pytest.raises(Bad):
        put(ask)

    assert (calls().get().input_tokens, calls().get().output_tokens) == (120, 80)


def test_after_a_stop_the_provider_is_given_all_its_chances_again(
    ask: Ask, server: ProviderServer
) -> None:
    time = ManualClock(NOON)
    server.fail(status(503), times=6)
    with clock_set_to(time):
        for expected in (NotBefore, NotBefore, NotBefore, Stop):
            with pytest.raises(expected):
                put(ask)
            time.sleep(600)

        assert put(ask).ids == RIGHT


def test_a_question_in_flight_elsewhere_is_looked_at_again_later(
    ask: Ask, server: ProviderServer
) -> None:
    sent_by("worker-1", ask)

    with pytest.raises(NotBefore, match="answered elsewhere"):
        put(ask)

    assert server.count() == 1


def test_the_lost_call_of_a_dead_worker_is_asked_once_more(
    ask: Ask, server: ProviderServer
) -> None:
    sent_by("gone", ask)

    assert put(ask).ids == RIGHT
    assert states() == [State.UNKNOWN, State.ANSWERED]


def test_two_lost_calls_are_not_followed_by_a_third_until_forgiven(
    ask: Ask, server: ProviderServer
) -> None:
    sent_by("gone", ask)
    give_up_lost_calls()
    lose(ask, attempt=2)

    with pytest.raises(Bad) as caught:
        put(ask)
    assert caught.value.code == "lost_answer"
    assert server.count() == 1

    forgive_calls(["cluster:7"], ask.origin.site_id)
    assert put(ask).ids == RIGHT


def test_the_call_of_a_live_worker_is_given_up_when_nobody_can_be_about_to_book_it(
    ask: Ask,
) -> None:
    """An answer waits up to an hour for a database that is away."""
    call = sent_by("worker-1", ask)

    with clock_set_to(ManualClock(call.deadline_at + PAID_FOR)):
        assert give_up_lost_calls() == 0
    with clock_set_to(ManualClock(call.deadline_at + PAID_FOR + timedelta(seconds=1))):
        assert give_up_lost_calls() == 1
    assert states() == [State.UNKNOWN]


def test_an_answer_of_the_last_moment_is_not_asked_for_again_while_it_is_booked(ask: Ask) -> None:
    call = sent_by("worker-1", ask)
    over = call.sent_at + timedelta(seconds=OWN_TEXT_DEADLINE)

    with clock_set_to(ManualClock(over + timedelta(seconds=2))), pytest.raises(NotBefore):
        put(ask)
    with clock_set_to(ManualClock(over + timedelta(seconds=20))):
        assert put(ask).ids == RIGHT


def test_an_answer_whose_commit_got_lost_on_the_way_back_is_booked_once(
    ask: Ask, origin: Origin
) -> None:
    ask(order_letters, letters(), key=KEY)
    call = AICall.objects.get()

    book_answer(call.pk, Reply(raw=b"{}", model="m"), origin, NOTHING)

    call.refresh_from_db()
    assert call.state == State.ANSWERED
    assert CreditEntry.objects.count() == 1


def test_a_late_answer_is_booked_as_waste_and_never_used(
    ask: Ask, server: ProviderServer, origin: Origin
) -> None:
    sent_by("gone", ask)
    lost = calls().get()
    give_up_lost_calls()

    with pytest.raises(Halted):
        book_answer(lost.pk, Reply(raw=b'{"ids": ["k1"]}', model="m"), origin, NOTHING)

    assert states() == [State.LATE]
    assert CreditEntry.objects.filter(call_id=lost.pk, kind=CreditEntry.Kind.WASTE).count() == 1
    assert put(ask).ids == RIGHT
    assert server.count() == 2


def test_a_paused_run_sends_nothing(origin: Origin, server: ProviderServer) -> None:
    paused = Origin(**{**vars(origin), "permit": halted})

    with pytest.raises(Halted):
        put(Ask(paused))

    assert (server.count(), calls().count()) == (0, 0)


def test_a_connection_takes_no_more_calls_at_once_than_it_allows(
    ask: Ask, server: ProviderServer
) -> None:
    sent_by("worker-1", ask)
    AIConnection.objects.filter(name=ENVIRONMENT).update(max_concurrent=1)

    with pytest.raises(NotBefore, match="busy"):
        put(ask, key="order_letters/cluster:8/1/0")
    assert server.count() == 1

    calls().update(state=State.ANSWERED)
    assert put(ask, key="order_letters/cluster:8/1/0").ids == RIGHT


def test_a_connection_takes_so_many_calls_a_minute(ask: Ask, server: ProviderServer) -> None:
    time = ManualClock(NOON)
    with clock_set_to(time):
        put(ask, key="order_letters/cluster:1/1/0")
        AIConnection.objects.filter(name=ENVIRONMENT).update(requests_per_minute=2)
        time.sleep(10)
        put(ask, key="order_letters/cluster:2/1/0")

        with pytest.raises(NotBefore) as caught:
            put(ask, key="order_letters/cluster:3/1/0")
        assert caught.value.at == NOON + timedelta(seconds=60)

        time.sleep(51)
        put(ask, key="order_letters/cluster:3/1/0")
    assert server.count() == 3


def test_a_stored_answer_passes_a_closed_gate(ask: Ask, server: ProviderServer) -> None:
    put(ask)
    AIConnection.objects.update(cooldown_until=NOON + timedelta(days=9999))

    assert put(Ask(ask.origin)).ids == RIGHT


def test_without_a_provider_the_sample_answers(
    ask: Ask, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IGNY8_TEXT_MODEL")
    server.fail(says("never read"))

    assert put(ask).ids == RIGHT
    assert ask.generated_by == "sample:sample"
    assert server.count() == 0
