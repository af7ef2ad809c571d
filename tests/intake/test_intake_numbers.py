"""Numbers as tools write them: a value, a range, or unknown, and never a guess."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8.intake.columns import read_volume
from igny8.intake.numbers import (
    UNKNOWN,
    Figure,
    NotANumber,
    currency_of,
    decimal_mark,
    read_figure,
)

NBSP, THIN, NARROW = "\u00a0", "\u2009", "\u202f"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", 1234),
        ("1,234", 1234),
        ("1.234", 1234),
        ("1 234", 1234),
        (f"1{NBSP}234", 1234),
        (f"1{THIN}234", 1234),
        (f"1{NARROW}234{NARROW}567", 1234567),
        ("1'234", 1234),
        ("1’234’567", 1234567),
        ("1,23,456", 123456),
        ("1.2K", 1200),
        ("1,2 k", 1200),
        ("2M", 2_000_000),
        ("1.5bn", 1_500_000_000),
        ("1.234,5", 1234),
        ("1,234.5", 1234),
        ("33100.0", 33100),
        (" 90 ", 90),
        ("0", 0),
    ],
)
def test_a_volume_is_a_whole_number_however_it_is_grouped(text: str, value: int) -> None:
    assert read_volume(text) == (value, None, None, False)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("<10", 0, 10),
        ("< 10", 0, 10),
        ("≤10", 0, 10),
        ("0-10", 0, 10),
        ("10 – 100", 10, 100),
        ("10 — 100", 10, 100),
        ("1K – 10K", 1_000, 10_000),
        ("100K – 1M", 100_000, 1_000_000),
        ("11.5k-30.3k", 11_500, 30_300),
        ("118001..300000", 118_001, 300_000),
        ("1,000 - 10,000", 1_000, 10_000),
        ("10 to 100", 10, 100),
        ("100 - 10", 10, 100),
        ("1M+", 1_000_000, None),
        (">1000", 1_000, None),
    ],
)
def test_a_range_is_an_estimate_without_a_value(text: str, low: int, high: int | None) -> None:
    assert read_volume(text) == (None, low, high, True)


@pytest.mark.parametrize(
    "text", ["", " ", "-", "–", "--", "N/A", "n/a", "#N/A", "No data", "∞", "null", "NaN", "None"]
)
def test_unknown_is_unknown_and_never_zero(text: str) -> None:
    assert read_figure(text) is UNKNOWN
    assert read_volume(text) == (None, None, None, False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$1.25", 1.25),
        ("€ 0,85", 0.85),
        ("0,85 €", 0.85),
        ("US$ 3", 3),
        ("CHF 1.20", 1.2),
        ("35%", 35),
        ("3,0 %", 3),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("$1,234.50", 1234.5),
        ("0.850", 0.85),
        (".5", 0.5),
        ("1.234", 1.234),
        ("1,234", 1234),
    ],
)
def test_a_price_or_a_share_keeps_its_decimals(text: str, value: float) -> None:
    assert read_figure(text).value == value


def test_the_decimal_mark_of_the_column_settles_what_one_number_leaves_open() -> None:
    assert read_figure("1.234", mark=",").value == 1234
    assert read_figure("1,234", mark=",").value == 1.234
    assert read_figure("0.85", mark=",").value == 0.85


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["1.234", "0,85"], ","),
        (["1,234", "0.85"], "."),
        (["1.234.567"], ","),
        (["1.234,5"], ","),
        (["$1,234.50"], "."),
        (["1.234", "5.678"], None),
        (["", "N/A", "7"], None),
    ],
)
def test_cells_prove_the_decimal_mark_of_their_column(cells: list[str], mark: str | None) -> None:
    assert decimal_mark(cells) == mark


@pytest.mark.parametrize(
    "text",
    [
        "1_000",
        "٣",
        "１２",
        "²",
        "½",
        "1e309",
        "1e5",
        "0x10",
        "inf",
        "+5",
        "9" * 5000,
        "1" + "0" * 20,
        "1.2.3",
        "12,34,5",
        "1 2",
        "5 keywords",
        "high",
        "2026-05-01",
        "=1+1",
        "1\u0000",
        "a" * 5000,
    ],
)
def test_what_python_might_take_for_a_number_is_refused(text: str) -> None:
    with pytest.raises(NotANumber, match=r"\.$"):
        read_volume(text)


@pytest.mark.parametrize("text", ["-5", "−5", "-0.5"])
def test_a_negative_number_is_refused_by_name(text: str) -> None:
    with pytest.raises(NotANumber, match="is negative"):
        read_figure(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CPC (USD)", "USD"),
        ("CPC (€)", "EUR"),
        ("$1.25", "USD"),
        ("C$ 1.25", "CAD"),
        ("0,85 €", "EUR"),
        ("GBP", "GBP"),
        ("Cost per Click", None),
        ("0.85", None),
    ],
)
def test_the_currency_is_read_from_headers_and_cells(text: str, code: str | None) -> None:
    assert currency_of(text) == code


GROUPINGS = st.sampled_from([",", ".", " ", NBSP, THIN, NARROW, "'", "’"])


@given(st.integers(0, 10**12), GROUPINGS)
def test_any_grouped_whole_number_comes_back(number: int, separator: str) -> None:
    assert read_volume(f"{number:,}".replace(",", separator)) == (number, None, None, False)


@given(
    st.integers(0, 10**9),
    st.integers(0, 99),
    st.sampled_from([(",", "."), (".", ","), ("", "."), ("", ","), (NBSP, ","), ("'", ".")]),
    st.sampled_from(["{}", "${}", "€ {}", "{} €", "CHF {}", "{}%", "{} %"]),
)
def test_any_decimal_number_comes_back(
    whole: int, cents: int, marks: tuple[str, str], form: str
) -> None:
    grouping, decimal = marks
    text = f"{whole:,}".replace(",", grouping) + f"{decimal}{cents:02}"
    assert read_figure(form.format(text)).value == pytest.approx(whole + cents / 100)


@given(
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.sampled_from(["-", " - ", " – ", "—", "..", " .. ", " to "]),
)
def test_any_range_comes_back(one: int, other: int, between: str) -> None:
    low, high = sorted((one, other))
    assert read_figure(f"{one}{between}{other}", whole=True) == Figure(
        low=low, high=high, is_estimate=True
    )


@given(st.text())
def test_no_text_raises_anything_but_the_reason(text: str) -> None:
    with suppress(NotANumber):
        figure = read_figure(text)
        assert all(each is None or each >= 0 for each in (figure.value, figure.low, figure.high))
