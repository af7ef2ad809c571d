"""ZIP exports: Search Console's, and archives that are something else."""

from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from igny8.intake import Row, UnreadableFile, open_export

METRICS = "Clicks,Impressions,CTR,Position"
QUERIES = f"Top queries,{METRICS}\nherb,9,300,3%,6.1\n"
SEARCH_CONSOLE = {
    "Chart.csv": f"Date,{METRICS}\n2026-05-01,9,300,3%,6.1\n",
    "Queries.csv": QUERIES,
    "Pages.csv": f"Top pages,{METRICS}\nhttps://a/,9,300,3%,6.1\n",
    "Countries.csv": f"Country,{METRICS}\nFrance,9,300,3%,6.1\n",
    "Devices.csv": f"Device,{METRICS}\nMobile,9,300,3%,6.1\n",
    "Search appearance.csv": f"Search Appearance,{METRICS}\n",
    "Filters.csv": "Filter,Value\nSearch type,Web\nDate,Last 3 months\n",
}


def write_archive(path: Path, files: Mapping[str, str | bytes]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_the_queries_of_search_console_are_found_among_its_files(tmp_path: Path) -> None:
    name = "https___example.com_-Performance-on-Search-2026-05-02.zip"
    export = open_export(write_archive(tmp_path / name, SEARCH_CONSOLE))
    assert (export.source, export.encoding, export.delimiter, export.country) == (
        "google_search_console",
        "utf-8",
        ",",
        None,
    )
    assert str(export.dated) == "2026-05-02"
    assert list(export.rows()) == [Row(2, "herb", "herb", clicks=9, impressions=300, position=6.1)]


@pytest.mark.parametrize(
    ("filters", "country"),
    [
        ("Filter,Value\nSearch type,Web\nCountry,United States\n", "us"),
        ("Filter;Wert\nSuchtyp;Web\nLand;Vereinigtes Königreich\n", "gb"),
        ("フィルタ,値\n国,日本\n", "jp"),
    ],
)
def test_the_country_filter_is_the_market_in_any_language(
    filters: str, country: str, tmp_path: Path
) -> None:
    files = {**SEARCH_CONSOLE, "Filters.csv": filters}
    export = open_export(write_archive(tmp_path / "gsc.zip", files))
    assert export.country == country
    assert [row.country for row in export.rows() if isinstance(row, Row)] == [country]


def test_a_zipped_file_of_any_tool_is_read(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "one.zip", {"folder/x.csv": "Keyword,Volume\nherb,10\n"})
    assert list(open_export(path).rows()) == [Row(2, "herb", "herb", volume=10)]


def test_names_in_an_archive_are_never_paths(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "one.zip", {"../../evil.csv": QUERIES, "/etc/passwd.csv": "x"})
    assert len(list(open_export(path).rows())) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["one.zip"]


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"Pages.csv": SEARCH_CONSOLE["Pages.csv"], "a.txt": "\0" * 999}, "Pages.csv, a.txt"),
        ({"Pages.csv": SEARCH_CONSOLE["Pages.csv"]}, "“Top pages”"),
        ({"photo.png": b"x"}, "no CSV or text file"),
        ({}, "no CSV or text file"),
        ({"Queries.csv": b"a" * (40 << 20)}, "unpack to 40 MB"),
        ({f"{number}.csv": "" for number in range(1001)}, "1,001 files"),
    ],
)
def test_an_archive_without_keywords_is_refused_with_what_it_holds(
    files: dict[str, str | bytes], complaint: str, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableFile, match=complaint):
        open_export(write_archive(tmp_path / "bad.zip", files))


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    whole = write_archive(tmp_path / "whole.zip", {"Queries.csv": QUERIES * 50}).read_bytes()
    for damaged in (whole[:-30], whole[:60] + b"x" * 40 + whole[100:]):
        path = tmp_path / "damaged.zip"
        path.write_bytes(damaged)
        with pytest.raises(UnreadableFile, match="damaged"):
            open_export(path)


def test_an_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "secret.zip", {"Queries.csv": QUERIES})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(content))
    with pytest.raises(UnreadableFile, match="password"):
        open_export(path)
