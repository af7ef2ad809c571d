"""Files that are broken or meant to break something: bad rows, a clear refusal, flat memory."""

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from igny8.intake import BadRow, Export, Row, UnreadableFile, open_export, open_text
from igny8.intake.delimited import MAX_LINE, NOT_CLOSED
from igny8.intake.export import MAX_ROWS

Imported = Callable[..., tuple[Export, list[Row], list[BadRow]]]
Written = Callable[..., Path]

HEADER = "Keyword,Volume,Difficulty\n"
EXPORTS = Path(__file__).parent / "exports"
MB = 1 << 20


def test_a_quote_that_never_closes_is_reported_with_its_line(imported: Imported) -> None:
    body = "".join(f"keyword {number},{number},5\n" for number in range(2000))
    _, rows, bad = imported(f'{HEADER}good,1,2\n"open,100,5\n{body}')
    assert bad == [BadRow(3, NOT_CLOSED)]
    assert [row.line for row in rows] == [2, *range(4, 2004)]


def test_a_quote_open_at_the_end_of_a_short_file_costs_one_row(imported: Imported) -> None:
    _, rows, bad = imported(f'{HEADER}"open,100,5\nbasil,200,3\nmint,300,4\n')
    assert bad == [BadRow(2, NOT_CLOSED)]
    assert [row.keyword for row in rows] == ["basil", "mint"]


def test_a_quote_closed_by_a_later_row_swallows_nothing(imported: Imported) -> None:
    _, rows, bad = imported(f'{HEADER}"open,100,5\nbasil,200,3\n"sage, dried",300,4\nmint,1,1\n')
    assert [row.line for row in bad] == [2]
    assert [row.keyword for row in rows] == ["basil", "sage, dried", "mint"]


def test_quotes_that_never_close_on_every_line_take_no_long_time(imported: Imported) -> None:
    _, rows, bad = imported(HEADER + 'a"b,"c,1\n' * 5000 + "mint,1,1\n")
    assert len(bad) == 5000
    assert [row.keyword for row in rows] == ["mint"]


def test_a_true_cell_of_several_lines_is_one_row(imported: Imported) -> None:
    _, rows, bad = imported('Keyword,Notes,Volume\nherb,"one\ntwo\nthree",5\nbasil,"x",6\n')
    assert [(row.line, row.keyword, row.volume) for row in rows] == [
        (2, "herb", 5),
        (5, "basil", 6),
    ]
    assert bad == []


def test_a_keyword_with_a_line_break_is_bad(imported: Imported) -> None:
    _, rows, bad = imported(f'{HEADER}"herb\ngarden",5,1\nbasil,6,1\n')
    assert [row.keyword for row in rows] == ["basil"]
    assert "line break" in bad[0].reason


def test_nul_bytes_cost_their_row_only(imported: Imported) -> None:
    _, rows, bad = imported(f"{HEADER}herb\0x,1,2\nok,1,2\nfine,\0,3\n")
    assert [row.keyword for row in rows] == ["ok"]
    assert bad == [BadRow(2, "The row holds a NUL byte."), BadRow(4, "The row holds a NUL byte.")]


def test_a_field_of_200_kilobytes_is_a_bad_row(imported: Imported) -> None:
    _, rows, bad = imported(f"{HEADER}{'x' * 200_000},1,2\nok,1,2\n")
    assert [row.keyword for row in rows] == ["ok"]
    assert bad == [BadRow(2, f"The line is longer than {MAX_LINE:,} characters.")]


def test_a_line_of_plain_text_that_is_too_long_is_a_bad_row() -> None:
    outcomes = list(open_text(f"herb\n{'x' * 300_000}\nbasil").rows())
    assert [type(outcome) for outcome in outcomes] == [Row, BadRow, Row]
    assert [outcome.line for outcome in outcomes] == [1, 2, 3]


def test_a_thousand_columns_are_refused(written: Written) -> None:
    header = ",".join(["Keyword", *(f"c{number}" for number in range(999))])
    with pytest.raises(UnreadableFile, match="1,000 columns; 500 are allowed"):
        open_export(written(f"{header}\n{',' * 999}\n"))


def test_tens_of_thousands_of_columns_are_refused_at_once(written: Written) -> None:
    with pytest.raises(UnreadableFile, match="No column is known to hold the keyword"):
        open_export(written(f"{'x,' * 30_000}\n" * 50))


def test_a_row_wider_than_the_header_says_what_to_do(imported: Imported) -> None:
    _, rows, bad = imported(f"{HEADER}basil, thyme,100,2\nshort\nlong,5,1,,,\n")
    assert [(row.keyword, row.volume) for row in rows] == [("short", None), ("long", 5)]
    assert "4 cells, the header 3" in bad[0].reason
    assert "quotation marks" in bad[0].reason


@pytest.mark.parametrize("volume", ["1_000", "٣", "1e309", "-5", "9" * 5000, "high", "=1+1"])
def test_a_volume_python_might_misread_is_a_bad_row(volume: str, imported: Imported) -> None:
    _, rows, bad = imported(f"{HEADER}herb,{volume},5\nbasil,7,5\n")
    assert [row.volume for row in rows] == [7]
    assert (bad[0].line, bad[0].reason[:15]) == (2, "Search volume: ")


