"""Numbers as keyword tools write them: a value, a range that is an estimate, or unknown."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from igny8.intake.keywords import unwrapped

MAX_LENGTH = 40
MAX_VALUE = 10**12
UNKNOWN_WORDS = frozenset(
    (
        "", "-", "--", "–", "—", "−", "?", "∞", "-∞", "+∞", "∞%", ".", "n/a", "na", "n.a.", "#n/a",
        "none", "null", "nan", "nil", "no data", "not available", "unknown", "k.a.", "nd", "n.d.",
        "н/д", "insufficient data", "not enough data",
    )
)  # fmt: skip
CURRENCY_SIGNS = {
    "$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW",
    "₺": "TRY", "₽": "RUB", "zł": "PLN", "kč": "CZK", "r$": "BRL", "a$": "AUD", "c$": "CAD",
    "ca$": "CAD", "au$": "AUD", "nz$": "NZD", "₴": "UAH", "₪": "ILS", "฿": "THB", "₫": "VND",
}  # fmt: skip
CURRENCY_CODES = frozenset(
    (
        "USD", "EUR", "GBP", "JPY", "INR", "KRW", "TRY", "RUB", "PLN", "CZK", "BRL",
        "AUD", "CAD", "NZD", "UAH", "ILS", "THB", "VND", "CHF", "SEK", "NOK", "DKK",
        "HUF", "RON", "BGN", "MXN", "ARS", "CLP", "COP", "PEN", "ZAR", "NGN", "KES",
        "EGP", "AED", "SAR", "SGD", "HKD", "TWD", "CNY", "IDR", "MYR", "PHP", "PKR",
    )
)  # fmt: skip
UNITS = {"": 1, "k": 10**3, "m": 10**6, "mn": 10**6, "mio": 10**6, "b": 10**9, "bn": 10**9}

_SPACES = "\u0020\u00a0\u2007\u2009\u202f"
_SEPARATORS = re.compile(rf"[{_SPACES}'’]")
_DIGITS = rf"[0-9]+(?:[.,'’{_SPACES}][0-9]+)*|[.,][0-9]+"
_SIGN = "|".join(re.escape(sign) for sign in sorted(CURRENCY_SIGNS, key=len, reverse=True))
_CURRENCY = rf"(?:{_SIGN}|{'|'.join(sorted(code.lower() for code in CURRENCY_CODES))})"
_AMOUNT = rf"{_CURRENCY}?\s*({_DIGITS})\s*(k|mio|mn|m|bn|b)?\s*(?:{_CURRENCY}|%)?"
_SINGLE = re.compile(rf"([<>≤≥~≈]|up to|over)?\s*{_AMOUNT}\s*(\+)?")
_RANGE = re.compile(rf"{_AMOUNT}\s*(?:-|–|—|−|‒|\.\.+|…|to|bis)\s*{_AMOUNT}")
_CURRENCY_IN_TEXT = re.compile(rf"(?<![a-z]){_CURRENCY}(?![a-z])")
_NUMERAL = re.compile(_DIGITS)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}")


class NotANumber(ValueError):
    """The reason a cell is no number."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A value, or a range (an open side is None), or unknown (all None)."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    is_estimate: bool = False


UNKNOWN = Figure()


def read_figure(text: str, *, mark: str = ".", whole: bool = False) -> Figure:
    """Read one cell; `mark` is its column's decimal mark, `whole` a column without decimals.

    Raises NotANumber for anything but the listed forms: ASCII digits only, nothing negative.
    """
    folded = unwrapped(text.strip()).casefold()
    if folded in UNKNOWN_WORDS:
        return UNKNOWN
    if len(folded) > MAX_LENGTH:
        raise NotANumber(f"“{text[:12]}…” is {len(text)} characters long, not a number.")
    if single := _SINGLE.fullmatch(folded):
        return _single_figure(single, mark, whole)
    if ends := _RANGE.fullmatch(folded):
        low, high = (_amount(ends[at], ends[at + 1], mark, whole) for at in (1, 3))
        return Figure(low=min(low, high), high=max(low, high), is_estimate=True)
    raise NotANumber(_complaint(text.strip(), folded))


def _single_figure(match: re.Match[str], mark: str, whole: bool) -> Figure:
    value = _amount(match[2], match[3], mark, whole)
    bound = match[4] or match[1]
    if bound in {"<", "≤", "up to"}:
        return Figure(low=0, high=value, is_estimate=True)
    if bound in {">", "≥", "over", "+"}:
        return Figure(low=value, is_estimate=True)
    return Figure(value=value, is_estimate=bound is not None)


def _amount(digits: str, unit: str | None, mark: str, whole: bool) -> float:
    """`whole` and `mark` settle what one separator before three digits means."""
    plain = _plain_decimal(digits, mark, whole=whole and not unit)
    value = float(plain) * UNITS[unit or ""]
    if value > MAX_VALUE:
        raise NotANumber(f"{digits} is too large.")
    return round(value, 6)


def _plain_decimal(digits: str, mark: str, *, whole: bool) -> str:
    spaced = _SEPARATORS.sub("_", digits)
    if "_" in spaced:
        head, _, tail = spaced.replace(",", ".").partition(".")
        return f"{_ungrouped(head.replace('_', ','))}.{tail or 0}"
    decimal = _decimal_separator(digits, mark, whole=whole)
    head, _, tail = digits.rpartition(decimal) if decimal else (digits, "", "0")
    return f"{_ungrouped(head.replace('.', ',')) or 0}.{tail}"


def _decimal_separator(digits: str, mark: str, *, whole: bool) -> str:
    """The character that separates decimals here, or nothing."""
    dots, commas = digits.count("."), digits.count(",")
    if dots and commas:
        return "." if digits.rfind(".") > digits.rfind(",") else ","
    if dots + commas != 1:
        return ""
    found = "." if dots else ","
    head, _, tail = digits.partition(found)
    if len(tail) != 3 or len(head) > 3 or head in {"", "0"}:
        return found
    return found if not whole and found == mark else ""


def _ungrouped(head: str) -> str:
    if "," in head and not _GROUPED.fullmatch(head):
        raise NotANumber(f"“{head}” is not grouped as a number.")
    return head.replace(",", "")


def _complaint(text: str, folded: str) -> str:
    if re.fullmatch(r"[-−][0-9].*", folded):
        return f"“{text}” is negative."
    return f"“{text}” is not a number."


def decimal_mark(cells: Iterable[str]) -> str | None:
    """The decimal mark these cells prove, or None when none of them settles it."""
    votes = {".": 0, ",": 0}
    for cell in cells:
        if proof := _proven_mark(cell):
            votes[proof] += 1
    if votes["."] == votes[","]:
        return None
    return max(votes, key=lambda mark: votes[mark])


def _proven_mark(cell: str) -> str | None:
    found = _NUMERAL.search(cell[:MAX_LENGTH])
    if not found:
        return None
    digits = found[0]
    decimal = _decimal_separator(digits, "", whole=False)
    if decimal:
        return decimal
    grouping = {".", ","} & set(digits)
    return (
        {".": ",", ",": "."}[grouping.pop()] if digits.count(".") + digits.count(",") > 1 else None
    )


def currency_of(text: str) -> str | None:
    """The ISO code of the currency a cell or a header names."""
    found = _CURRENCY_IN_TEXT.search(text.casefold()[:80])
    if not found:
        return None
    return CURRENCY_SIGNS.get(found[0], found[0].upper())
