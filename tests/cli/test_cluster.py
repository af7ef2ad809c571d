"""`igny8 cluster`."""

import csv
import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import Result

from tests.automation.world import phrases
from tests.cli.conftest import Command

HEADER = "Keyword,Volume\n"
PROGRAM = "from igny8.cli import main; main()"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.csv"


def clustered(igny8: Command, text: str, out: Path, *words: str) -> Result:
    source = out.parent / "keywords.csv"
    source.write_text(text, encoding="utf-8")
    return igny8("cluster", str(source), "-o", str(out), *words)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_is_placed_in_the_order_of_the_file(igny8: Command, out: Path) -> None:
    keywords = phrases(12)
    result = clustered(igny8, "\n".join(keywords), out)
    assert result.exit_code == 0
    rows = rows_of(out)
    assert list(rows[0]) == ["keyword", "cluster", "page", "similarity", "intent"]
    assert [row["keyword"] for row in rows] == keywords
    assert all(row["cluster"] and int(row["page"]) > 0 for row in rows)


def test_a_page_belongs_to_one_cluster_and_repeated_rows_to_one_page(
    igny8: Command, out: Path
) -> None:
    clustered(igny8, HEADER + "".join(f"{k},10\n" for k in [*phrases(10), *phrases(3)]), out)
    rows = rows_of(out)
    assert len(rows) == 13
    clusters_of_pages = {(row["page"], row["cluster"]) for row in rows}
    assert len(clusters_of_pages) == len({page for page, _ in clusters_of_pages})
    assert [row["page"] for row in rows[10:]] == [row["page"] for row in rows[:3]]


def test_cells_that_a_spreadsheet_would_run_are_defused(igny8: Command, out: Path) -> None:
    clustered(igny8, HEADER + "\"=cmd|' /C calc'!A0\",1\n+1 plus,1\n-10 jokes,1\n@home,1\n", out)
    for row in rows_of(out):
        assert row["keyword"].startswith("'")
        assert not row["cluster"].startswith(("=", "+", "-", "@"))


def test_unusable_rows_are_told_and_left_out(igny8: Command, out: Path) -> None:
    result = clustered(igny8, HEADER + "basil,1\n,2\nmint,many\n", out)
    assert "line 3 left out: The keyword is empty." in result.stderr
    assert [row["keyword"] for row in rows_of(out)] == ["basil"]


def test_finer_clusters_are_not_fewer(igny8: Command, out: Path) -> None:
    counts = []
    for granularity in ("broad", "balanced", "fine"):
        clustered(igny8, "\n".join(phrases(40)), out, "--granularity", granularity)
        counts.append(len({row["cluster"] for row in rows_of(out)}))
    assert counts == sorted(counts)


def test_standard_input_is_read(igny8: Command, out: Path) -> None:
    result = igny8("cluster", "-", "-o", str(out), stdin="basil\nmint\n")
    assert result.stdout.startswith("Standard input: 2 keywords in ")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("nowhere.csv", "-o", "out.csv"), "cannot be opened"),
        (("-", "-o", "nowhere/out.csv"), "The folder nowhere is not there"),
        (("-", "-o", "."), "cannot be the output"),
        (("-", "-o", "out.csv"), "is empty"),
        (("-",), "Missing option"),
    ],
)
def test_bad_input_is_a_sentence(igny8: Command, words: tuple[str, ...], complaint: str) -> None:
    result = igny8("cluster", *words)
    assert result.exit_code == 2
    assert complaint in result.stderr


def test_the_input_is_never_overwritten(igny8: Command, out: Path) -> None:
    out.write_text("basil\nmint\n", encoding="utf-8")
    assert igny8("cluster", str(out), "-o", str(out)).exit_code == 2
    assert out.read_text(encoding="utf-8") == "basil\nmint\n"


def test_a_terminal_gets_a_bar_and_the_result(out: Path) -> None:
    master, terminal = pty.openpty()
    source = out.parent / "keywords.txt"
    source.write_text("\n".join(phrases(12)), encoding="utf-8")

    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "cluster", str(source), "-o", str(out)],
        env={**os.environ, "TERM": "xterm", "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
    ) as process:
        os.close(terminal)
        shown = everything_on(master)
        said, _ = process.communicate()

    assert "Grouping 12 keywords" in shown
    assert "━" in shown
    assert "Grouping 12 keywords ..." not in shown
    assert said.startswith("keywords.txt: 12 keywords in ")


def everything_on(screen: int) -> str:
    """What is written there until nobody can write any more."""
    shown = b""
    with suppress(OSError), os.fdopen(screen, "rb", buffering=0) as read:
        while part := read.read(4096):
            shown += part
    return shown.decode(errors="replace")


def test_elsewhere_each_step_is_a_plain_line(igny8: Command, out: Path) -> None:
    result = clustered(igny8, "basil\nmint\n", out)
    assert result.stderr.splitlines() == ["Reading ...", "Grouping 2 keywords ...", "Writing ..."]
