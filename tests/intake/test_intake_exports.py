"""Every tool's export, row by row: what each file of `exports/` must become."""

from pathlib import Path

import pytest

from igny8.intake import Row, UnreadableFile, open_export

from .expected_export import Expected
from .expected_of_ahrefs_and_semrush import AHREFS_AND_SEMRUSH
from .expected_of_other_tools import OTHER_TOOLS

EXPORTS = Path(__file__).parent / "exports"
EXPECTED = AHREFS_AND_SEMRUSH | OTHER_TOOLS


@pytest.mark.parametrize("name", EXPECTED)
def test_every_export_becomes_exactly_these_rows(name: str) -> None:
    expected = EXPECTED[name]
    export = open_export(EXPORTS / name)
    found = Expected(
        export.source,
        export.encoding,
        export.delimiter,
        export.header_line,
        export.columns,
        tuple(row for row in export.rows() if isinstance(row, Row)),
        export.country,
        export.dated,
    )
    assert found == expected


@pytest.mark.parametrize("name", EXPECTED)
def test_no_row_of_the_exports_is_bad_and_reading_again_gives_the_same(name: str) -> None:
    export = open_export(EXPORTS / name)
    first = list(export.rows())
    warnings = list(export.warnings)
    assert all(isinstance(row, Row) for row in first)
    assert (list(export.rows()), export.warnings) == (first, warnings)


def test_the_filters_of_search_console_are_refused_with_the_file_to_choose() -> None:
    with pytest.raises(UnreadableFile, match=r"“Filter”, “Value”.*Queries\.csv"):
        open_export(EXPORTS / "Filters.csv")


def test_every_file_of_the_folder_is_expected_here() -> None:
    names = {path.name for path in EXPORTS.iterdir()}
    assert names == {*EXPECTED, "Filters.csv", "README.md"}


def warnings_of(name: str) -> str:
    export = open_export(EXPORTS / name)
    for _ in export.rows():
        pass
    return " ".join(export.warnings)


def test_columns_that_are_not_used_are_named_with_the_reason() -> None:
    warned = warnings_of("ahrefs_ke_utf16le_tab.csv")
    assert "Global volume, Global traffic potential (worldwide" in warned
    assert "Competitive Density (what advertisers" in warnings_of(
        "herb-garden_broad-match_us_2026-05-01.csv"
    )


def test_the_market_is_asked_for_only_when_the_file_does_not_tell_it() -> None:
    assert "choose the country" in warnings_of("gkp_low_spend_buckets.csv")
    assert "choose the country" not in warnings_of("herb-garden_broad-match_us_2026-05-01.csv")


def test_ranges_and_the_currency_are_announced() -> None:
    assert "not exact figures: 4." in warnings_of("gkp_low_spend_buckets.csv")
    assert "Prices are in USD." in warnings_of("ubersuggest_older.csv")
