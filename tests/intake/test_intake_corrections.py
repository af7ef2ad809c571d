"""What a person says of a file goes before what was recognised."""

from collections.abc import Callable

import pytest

from igny8.intake import (
    BadRow,
    Corrections,
    Export,
    Row,
    UnreadableFile,
    open_export,
    read_corrections,
)
from igny8.intake.survey import survey
from tests.intake.conftest import Written

CZECH = "Keyword,Volume\nžluťoučký kůň,10\n"
Corrected = Callable[..., tuple[Export, list[Row | BadRow]]]


@pytest.fixture
def corrected(written: Written) -> Corrected:
    def read(content: str | bytes, **corrections: object) -> tuple[Export, list[Row | BadRow]]:
        export = open_export(
            written(content),
            corrections=Corrections(**corrections),  # type: ignore[arg-type]  # of any field
        )
        return export, list(export.rows())

    return read


def keywords(rows: list[Row | BadRow]) -> list[str]:
    return [row.keyword for row in rows if isinstance(row, Row)]


def test_the_encoding_that_somebody_names_is_believed(corrected: Corrected) -> None:
    export, rows = corrected(CZECH.encode("iso-8859-2"), encoding="iso-8859-2")
    assert export.encoding == "iso-8859-2"
    assert keywords(rows) == ["žluťoučký kůň"]


def test_letters_that_the_named_encoding_does_not_have_make_their_rows_bad(
    corrected: Corrected,
) -> None:
    export, rows = corrected("Keyword\nherb\ncafé\n".encode("cp1252"), encoding="utf-8")
    assert keywords(rows) == ["herb"]
    assert [row.line for row in rows if isinstance(row, BadRow)] == [3]
    assert any("damaged" in warning for warning in export.warnings)


def test_a_byte_order_mark_is_no_letter_of_the_first_header(corrected: Corrected) -> None:
    _, rows = corrected(b"\xef\xbb\xbfKeyword\nherb\n", encoding="utf-8")
    assert keywords(rows) == ["herb"]


def test_the_delimiter_that_somebody_names_splits_the_lines(corrected: Corrected) -> None:
    content = "Keyword|Note,Volume\nherb|a,10\n"
    export, rows = corrected(content, delimiter="|")
    assert export.delimiter == "|"
    assert keywords(rows) == ["herb"]
    assert list(export.columns) == ["Keyword"]


def test_without_a_delimiter_each_line_is_a_keyword(corrected: Corrected) -> None:
    _, rows = corrected("herb,garden\nmint,tea\n", delimiter="")
    assert keywords(rows) == ["herb,garden", "mint,tea"]


def test_a_header_row_is_taken_whatever_stands_in_it(corrected: Corrected) -> None:
    content = "Report\nWas,Wie oft\nherb,10\nmint,20\n"
    export, rows = corrected(content, header_line=2, columns={"Was": "keyword"})
    assert export.header_line == 2
    assert keywords(rows) == ["herb", "mint"]


def test_columns_without_a_header_are_numbered(corrected: Corrected) -> None:
    export, rows = corrected(
        "1,herb,10\n2,mint,20\n",
        header_line=0,
        columns={"Column 2": "keyword", "Column 3": "volume"},
    )
    assert [(row.keyword, row.volume) for row in rows if isinstance(row, Row)] == [
        ("herb", 10),
        ("mint", 20),
    ]
    assert export.header_line is None


@pytest.mark.parametrize(("mark", "price"), [(",", 1.25), (".", 1250)])
def test_the_decimal_sign_settles_what_no_cell_proves(
    corrected: Corrected, mark: str, price: float
) -> None:
    _, rows = corrected("Keyword\tCPC\nherb\t1,250\n", decimal_mark=mark)
    (row,) = rows
    assert isinstance(row, Row)
    assert row.cpc == price


def test_the_source_that_somebody_names_is_reported(corrected: Corrected) -> None:
    export, _ = corrected("Keyword,Volume\nherb,10\n", source="moz")
    assert export.source == "moz"
    assert export.label == "Moz Keyword Explorer"


def test_the_market_that_somebody_names_is_that_of_rows_which_name_none(
    corrected: Corrected,
) -> None:
    export, rows = corrected("Keyword,Country\nherb,\nmint,de\n", country="us")
    assert [row.country for row in rows if isinstance(row, Row)] == ["us", "de"]
    assert not any("market" in warning for warning in export.warnings)


