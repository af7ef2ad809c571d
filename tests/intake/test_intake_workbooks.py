"""XLSX exports: the sheet with the keywords, groups that are sheets, and workbooks that attack."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from igny8.intake import BadRow, Row, UnreadableFile, open_export

from .workbook_files import Cell, sheet_xml, write_raw_workbook, write_workbook

Rows = list[list[Cell]]

MAGIC: list[Cell] = [
    "Keyword",
    "Intent",
    "Volume",
    "Trend",
    "Keyword Difficulty",
    "CPC (USD)",
    "Competitive Density",
    "SERP Features",
    "Number of Results",
]


def test_a_semrush_workbook_is_read_with_numbers_as_numbers(tmp_path: Path) -> None:
    row: list[Cell] = [
        "herb garden",
        "Commercial, Informational",
        33100,
        "0.45,1.00",
        52,
        0.71,
        0.98,
        "",
        4e8,
    ]
    path = write_workbook(
        tmp_path / "herb_broad-match_us_2026-05-01.xlsx", {"Sheet 1": [MAGIC, row]}
    )
    export = open_export(path)
    assert (export.source, export.encoding, export.delimiter) == (
        "semrush_keyword_magic",
        "xlsx",
        None,
    )
    assert list(export.rows()) == [
        Row(
            2,
            "herb garden",
            "herb garden",
            volume=33100,
            difficulty=52,
            cpc=0.71,
            currency="USD",
            intents=("commercial", "informational"),
            country="us",
        )
    ]


def test_a_sheet_a_group_gives_every_row_its_group(tmp_path: Path) -> None:
    header = MAGIC[:3]
    sheets: dict[str, Rows] = {
        "All keywords": [header, ["herb garden", "", 10]],
        "pots": [header, ["herb pot", "", 20], ["clay pot", "", 30]],
        "kits": [header, ["herb kit", "", 40]],
        "Notes": [["made for", "you"]],
    }
    export = open_export(write_workbook(tmp_path / "groups.xlsx", sheets))
    rows = [row for row in export.rows() if isinstance(row, Row)]
    assert [(row.line, row.keyword, row.cluster) for row in rows] == [
        (2, "herb garden", None),
        (2, "herb pot", "pots"),
        (3, "clay pot", "pots"),
        (2, "herb kit", "kits"),
    ]


def test_the_workbook_of_search_console_gives_queries_and_the_market(tmp_path: Path) -> None:
    metrics: list[Cell] = ["Clicks", "Impressions", "CTR", "Position"]
    sheets: dict[str, Rows] = {
        "Queries": [["Top queries", *metrics], ["herb", 9, 300, 0.03, 6.1]],
        "Pages": [["Top pages", *metrics], ["https://a/", 9, 300, 0.03, 6.1]],
        "Countries": [["Country", *metrics], ["France", 9, 300, 0.03, 6.1]],
        "Filters": [["Filter", "Value"], ["Search type", "Web"], ["Country", "Germany"]],
    }
    export = open_export(write_workbook(tmp_path / "gsc.xlsx", sheets))
    assert (export.source, export.country) == ("google_search_console", "de")
    assert list(export.rows()) == [
        Row(2, "herb", "herb", country="de", clicks=9, impressions=300, position=6.1)
    ]


def test_the_header_of_a_sheet_may_stand_lower_and_further_right(tmp_path: Path) -> None:
    rows: Rows = [[], [None, "Report"], [], [None, "Keyword", "Volume"], [None, "herb", 12000]]
    export = open_export(write_workbook(tmp_path / "late.xlsx", {"One": rows}))
    assert export.header_line == 4
    assert list(export.rows()) == [Row(5, "herb", "herb", volume=12000)]


def test_formula_cells_count_with_the_value_they_were_saved_with(tmp_path: Path) -> None:
    body = (
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Keyword</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>Volume</t></is></c></row>'
        '<row r="2"><c r="A2" t="str"><f>C1&amp;"x"</f><v>herb</v></c>'
        '<c r="B2"><f>1+1</f><v>2</v></c></row>'
        '<row r="3"><c r="A3"><f>NOW()</f></c><c r="B3"><v>5</v></c></row>'
        '<row r="4"><c r="A4" t="inlineStr"><is><t>=cmd|x</t></is></c>'
        '<c r="B4"><f>1+1</f></c></row>'
        "</sheetData>"
    )
    path = write_raw_workbook(tmp_path / "formula.xlsx", {"One": body})
    assert list(open_export(path).rows()) == [
        Row(2, "herb", "herb", volume=2),
        BadRow(3, "The keyword is empty."),
        Row(4, "=cmd|x", "=cmd|x"),
    ]


def test_a_single_column_without_a_header_is_a_list(tmp_path: Path) -> None:
    export = open_export(write_workbook(tmp_path / "list.xlsx", {"One": [["herb"], ["basil"]]}))
    assert export.source == "lines"
    assert [row.keyword for row in export.rows() if isinstance(row, Row)] == ["herb", "basil"]


def test_columns_without_a_keyword_header_are_named(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "other.xlsx", {"One": [["Thing", "Amount"], ["a", 1]]})
    with pytest.raises(UnreadableFile, match="“Thing”, “Amount”"):
        open_export(path)


@pytest.mark.parametrize("cell", ["XFD1048576", "ZZ1048576", "AB999999", "e1048576"], ids=str)
def test_a_far_away_cell_is_refused_before_its_rectangle_is_filled(
    cell: str, tmp_path: Path
) -> None:
    row = "".join(filter(str.isdigit, cell))
    body = f'<sheetData><row r="{row}"><c r="{cell}"><v>1</v></c></row></sheetData>'
    path = write_raw_workbook(tmp_path / "far.xlsx", {"One": body})
    with pytest.raises(UnreadableFile, match="cells; 4,000,000 are allowed"):
        open_export(path)


def test_a_workbook_that_unpacks_to_far_more_than_it_weighs_is_refused(tmp_path: Path) -> None:
    path = write_raw_workbook(tmp_path / "bomb.xlsx", {"One": " " * (40 << 20)})
    with pytest.raises(UnreadableFile, match="unpack to 40 MB"):
        open_export(path)


def test_a_part_that_is_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    path = write_raw_workbook(tmp_path / "liar.xlsx", {"One": sheet_xml([["Keyword"]] * 5000)})
    with ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    content = path.read_bytes().replace(size.to_bytes(4, "little"), (900).to_bytes(4, "little"))
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="The workbook is damaged"):
        open_export(path)


def test_xml_entities_are_refused(tmp_path: Path) -> None:
    lol = '<!DOCTYPE a [<!ENTITY b "xxxxxxxxxx">]>'
    path = write_raw_workbook(tmp_path / "lol.xlsx", {"One": f"{lol}<sheetData/>"})
    with pytest.raises(UnreadableFile, match="XML entities"):
        open_export(path)


def test_a_text_shared_by_too_many_cells_is_refused(tmp_path: Path) -> None:
    shared = f"<sst><si><t>{'long ' * 6000}</t></si></sst>"
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}"><v>{n * 7919}</v></c></row>'
        for n in range(1, 40_000)
    )
    path = write_raw_workbook(
        tmp_path / "shared.xlsx", {"One": f"<sheetData>{rows}</sheetData>"}, shared=shared
    )
    with pytest.raises(UnreadableFile, match="texts of the workbook"):
        open_export(path)


@pytest.mark.parametrize("part", ["word/document.xml", "content.xml"])
def test_other_office_documents_are_refused(part: str, tmp_path: Path) -> None:
    path = tmp_path / "letter.xlsx"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml" if "word" in part else "mimetype", "x")
        archive.writestr(part, "x")
    with pytest.raises(UnreadableFile, match="no XLSX workbook"):
        open_export(path)


def test_a_workbook_with_broken_xml_is_refused(tmp_path: Path) -> None:
    path = write_raw_workbook(tmp_path / "broken.xlsx", {"One": "<sheetData><row r='x'><c"})
    with pytest.raises(UnreadableFile):
        open_export(path)
