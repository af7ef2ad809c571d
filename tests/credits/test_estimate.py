import random
from functools import partial

import pytest

from igny8.accounts.models import owner_account
from igny8.ai.connections import route_for
from igny8.ai.functions import Form
from igny8.ai.models import AICall
from igny8.ai.usage import usage_history
from igny8.core import clock
from igny8.credits.estimate import (
    CostRange,
    Load,
    cost_by_model,
    cost_range,
    is_over,
    tokens_in,
)
from igny8.credits.prices import Usage, price_of


def a_microdollar_a_token(usage: Usage) -> int | None:
    return (usage.input_tokens or 0) + (usage.output_tokens or 0)


def took(tokens: int) -> Usage:
    return Usage(input_tokens=tokens, output_tokens=0)


def load(calls: int, *history: int, expected: int = 100) -> Load:
    return Load(
        function="write", calls=calls, expected=took(expected), history=[took(n) for n in history]
    )


def test_history_gives_the_median_and_the_fifths_around_it() -> None:
    history = range(10, 111, 10)
    assert cost_range([load(10, *history)], a_microdollar_a_token) == CostRange(300, 600, 900)


def test_without_history_the_size_of_the_prompt_decides() -> None:
    assert cost_range([load(10, 5, 5)], a_microdollar_a_token) == CostRange(700, 1000, 1500)


def test_loads_add_up_and_empty_ones_need_no_price() -> None:
    loads = [load(1), load(2), Load(function="none", calls=0, expected=Usage())]
    both = cost_range(loads, lambda usage: usage.input_tokens)
    assert both == CostRange(210, 300, 450)


def test_one_unknown_price_makes_the_whole_unknown() -> None:
    assert cost_range([load(1)], lambda _: None) is None


def test_nothing_to_do_costs_nothing() -> None:
    assert cost_range([], lambda _: None) == CostRange(0, 0, 0)


@pytest.mark.parametrize("seed", range(10))
def test_the_cost_of_many_calls_lies_in_its_range(seed: int) -> None:
    draw = random.Random(seed)
    history = [draw.randint(500, 1500) for _ in range(50)]
    expected = cost_range([load(40, *history)], a_microdollar_a_token)
    actual = sum(draw.randint(500, 1500) for _ in range(40))
    assert expected is not None
    assert expected.low <= actual <= expected.high


def test_the_same_work_is_compared_over_models_without_a_key() -> None:
    work = [Load(function="write", calls=10, expected=Usage(input_tokens=900, output_tokens=700))]
    models = ("gpt-4o-mini", "gpt-4o", "llama3.2")
    costs = cost_by_model(work, {model: partial(price_of, model) for model in models})
    cheap, dear = costs["gpt-4o-mini"], costs["gpt-4o"]
    assert cheap is not None
    assert dear is not None
    assert 0 < cheap.high < dear.low
    assert costs["llama3.2"] is None


def test_a_cost_is_over_when_it_passes_the_upper_end_by_a_fifth() -> None:
    expected = CostRange(50, 80, 100)
    assert [is_over(cost, expected, percent=20) for cost in (100, 120, 121)] == [False, False, True]


def test_dense_scripts_have_more_tokens() -> None:
    assert tokens_in("a" * 400) == 100
    assert tokens_in("字" * 300) == 200


@pytest.mark.django_db
def test_history_is_of_the_site_and_of_all_while_it_has_too_little() -> None:
    route = route_for(owner_account(), Form.TEXT)

    def answered(site_id: int, tokens: int, *, state: str = "used") -> None:
        AICall.objects.create(
            key=f"write/{AICall.objects.count()}/0/x",
            attempt=1,
            function="write",
            state=state,
            model="m",
            connection=route.connection,
            site_id=site_id,
            input_tokens=tokens,
            output_tokens=1,
            deadline_at=clock.now(),
        )

    answered(1, 10)
    answered(2, 20)
    answered(2, 99, state="rejected")
    assert [one.input_tokens for one in usage_history("write", "m", site_id=1)] == [20, 10]
    answered(1, 11)
    answered(1, 12)
    assert [one.input_tokens for one in usage_history("write", "m", site_id=1)] == [12, 11, 10]
