"""Figures as people read them."""

from decimal import Decimal


def duration(seconds: float) -> str:
    """`45 s`, `12 minutes`, `2 h 05 min`."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def credits_text(amount: Decimal) -> str:
    """One decimal, none when it is whole."""
    return f"{amount:.1f}".removesuffix(".0")
