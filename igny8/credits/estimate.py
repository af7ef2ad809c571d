"""What work will cost before it is done: from what such work took before, else from its size."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from igny8.credits.prices import Usage

LEAST_HISTORY = 3
HISTORY_LOOKED_AT = 50
# How far off a guess without history may be, against the size of the prompt.
COLD_LOW, COLD_HIGH = 0.7, 1.5
CHARACTERS_A_TOKEN, DENSE_CHARACTERS_A_TOKEN = 4, 1.5
DENSE = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")

Price = Callable[[Usage], int | None]


@dataclass(frozen=True, kw_only=True)
class Load:
    """So many calls of one function.

    `history` holds what its newest good calls took, `expected` what its prompt's size lets expect.
    """

    function: str
    calls: int
    expected: Usage
    history: Sequence[Usage] = ()


@dataclass(frozen=True)
class CostRange:
    """Micro-dollars: four calls of five cost more than `low`, four of five less than `high`."""

    low: int
    likely: int
    high: int

    def __add__(self, other: "CostRange") -> "CostRange":
        return CostRange(self.low + other.low, self.likely + other.likely, self.high + other.high)


def tokens_in(text: str) -> int:
    """A rough guess for any model: four characters a token, fewer in dense scripts."""
    dense = len(DENSE.findall(text))
    return round((len(text) - dense) / CHARACTERS_A_TOKEN + dense / DENSE_CHARACTERS_A_TOKEN)


def cost_range(loads: Sequence[Load], price: Price) -> CostRange | None:
    """Of all loads together; None when the price of any is unknown."""
    total = CostRange(0, 0, 0)
    for load in loads:
        if load.calls:
            cost = _cost_of(load, price)
            if cost is None:
                return None
            total += cost
    return total


def cost_by_model(
    loads: Sequence[Load], prices: Mapping[str, Price]
) -> dict[str, CostRange | None]:
    """What the same work would cost with each of these models; no key is needed to know."""
    return {model: cost_range(loads, price) for model, price in prices.items()}


def is_over(actual: int, expected: CostRange, *, percent: int) -> bool:
    """Whether the cost has passed the upper end by more than so many percent."""
    return 100 * actual > expected.high * (100 + percent)


def _cost_of(load: Load, price: Price) -> CostRange | None:
    """With history, its 20th, 50th and 80th percentile a call; the sum of many lies well inside."""
    history = [price(usage) for usage in load.history[:HISTORY_LOOKED_AT]]
    known = [cost for cost in history if cost is not None]
    if len(known) < LEAST_HISTORY:
        return _cold_cost(load, price)
    fifths = quantiles(known, n=5, method="inclusive")
    return CostRange(
        int(load.calls * fifths[0]),
        round(load.calls * median(known)),
        -int(-load.calls * fifths[-1] // 1),
    )


def _cold_cost(load: Load, price: Price) -> CostRange | None:
    cost = price(load.expected)
    if cost is None:
        return None
    total = load.calls * cost
    return CostRange(int(total * COLD_LOW), total, -int(-total * COLD_HIGH // 1))