def test_an_intent_column_can_be_left_out(corrected: Corrected) -> None:
    content = "Keyword,Informational\nherb,yes\n"
    _, rows = corrected(content, columns={"Informational": "ignore"})
    assert [row.intents for row in rows if isinstance(row, Row)] == [()]


@pytest.mark.parametrize(
    ("corrections", "complaint"),
    [
        ({"columns": {"A": "volume", "B": "volume"}}, "“A” and “B” both become volume"),
        ({"header_line": 99}, "Line 99 is no header"),
        ({"columns": {"Keyword": "ignore"}}, "No column is known to hold the keyword"),
    ],
)
def test_corrections_that_cannot_be_are_refused(
    written: Written, corrections: dict[str, object], complaint: str
) -> None:
    path = written("Keyword,A,B\nherb,1,2\n")
    with pytest.raises(UnreadableFile, match=complaint):
        open_export(path, corrections=Corrections(**corrections))  # type: ignore[arg-type]


def test_no_column_of_plain_lines_can_be_named(written: Written) -> None:
    with pytest.raises(UnreadableFile, match="has no header"):
        open_export(written("herb\nmint\n"), corrections=Corrections(columns={"Volume": "volume"}))


def test_words_are_read_as_people_choose_or_type_them() -> None:
    told = {"delimiter": "Semicolon", "decimal_mark": ",", "header_line": "none", "country": "USA"}
    read = read_corrections(told, {"Was": "keyword"})
    assert read == Corrections(
        delimiter=";", decimal_mark=",", header_line=0, country="us", columns={"Was": "keyword"}
    )
    assert read_corrections(dict.fromkeys(told, ""), {}) == Corrections()


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("source", "abacus"),
        ("encoding", "utf-9"),
        ("delimiter", "colon"),
        ("decimal_mark", "dot"),
        ("header_line", "first"),
        ("country", "Narnia"),
    ],
)
def test_words_that_mean_nothing_are_refused(name: str, word: str) -> None:
    with pytest.raises(UnreadableFile, match=r"\."):
        read_corrections({name: word}, {})


def test_a_survey_gives_every_decision_with_its_reason(written: Written) -> None:
    found = survey(
        written("Keyword;CPC;Rest\nmoka pot;0,94;x\ncold brew;;y\n"), corrections=Corrections()
    )
    assert [(c.header, c.becomes, c.values) for c in found.columns] == [
        ("Keyword", "keyword", ("moka pot", "cold brew")),
        ("CPC", "cpc", ("0,94",)),
        ("Rest", None, ("x", "y")),
    ]
    assert found.decimal_mark == ","
    assert found.reasons.decimal_mark == "As in 0,94"
    assert found.reasons.delimiter == "2 of 2 lines agree"
    assert found.reasons.header_line == "First value row: line 2"
    assert found.columns[1].note == "1 of the first 2 rows are empty"
    assert found.about_rows == 2
    assert not found.problem


def test_a_survey_of_a_table_without_a_keyword_column_asks_for_it(written: Written) -> None:
    path = written("Thing,Amount\nherb,1\nbasil,2\n")
    found = survey(path, corrections=Corrections())
    assert [column.header for column in found.columns] == ["Thing", "Amount"]
    assert "choose the one that holds it" in found.problem
    better = survey(path, corrections=Corrections(columns={"Thing": "keyword"}))
    assert not better.problem


def test_a_survey_shows_two_columns_of_one_meaning_as_a_problem(written: Written) -> None:
    columns = {"A": "volume", "B": "volume"}
    found = survey(written("Keyword,A,B\nherb,1,2\n"), corrections=Corrections(columns=columns))
    assert "both become volume" in found.problem


def test_a_survey_of_letters_that_cannot_be_told_asks_for_the_encoding(written: Written) -> None:
    path = written("Keyword\n緑茶の淹れ方\n".encode("shift_jis"))
    found = survey(path, corrections=Corrections())
    assert found.encoding is None
    assert "letters of this file cannot be told" in found.problem
    better = survey(path, corrections=Corrections(encoding="shift_jis"))
    assert better.columns[0].values == ("緑茶の淹れ方",)
    assert not better.problem


def test_a_survey_forgets_columns_that_are_no_longer_there(written: Written) -> None:
    corrections = Corrections(delimiter=";", columns={"Gone": "volume"})
    found = survey(written("Keyword;Volume\nherb;1\n"), corrections=corrections)
    assert [column.becomes for column in found.columns] == ["keyword", "volume"]