@pytest.mark.parametrize("keyword", ["=cmd|'/C calc'!A0", "+1", "@SUM(A1)", "-2+3", "<b>herb</b>"])
def test_formulas_and_markup_stay_the_text_they_are(keyword: str, imported: Imported) -> None:
    _, rows, _ = imported(f"{HEADER}{keyword},1,2\n\t{keyword},1,2\n")
    assert [row.keyword for row in rows] == [keyword, keyword]


def test_bad_keywords_never_stop_good_ones(imported: Imported) -> None:
    _, rows, bad = imported(f"{HEADER},5,6\n***,1,2\n\u200b,1,2\n{'k' * 256},1,2\nherb,1,2\n,,\n")
    assert [row.keyword for row in rows] == ["herb"]
    assert [row.line for row in bad] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is empty"),
        (b"\n\n \n", "nothing in it"),
        (b"\xef\xbb\xbf", "nothing in it"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "PNG image"),
        (b"%PDF-1.7\n", "PDF document"),
        (b"\xd0\xcf\x11\xe0" + bytes(99), r"save it as \.xlsx"),
        (b"\x1f\x8b\x08" + bytes(99), "unpack it first"),
        (bytes(5000), "not a text file"),
        (bytes(range(256)) * 40, "Export|Save"),
        (b"<!DOCTYPE html><html><p>herb</p></html>", "web page"),
        (b'[{"keyword":"herb","volume":1},\n{"keyword":"basil","volume":2}]', "data dump"),
    ],
)
def test_what_is_no_list_of_keywords_is_refused(
    content: bytes, complaint: str, written: Written
) -> None:
    with pytest.raises(UnreadableFile, match=complaint):
        open_export(written(content))


def test_folders_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="is a folder"):
        open_export(tmp_path)
    with pytest.raises(UnreadableFile, match="cannot be opened: No such file"):
        open_export(tmp_path / "missing.csv")


def test_a_header_without_rows_is_no_error_but_said(imported: Imported) -> None:
    export, rows, bad = imported(HEADER)
    assert (rows, bad) == ([], [])
    assert "There is no row under the header." in export.warnings


def test_reading_stops_at_a_million_rows_and_says_so(
    imported: Imported, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("igny8.intake.export.MAX_ROWS", 3)
    _, rows, bad = imported("Keyword,Volume\na,1\nb,1\nc,1\nd,1\ne,1\n")
    assert MAX_ROWS == 1_000_000
    assert len(rows) == 3
    assert bad == [BadRow(5, "Only the first 3 rows are read; split the file.")]


def peak_of(path: Path) -> int:
    """The most memory, in bytes, that reading every row takes beyond the file's own rows."""
    tracemalloc.start()
    for _ in open_export(path).rows():
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def big_lines() -> Iterator[str]:
    yield HEADER
    for number in range(30_000):
        yield f"keyword of some length number {number},{number},5\n"


@pytest.mark.parametrize(
    "content",
    [
        "".join(big_lines()),
        f"{HEADER}ok,1,2\n{'z' * (20 * MB)}\nlast,1,2\n",
        f'{HEADER}"open,1,2\n' + "herb,1,2\n" * 30_000,
        f"{HEADER}" + '"' * (5 * MB),
        HEADER + "".join(f"herb,1,{number:0100000}\n" for number in range(300)),
    ],
    ids=["many rows", "one giant line", "open quote", "only quotes", "long cells"],
)
def test_memory_stays_flat(content: str, written: Written) -> None:
    path = written(content)
    open_export(path)  # the countries are read once
    assert peak_of(path) < 16 * MB


def read_all(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    with suppress(UnreadableFile):
        for outcome in open_export(path).rows():
            assert isinstance(outcome, Row | BadRow)


ANY_FILE = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@ANY_FILE
@given(st.binary(max_size=2000))
def test_any_bytes_are_rows_or_a_refusal(tmp_path: Path, content: bytes) -> None:
    read_all(content, tmp_path / "any.csv")


TABLE_TEXT = st.text(alphabet=st.sampled_from('",;\t\n\r\0 \ufeffaé10.-–K$盆'), max_size=200)


@ANY_FILE
@given(st.sampled_from(["utf-8", "utf-16", "cp1252"]), TABLE_TEXT)
def test_any_table_is_rows_or_a_refusal(tmp_path: Path, codec: str, text: str) -> None:
    content = f"Keyword,Volume,CPC\n{text}".encode(codec, "replace")
    read_all(content, tmp_path / "any.csv")


@ANY_FILE
@given(
    st.sampled_from(sorted(path.name for path in EXPORTS.glob("*.csv"))),
    st.lists(st.tuples(st.integers(0, 1500), st.binary(max_size=4)), min_size=1, max_size=6),
)
def test_any_damage_to_an_export_is_rows_or_a_refusal(
    tmp_path: Path, name: str, damage: list[tuple[int, bytes]]
) -> None:
    content = bytearray((EXPORTS / name).read_bytes())
    for at, replacement in damage:
        content[at : at + 2] = replacement
    read_all(bytes(content), tmp_path / name)
