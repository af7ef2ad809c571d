import random
from collections.abc import Sequence
from decimal import Decimal

import pytest

from igny8.accounts.models import owner_account
from igny8.ai.connections import route_for
from igny8.ai.functions import Form
from igny8.ai.models import AICall
from igny8.ai.usage import calls_taken, usage_history
from igny8.core import clock
from igny8.credits.estimate import NOTHING, CreditRange, Load, credit_range, plain, tokens_in


def load(
    calls: float,
    expected: int | None = 1,
    *,
    is_fixed: bool = False,
    history: Sequence[float] = (),
    count_spread: float = 0.0,
) -> Load:
    return Load(
        stage=4,
        calls=calls,
        expected=None if expected is None else Decimal(expected),
        is_fixed=is_fixed,
        history=history,
        count_spread=count_spread,
    )


def known(found: CreditRange | None) -> tuple[float, float]:
    assert found is not None
    return float(found.low), float(found.high)


def test_without_history_the_size_decides_and_may_be_far_off() -> None:
    low, high = known(credit_range([load(100)]))
    assert 55 < low < 75
    assert 165 < high < 190


def test_with_history_the_range_is_narrower_and_around_what_calls_cost() -> None:
    low, high = known(credit_range([load(100, history=[1.8, 2.0, 2.2] * 10)]))
    assert 160 < low < 195
    assert 205 < high < 240


def test_a_sum_is_surer_than_the_sum_of_its_ends() -> None:
    ranges = [known(credit_range([load(40)])) for _ in range(5)]
    low, high = known(credit_range([load(40)] * 5))
    assert low > sum(one for one, _ in ranges)
    assert high < sum(other for _, other in ranges)


def test_a_price_for_each_image_is_as_sure_as_their_number() -> None:
    assert credit_range([load(30, 4, is_fixed=True)]) == CreditRange(Decimal(120), Decimal(120))
    low, high = known(credit_range([load(30, 4, is_fixed=True, count_spread=0.2)]))
    assert low < 95
    assert high > 145


def test_one_unknown_price_makes_the_whole_unknown_but_not_when_nothing_is_called() -> None:
    assert credit_range([load(1), load(1, None)]) is None
    assert credit_range([load(0, None)]) == NOTHING
    assert credit_range([]) == NOTHING


def test_what_is_free_costs_nothing() -> None:
    assert credit_range([load(10, 0, is_fixed=True)]) == NOTHING


def test_the_same_work_has_the_same_estimate() -> None:
    assert credit_range([load(7), load(9, 2)]) == credit_range([load(7), load(9, 2)])


def test_the_cost_of_many_calls_lies_in_its_range_nine_of_ten_times() -> None:
    inside = 0
    for seed in range(100):
        draw = random.Random(seed)
        history = [draw.lognormvariate(0, 0.4) for _ in range(50)]
        low, high = known(credit_range([load(40, history=history)]))
        inside += low <= sum(draw.lognormvariate(0, 0.4) for _ in range(40)) <= high
    assert inside >= 90


def test_ends_are_short_decimals() -> None:
    low, high = (credit_range([load(1234)]) or NOTHING).as_json().values()
    assert "E" not in low + high
    assert len(high.rstrip("0").replace(".", "")) <= 3
    assert plain(Decimal("1.20E+3")) == "1200"


def test_dense_scripts_have_more_tokens() -> None:
    assert tokens_in("a" * 400) == 100
    assert tokens_in("字" * 300) == 200


@pytest.mark.django_db
def test_history_is_of_the_site_and_of_all_while_it_has_too_little() -> None:
    route = route_for(owner_account(), Form.TEXT)

    def answered(site_id: int, tokens: int, *, state: str = "used", model: str = "m") -> None:
        AICall.objects.create(
            key=f"write/{AICall.objects.count()}/0/x",
            attempt=1,
            function="write",
            state=state,
            model=model,
            connection=route.connection,
            site_id=site_id,
            input_tokens=tokens,
            output_tokens=1,
            deadline_at=clock.now(),
        )

    answered(1, 10)
    answered(2, 20)
    answered(2, 99, state="rejected")
    answered(2, 98, model="m-large")
    assert [one.input_tokens for one in usage_history("write", "m", site_id=1)] == [20, 10]
    assert [one.is_good for one in calls_taken("write", "m", site_id=1)] == [False, True, True]
    answered(1, 11)
    answered(1, 12)
    assert [one.input_tokens for one in usage_history("write", "m", site_id=1)] == [12, 11, 10]
