"""Figures as people read them."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

TENTH = Decimal("0.1")


def duration(seconds: float) -> str:
    """`45 s`, `12 minutes`, `2 h 05 min`."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def credits_text(amount: Decimal) -> str:
    """One decimal, none when it is whole; what is less than that is not nothing."""
    if 0 < amount < TENTH:
        return "<0.1"
    return f"{amount:,.1f}".removesuffix(".0")


def credits_range_text(expected: Mapping[str, str] | None) -> str:
    """`12–19`, `0.4–0.7`, `free`, `unknown`; rounded outwards, whole numbers from ten on."""
    if expected is None:
        return "unknown"
    low, high = Decimal(expected["low"]), Decimal(expected["high"])
    if not high:
        return "free"
    step = TENTH if high < 10 else Decimal(1)
    ends = [(low / step).quantize(Decimal(1), ROUND_FLOOR) * step,
            (high / step).quantize(Decimal(1), ROUND_CEILING) * step]  # fmt: skip
    first, last = (f"{end:,f}".removesuffix(".0") for end in ends)
    return last if first == last else f"{first}–{last}"
