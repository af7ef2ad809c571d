"""What calls set aside, what is booked for them, and that none is paid for twice or forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Event

import pytest
from django.db import connections

from igny8.accounts.models import Account
from igny8.ai.ask import Ask
from igny8.ai.booking import book_answer, give_up_lost_calls
from igny8.ai.costs import Cost
from igny8.ai.errors import Bad, Halted, NotBefore, Stop
from igny8.ai.models import AICall, AIConnection
from igny8.ai.origin import Expected, Origin
from igny8.ai.providers import Reply
from igny8.core.rows import select_rows
from igny8.credits.ledger import grant, is_balanced
from igny8.credits.models import CreditAccount, CreditEntry, CreditReservation, PriceOverride
from igny8.jobs.models import Worker
from tests.ai.letters import draw_letters, letters, order_letters
from tests.provider_server import ProviderServer

KEY = "order_letters/cluster:7/0/a"
# 120 tokens in and 80 out, at 100 and 500 dollars a million: 5.2 cents.
A_CALL, NONE = Decimal("5.2"), Decimal(0)
State = AICall.State
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def price(account: Account) -> PriceOverride:
    return PriceOverride.objects.create(
        account=account, model="test-model", input_rate=100_000_000, output_rate=500_000_000
    )


def put(ask: Ask, key: str = KEY) -> None:
    ask(order_letters, letters(), key=key)


def standing(account: Account) -> tuple[Decimal, Decimal]:
    """Balance and reserve, in credits."""
    row = CreditAccount.objects.get(account=account)
    return Decimal(row.balance) / 10_000, Decimal(row.reserved) / 10_000


def lines() -> list[tuple[str, Decimal, int | None]]:
    return list(CreditEntry.objects.order_by("pk").values_list("kind", "credits", "cost_microusd"))


def test_an_answer_is_charged_at_the_price_of_its_tokens(ask: Ask, account: Account) -> None:
    put(ask)
    call = AICall.objects.get()
    assert (call.cost_microusd, call.credits) == (52_000, A_CALL)
    assert lines() == [("charge", A_CALL, 52_000)]
    assert standing(account) == (-A_CALL, NONE)
    assert CreditReservation.objects.get().state == "settled"
    assert is_balanced(account.pk)


def test_credits_are_set_aside_before_a_call_is_made(ask: Ask) -> None:
    """Nothing is known of this model yet, so the longest usual answer is reckoned with."""
    expected: list[Expected] = []
    put(Ask(_with(ask.origin, afford=lambda ref, cost: expected.append(cost))))
    [aside] = expected
    assert aside is not None
    assert aside > A_CALL
    assert AICall.objects.get().reserved == aside
    assert CreditReservation.objects.get().amount == int(aside * 10_000)


def test_history_says_what_the_next_call_will_cost(ask: Ask) -> None:
    for number in range(3):
        put(ask, f"{KEY}{number}")
    expected: list[Expected] = []
    later = Ask(_with(ask.origin, afford=lambda ref, cost: expected.append(cost)))
    put(later)
    assert expected == [A_CALL]


def test_a_call_without_an_answer_gives_everything_back(
    ask: Ask, account: Account, server: ProviderServer
) -> None:
    server.fail("reset", times=1)
    put(ask)
    assert lines() == [("charge", A_CALL, 52_000)]
    states = set(CreditReservation.objects.values_list("state", flat=True))
    assert states == {"released", "settled"}
    assert standing(account) == (-A_CALL, NONE)


def test_answers_that_are_of_no_use_are_paid_all_the_same(
    ask: Ask, account: Account, server: ProviderServer
) -> None:
    server.fail("wrong_schema", times=1)
    put(ask)
    assert lines() == [("charge", A_CALL, 52_000)] * 2
    assert standing(account) == (-2 * A_CALL, NONE)


@pytest.mark.parametrize("fault", ["content_filter", "refusal"])
def test_a_refusal_is_paid_by_the_tokens_that_the_provider_counted(
    ask: Ask, account: Account, server: ProviderServer, fault: str
) -> None:
    server.fail(fault)
    with pytest.raises(Bad):
        put(ask)
    call = AICall.objects.get()
    assert (call.state, call.credits) == (State.FAILED, A_CALL)
    assert lines() == [("charge", A_CALL, 52_000)]
    assert standing(account) == (-A_CALL, NONE)


def test_a_lost_call_is_no_line_but_stays_on_record_as_uncertain(
    ask: Ask, account: Account
) -> None:
    put(ask)
    lost = _lose(account)
    assert give_up_lost_calls() == 1
    lost.refresh_from_db()
    assert (lost.state, lost.reserved, lost.credits) == (State.UNKNOWN, Decimal(7), None)
    assert len(lines()) == 1
    assert standing(account) == (-A_CALL, NONE)
    assert is_balanced(account.pk)


def test_an_answer_that_comes_after_all_is_waste_at_its_price(ask: Ask, account: Account) -> None:
    put(ask)
    lost = _lose(account)
    give_up_lost_calls()
    for _ in range(2):  # the second time after a commit whose outcome got lost
        with pytest.raises(Halted):
            book_answer(lost.pk, Reply(raw=b"{}", model="m"), ask.origin, Cost(10_000, Decimal(1)))
    assert lines()[1:] == [("waste", Decimal(1), 10_000)]
    assert standing(account) == (-A_CALL - 1, NONE)
    assert is_balanced(account.pk)


def test_a_prepaid_account_without_credits_is_not_overdrawn(
    ask: Ask, account: Account, server: ProviderServer
) -> None:
    CreditAccount.objects.create(account=account, is_prepaid=True)
    grant(account.pk, Decimal(1))
    with pytest.raises(Stop, match="add credits") as caught:
        put(ask)
    assert caught.value.code == "quota"
    assert server.count() == 0
    assert not AICall.objects.exists()
    assert standing(account) == (Decimal(1), NONE)


def test_a_price_that_nobody_knows_stays_unknown(
    ask: Ask, account: Account, price: PriceOverride
) -> None:
    PriceOverride.objects.update(input_rate=None)
    put(ask)
    assert lines() == [("charge", Decimal(0), None)]
    assert AICall.objects.get().cost_microusd is None
    assert not CreditReservation.objects.exists()


def test_an_image_has_its_own_price(ask: Ask, account: Account) -> None:
    PriceOverride.objects.create(account=account, model="test-image-model", image_rate=40_000)
    ask(draw_letters, letters(), key="draw_letters/image:1/0/a")
    assert lines() == [("charge", Decimal(4), 40_000)]


def test_a_budget_is_asked_only_for_what_is_new(ask: Ask) -> None:
    """A stored answer costs nothing: no budget keeps it back."""
    put(ask)

    def refuse(object_ref: str, expected: Expected) -> None:
        raise Stop("budget_run", "used up")

    again = Ask(_with(ask.origin, afford=refuse))
    put(again)
    with pytest.raises(Stop):
        put(again, "order_letters/cluster:8/0/a")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_prepaid_credits_cover_eight_askers_at_once_as_far_as_they_go(
    origin: Origin, account: Account, server: ProviderServer
) -> None:
    for number in range(3):
        put(Ask(origin), f"{KEY}{number}")  # so that each next call is known to cost 5.2
    CreditAccount.objects.filter(account=account).update(is_prepaid=True)
    grant(account.pk, 3 * A_CALL + 4 * A_CALL)

    def ask_for(number: int) -> bool:
        try:
            put(Ask(origin), f"order_letters/cluster:{number}/0/a")
        except (Stop, NotBefore):
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(ask_for, range(100, 108)))
    assert sum(won) == 4
    assert standing(account) == (NONE, NONE)
    assert is_balanced(account.pk)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("one", "other"), [(9, 10), (10, 9)])
def test_a_claim_that_gives_up_a_lost_call_and_another_do_not_wait_for_each_other(
    origin: Origin, account: Account, server: ProviderServer, one: int, other: int
) -> None:
    """Both need the connection's gate and the account's row: each takes the gate first."""
    put(Ask(origin))
    AIConnection.objects.update(max_concurrent=5)
    _lose(account)
    begun = Event()

    def once_somebody_waits(_: str, __: Expected) -> None:
        begun.set()
        for _try in range(500):
            if select_rows("SELECT 1 FROM pg_locks WHERE NOT granted LIMIT 1", []):
                return
            begun.wait(0.01)

    def ask_for(cluster: int, at: Origin) -> None:
        try:
            put(Ask(at), f"order_letters/cluster:{cluster}/0/a")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(ask_for, one, _with(origin, afford=once_somebody_waits))
        begun.wait(10)
        second = threads.submit(ask_for, other, origin)
        first.result()
        second.result()

    assert AICall.objects.filter(state=State.ANSWERED).count() == 3
    assert is_balanced(account.pk)


def _with(origin: Origin, **changed: object) -> Origin:
    return Origin(**{**vars(origin), **changed})


def _lose(account: Account) -> AICall:
    """One more call, set aside for and sent by a worker that is dead by now."""
    from igny8.ai.booking import reservation_of
    from igny8.core import clock
    from igny8.credits.ledger import reserve

    Worker.objects.create(id="gone", host="here", pid=2, dead_at=clock.now())
    known, until = AICall.objects.get(), clock.now() + timedelta(minutes=3)
    lost = AICall.objects.create(
        key="order_letters/cluster:9/0/a", attempt=1, function="order_letters",
        connection=known.connection, model=known.model, worker="gone", object_ref="cluster:9",
        site_id=known.site_id, run_ref=known.run_ref, reserved=7, deadline_at=until,
    )  # fmt: skip
    reserve(account.pk, Decimal(7), key=reservation_of(lost.pk), expires_at=until)
    return lost
