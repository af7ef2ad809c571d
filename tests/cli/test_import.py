"""`igny8 import`."""

import json
from pathlib import Path

import pytest

from igny8.core import clock
from igny8.planner.models import Keyword
from igny8.sites.models import Site
from tests.cli.conftest import Command

CONTRACT = {
    *("source", "encoding", "delimiter", "header_line"),
    *("columns", "rows", "keywords", "errors", "warnings"),
}
KEYWORD = {
    *("line", "keyword", "volume", "volume_min", "volume_max"),
    *("difficulty", "cpc", "intents", "country", "cluster"),
}
EXPORT = "Keyword,Volume,KD\nbasil care,1200,14\nbasil care,900,\n,5,1\nmint tea,many,3\n"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "keywords.csv"
    path.write_text(EXPORT, encoding="utf-8")
    return path


def test_a_site_that_is_not_there_is_created_and_that_is_said(igny8: Command, export: Path) -> None:
    result = igny8("import", str(export), "--site", "herbs")
    assert result.exit_code == 0
    assert "Site herbs was not there; created it." in result.stdout
    assert Keyword.objects.get(site__slug="herbs").keyword == "basil care"


def test_counts_bad_lines_and_the_next_command_are_shown(igny8: Command, export: Path) -> None:
    shown = igny8("import", str(export), "--site", "herbs").stdout
    assert "4 rows: 1 new, 1 duplicate, 2 unusable" in shown
    assert "line 4: The keyword is empty." in shown
    assert "Keyword → keyword" in shown
    assert shown.splitlines()[-1] == "Next: igny8 run --site herbs"


def test_the_json_report_has_the_keys_of_the_contract(igny8: Command, export: Path) -> None:
    report = json.loads(igny8("import", str(export), "--site", "herbs", "--json").stdout)
    assert set(report) == CONTRACT
    assert report["rows"] == {"total": 4, "new": 1, "duplicate": 1, "bad": 2}
    assert set(report["keywords"][0]) == KEYWORD
    assert report["keywords"][0]["cpc"] is None
    assert [error["line"] for error in report["errors"]] == [4, 5]


def test_a_dry_run_reports_the_same_and_stores_nothing(igny8: Command, export: Path) -> None:
    dry = igny8("import", str(export), "--site", "herbs", "--dry-run", "--json")
    assert not Site.objects.exists()
    stored = igny8("import", str(export), "--site", "herbs", "--json")
    assert json.loads(dry.stdout) == json.loads(stored.stdout)


def test_the_same_file_again_adds_nothing(igny8: Command, export: Path) -> None:
    igny8("import", str(export), "--site", "herbs")
    again = igny8("import", str(export), "--site", "herbs")
    assert "0 new, 2 duplicate" in again.stdout
    assert "created" not in again.stdout


def test_pasted_lines_come_on_standard_input(igny8: Command, garden: Site) -> None:
    result = igny8("import", "-", "--site", "garden", stdin="lemon balm\nthyme care\n")
    assert "Standard input: Plain lines" in result.stdout
    assert Keyword.objects.filter(site=garden, keyword="lemon balm").exists()


def test_a_whole_export_may_come_on_standard_input(igny8: Command) -> None:
    result = igny8("import", "-", "--site", "herbs", stdin=EXPORT)
    assert "Volume → volume" in result.stdout


def test_a_file_that_is_not_there_is_bad_input_and_makes_no_site(igny8: Command) -> None:
    result = igny8("import", "nowhere.csv", "--site", "herbs")
    assert result.exit_code == 2
    assert result.stderr == "“nowhere.csv” cannot be opened: No such file or directory.\n"
    assert not Site.objects.exists()


@pytest.mark.parametrize("slug", ["two words", "a/b", "", "x" * 61])
def test_a_name_no_site_can_have_is_bad_input(igny8: Command, export: Path, slug: str) -> None:
    result = igny8("import", str(export), "--site", slug)
    assert result.exit_code == 2
    assert "cannot be a site's short name" in result.stderr


def test_the_name_of_a_deleted_site_is_not_taken_again(
    igny8: Command, export: Path, garden: Site
) -> None:
    Site.objects.update(archived_at=clock.now())
    assert "choose another" in igny8("import", str(export), "--site", "garden").stderr


def test_what_was_recognised_wrongly_can_be_said(igny8: Command, tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_bytes("Bericht\nWas;Wie oft;Preis\ncafé;10;1,250\n".encode("cp1252"))
    result = igny8(
        *("import", str(path), "--site", "herbs", "--json", "--encoding", "cp1252"),
        *("--delimiter", "semicolon", "--header-row", "2", "--decimal", "comma", "--country", "de"),
        *("--source", "moz", "--column", "Was=keyword", "--column", "Wie oft=volume"),
        *("--column", "Preis=cpc"),
    )
    report = json.loads(result.stdout)
    assert (report["source"], report["encoding"], report["header_line"]) == ("moz", "cp1252", 2)
    assert report["columns"] == {"Was": "keyword", "Wie oft": "volume", "Preis": "cpc"}
    (keyword,) = report["keywords"]
    assert (keyword["keyword"], keyword["cpc"], keyword["country"]) == ("café", 1.25, "de")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--column", "Volume"), "names no column"),
        (("--column", "Nothing=volume"), "which the file does not have"),
        (("--encoding", "latin"), "Choose one of: utf-8"),
        (("--header-row", "40"), "Line 40 is no header"),
    ],
)
def test_a_correction_that_cannot_be_is_bad_input_and_makes_no_site(
    igny8: Command, export: Path, words: tuple[str, ...], complaint: str
) -> None:
    result = igny8("import", str(export), "--site", "herbs", *words)
    assert result.exit_code == 2
    assert complaint in result.stderr
    assert not Site.objects.exists()
