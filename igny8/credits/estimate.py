"""What work will cost before it is done: from what such work cost before, else from its size.

The range of a sum is that of drawn sums, not the sum of ranges: that all goes badly is rare.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache
from math import exp, sqrt
from random import Random
from statistics import NormalDist, fmean, median, quantiles
from typing import NamedTuple

from igny8.credits.prices import CREDIT

LEAST_HISTORY = 3
HISTORY_LOOKED_AT = 50
DRAWS, LOADS_AT_MOST = 500, 16
LOW, HIGH = 0.025, 0.975
# How far off we may be, as shares: about a model that nobody asked yet, about one function of it,
# and about the next articles of a model we know.
COLD_MODEL, COLD_FUNCTION, WARM = 0.16, 0.24, 0.08
P80 = 0.8416  # standard deviations from the median to what four of five stay below
CHARACTERS_A_TOKEN, DENSE_CHARACTERS_A_TOKEN = 4, 1.5
DENSE = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, kw_only=True)
class Load:
    """So many calls of one function in one stage, all amounts in credits.

    `expected` is what the size of one call lets expect, None when its price is unknown; with
    `is_fixed` it is known exactly. `history` holds what the newest answered questions cost.
    `count_spread` is how far off `calls` may be, as a share.
    """

    stage: int
    calls: float
    expected: Decimal | None
    is_fixed: bool = False
    history: Sequence[float] = ()
    count_spread: float = 0.0


@dataclass(frozen=True)
class CreditRange:
    """The cost lies between both ends nine of ten times, with room for what we do not know."""

    low: Decimal
    high: Decimal

    def as_json(self) -> dict[str, str]:
        return {"low": plain(self.low), "high": plain(self.high)}


NOTHING = CreditRange(Decimal(0), Decimal(0))


def tokens_in(text: str) -> int:
    """A rough guess for any model: four characters a token, fewer in dense scripts."""
    dense = len(DENSE.findall(text))
    return round((len(text) - dense) / CHARACTERS_A_TOKEN + dense / DENSE_CHARACTERS_A_TOKEN)


def credit_range(loads: Iterable[Load]) -> CreditRange | None:
    """Of all loads together; None when the price of any is unknown."""
    costs = []
    for load in loads:
        if load.calls:
            if load.expected is None:
                return None
            costs.append(_cost_of(load))
    if not any(cost.a_call for cost in costs):
        return NOTHING
    sums = sorted(_sum(costs, luck) for luck in _lucks())
    low, high = (sums[round(share * (DRAWS - 1))] for share in (LOW, HIGH))
    return CreditRange(_rounded(low, ROUND_FLOOR), _rounded(high, ROUND_CEILING))


def plain(amount: Decimal) -> str:
    """Without exponent and without zeros at its end."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class _Cost(NamedTuple):
    """What a call costs on average, how far off that may be, and how calls differ, as shares.

    `with_model` is shared by all functions of a model, `by_itself` is not.
    """

    calls: float
    a_call: float
    count_spread: float
    with_model: float = 0.0
    by_itself: float = 0.0
    each: float = 0.0


class _Luck(NamedTuple):
    """One way that all may turn out, in standard deviations; a pair for each load."""

    of_counts: float
    of_model: float
    of_loads: Sequence[tuple[float, float]]


def _cost_of(load: Load) -> _Cost:
    known = load.history[:HISTORY_LOOKED_AT]
    if load.is_fixed:
        return _Cost(load.calls, float(load.expected or 0), load.count_spread)
    if len(known) < LEAST_HISTORY:
        expected = float(load.expected or 0)
        return _Cost(load.calls, expected, load.count_spread, COLD_MODEL, COLD_FUNCTION)
    mean = fmean(known)
    spread = _spread(known) / mean if mean else 0.0
    error = spread / sqrt(len(known))
    return _Cost(load.calls, mean, load.count_spread, WARM, error, spread)


def _spread(costs: Sequence[float]) -> float:
    """From the median to p80, so that one runaway answer does not decide."""
    return max(0.0, quantiles(costs, n=5, method="inclusive")[-1] - median(costs)) / P80


def _sum(costs: Sequence[_Cost], luck: _Luck) -> float:
    total = 0.0
    for place, cost in enumerate(costs):
        by_itself, each = luck.of_loads[place % LOADS_AT_MOST]
        off = cost.with_model * luck.of_model + cost.by_itself * by_itself
        off += cost.count_spread * luck.of_counts + cost.each / sqrt(max(1.0, cost.calls)) * each
        total += cost.calls * cost.a_call * exp(off)
    return total


@cache
def _lucks() -> Sequence[_Luck]:
    """The same ones every time: the same work has the same estimate.

    Each column holds the same values in another order, so that a load has the same range alone and
    in any place among others.
    """
    draw, even = Random(1), [NormalDist().inv_cdf((n + 0.5) / DRAWS) for n in range(DRAWS)]
    counts, model, *of_loads = (draw.sample(even, DRAWS) for _ in range(2 + 2 * LOADS_AT_MOST))
    pairs = zip(
        *(zip(*of_loads[n : n + 2], strict=True) for n in range(0, len(of_loads), 2)), strict=True
    )
    return [_Luck(*each) for each in zip(counts, model, pairs, strict=True)]


def _rounded(amount: float, way: str) -> Decimal:
    """To what can be read: three digits say enough of an estimate."""
    exact = Decimal(amount)
    step = max(CREDIT, Decimal(1).scaleb(exact.adjusted() - 2)) if exact else CREDIT
    return (exact / step).quantize(Decimal(1), way) * step
