from datetime import date
from itertools import permutations

from igny8.intake import Row
from igny8.planner.keyword_import.figures import (
    Metric,
    figures_of,
    filled,
    merged,
    shown,
    told_again,
)

OLDER = date(2026, 4, 1)
NEWER = date(2026, 5, 1)


def test_only_what_is_known_becomes_a_figure_and_zero_is_known() -> None:
    row = Row(line=2, keyword="basil", normalised="basil", volume=0, cpc=0.0, currency="USD")

    assert figures_of(row) == {"volume": 0, "cpc": 0.0, "currency": "USD"}


def test_a_currency_without_a_price_says_nothing() -> None:
    assert figures_of(Row(line=2, keyword="basil", normalised="basil", currency="USD")) == {}


def test_an_exact_volume_goes_before_a_range_and_a_range_before_an_estimate_of_nothing() -> None:
    exact = {"volume": 880}
    between = {"volume_min": 100, "volume_max": 1_000, "volume_is_estimate": True}
    impressions = {"impressions": 12}

    for stated in permutations((exact, between, impressions)):
        assert merged(stated) == {**exact, **impressions}
    for stated in permutations((between, impressions)):
        assert merged(stated) == {**between, **impressions}


def test_about_500_is_an_estimate_and_gives_way_to_an_exact_volume() -> None:
    about = {"volume": 500, "volume_is_estimate": True}

    assert merged([about, {"volume": 480}]) == {"volume": 480}


def test_figures_that_belong_together_come_from_one_statement() -> None:
    first = {"cpc": 1.5, "currency": "EUR", "position": 3.0}
    second = {"cpc": 2.0, "currency": "USD", "impressions": 90, "clicks": 4, "position": 8.0}

    assert merged([first, second]) == first
    assert merged([{"difficulty": 9.0}, second]) == {"difficulty": 9.0, **second}


def test_what_is_shown_does_not_depend_on_which_tool_was_imported_first() -> None:
    told = {
        "moz": Metric(OLDER, {"volume": 100, "difficulty": 30.0, "intents": ["commercial"]}),
        "ubersuggest": Metric(NEWER, {"volume": 200, "cpc": 0.4}),
        "google_keyword_planner": Metric(NEWER, {"volume_min": 10, "volume_is_estimate": True}),
        "csv": Metric(None, {"difficulty": 70.0}),
    }

    for order in permutations(told.items()):
        assert shown(dict(order), {}) == {
            "volume": 200, "source": "ubersuggest", "cpc": 0.4, "difficulty": 30.0,
            "intents": ["commercial"],
        }  # fmt: skip


def test_figures_that_no_tool_knows_stay_as_they_are_on_the_keyword() -> None:
    own = {"volume": 40, "country": "de"}

    assert shown({"moz": Metric(NEWER, {"difficulty": 12.0})}, own) == {
        "volume": 40, "difficulty": 12.0, "country": "de",
    }  # fmt: skip


def test_a_newer_statement_of_a_tool_replaces_what_it_knows_and_forgets_nothing() -> None:
    before = Metric(OLDER, {"volume": 100, "difficulty": 30.0})
    now = Metric(NEWER, {"volume": 120})

    assert told_again(before, now) == Metric(NEWER, {"volume": 120, "difficulty": 30.0})


def test_an_older_statement_of_a_tool_only_fills_what_is_unknown() -> None:
    before = Metric(NEWER, {"volume": 120})
    now = Metric(OLDER, {"volume": 100, "difficulty": 30.0})

    assert told_again(before, now) == Metric(NEWER, {"volume": 120, "difficulty": 30.0})
    assert filled(before, now) == told_again(before, now)
