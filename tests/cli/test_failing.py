"""How commands fail, and what they load."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from igny8.cli.failing import report
from igny8.clustering import GroupingFailedError
from igny8.core.errors import UsageError, UserError
from igny8.intake import UnreadableFile
from tests.cli.conftest import Command

HEAVY = ("dbos", "numpy", "PIL", "wordllama", "pydantic_ai", "openai", "sklearn")
LOADED = f"import sys; loaded = [name for name in {HEAVY} if name in sys.modules]; "


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UserError("The run is over."), 1),
        (UsageError("No such site."), 2),
        (UnreadableFile("Empty file."), 2),
        (GroupingFailedError("Out of memory."), 1),
    ],
)
def test_an_expected_error_is_its_sentence(
    error: Exception, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(error) == status
    assert capsys.readouterr().err == f"{error}\n"


def test_an_unexpected_error_is_one_calm_sentence_and_a_traceback_in_the_log(
    data_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(ZeroDivisionError("division by zero")) == 1
    told = capsys.readouterr().err
    assert (
        told
        == f"Something went wrong in IGNY8 itself. The details are in {data_folder}/igny8.log.\n"
    )
    assert "ZeroDivisionError: division by zero" in (data_folder / "igny8.log").read_text()


def test_a_full_disk_is_told_plainly(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(OSError(28, "No space left on device")) == 1
    assert capsys.readouterr().err == "The disk is full. Make room, then do this again.\n"


def test_a_command_that_is_not_there_is_bad_usage(igny8: Command) -> None:
    assert igny8("imprt").exit_code == 2


def test_the_version_is_shown(igny8: Command) -> None:
    assert igny8("--version").stdout.startswith("igny8 ")


def python(code: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "IGNY8_DATA": str(folder / "data"), "DATABASE_URL": "", **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


CALL = (
    "import sys; sys.argv[1:] = {words!r}\nfrom igny8.cli import main\ntry: main()\nfinally: {then}"
)


@pytest.mark.slow
def test_a_new_installation_opens_itself_quietly_and_loads_nothing_heavy(tmp_path: Path) -> None:
    then = LOADED + "assert not loaded, loaded"
    lines = tmp_path / "lines.txt"
    lines.write_text("basil\nmint\n", encoding="utf-8")
    made = python(CALL.format(words=["import", str(lines), "--site", "herbs"], then=then), tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    shown = python(CALL.format(words=["status", "--json"], then=then), tmp_path)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert (tmp_path / "data" / "igny8.sqlite3").is_file()


def test_clustering_needs_neither_database_nor_web_framework(tmp_path: Path) -> None:
    (tmp_path / "lines.txt").write_text("basil\nmint\n", encoding="utf-8")
    words = ["cluster", "lines.txt", "-o", "out.csv"]
    then = "assert 'django' not in sys.modules"
    made = python(CALL.format(words=words, then=then), tmp_path)
    assert made.returncode == 0, made.stderr
    assert not (tmp_path / "data").exists()


def test_a_wrong_setting_is_named_and_stops_the_start(tmp_path: Path) -> None:
    code = CALL.format(words=["status"], then="pass")
    refused = python(code, tmp_path, DATABASE_URL="mysql://localhost/x")
    assert refused.returncode == 2
    assert refused.stderr.startswith("DATABASE_URL must look like ")
    assert "Traceback" not in refused.stderr
