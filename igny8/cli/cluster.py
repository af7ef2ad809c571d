"""`igny8 cluster`: a keyword file grouped into topics and pages, without any database."""

import csv
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from igny8.cli.options import counted, remark, say
from igny8.cli.progress import steps
from igny8.cli.reading import KeywordFile, name_of, opened
from igny8.clustering import Granularity, Phrase, group
from igny8.core.errors import UsageError
from igny8.core.spreadsheets import defused

if TYPE_CHECKING:
    from igny8.clustering import Grouping
    from igny8.intake import Export, Row

COLUMNS = ("keyword", "cluster", "page", "similarity", "intent")
ERRORS_SHOWN = 10
WRITING_BEGINS = 95
NOBODY_KNOWS = None


def cluster(
    file: KeywordFile,
    out: Annotated[Path, typer.Option("-o", "--out", help="The CSV file to write.")],
    granularity: Annotated[
        Granularity, typer.Option(help="How large clusters may grow.")
    ] = Granularity.BALANCED,
) -> None:
    """Group the keywords of a file into clusters and pages; no database, rows in file order."""
    _refuse_output(file, out)
    with opened(file) as export, steps() as step:
        step("Reading", 0)
        rows = _rows(export)
        step(f"Grouping {counted(len(rows), 'keyword', 'keywords')}", NOBODY_KNOWS)
        grouping = _grouped(rows, granularity)
        step("Writing", WRITING_BEGINS)
        pages = _write(out, rows, grouping)
    say(
        f"{name_of(file)}: {counted(len(rows), 'keyword', 'keywords')} in "
        f"{counted(len(grouping.topics), 'cluster', 'clusters')} and "
        f"{counted(pages, 'page', 'pages')}, written to {out}"
    )


def _refuse_output(file: Path, out: Path) -> None:
    if not out.parent.is_dir():
        raise UsageError(f"The folder {out.parent} is not there; make it first.")
    if out.is_dir() or (out.exists() and file.exists() and out.samefile(file)):
        raise UsageError(f"{out} cannot be the output: it is the input or a folder.")


def _rows(export: "Export") -> "list[Row]":
    """The usable rows in file order; the others are told."""
    from igny8.intake import BadRow, Row

    outcomes = list(export.rows())
    bad = [row for row in outcomes if isinstance(row, BadRow)]
    for row in bad[:ERRORS_SHOWN]:
        remark(f"line {row.line} left out: {row.reason}")
    if len(bad) > ERRORS_SHOWN:
        remark(f"and {len(bad) - ERRORS_SHOWN:,} more lines left out")
    rows = [row for row in outcomes if isinstance(row, Row)]
    if not rows:
        raise UsageError("There is no keyword in this file.")
    return rows


def _grouped(rows: "Sequence[Row]", granularity: Granularity) -> "Grouping":
    phrases = [
        Phrase(id=at, text=row.keyword, volume=row.volume or row.volume_max, intents=row.intents)
        for at, row in enumerate(rows)
    ]
    return group(phrases, granularity=granularity)


def _write(out: Path, rows: "Sequence[Row]", grouping: "Grouping") -> int:
    """Whole or not at all; returns the number of pages."""
    lines = list(_lines(rows, grouping))
    partial = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows(lines)
        partial.replace(out)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UsageError(f"{out} cannot be written: {error.strerror}.") from error
    return len({page for _, _, page, _, _ in lines})


def _lines(rows: "Sequence[Row]", grouping: "Grouping") -> Iterator[tuple[str, str, int, str, str]]:
    """In the order of `rows`; pages are numbered through the file."""
    places = {member.id: (topic, member) for topic in grouping.topics for member in topic.members}
    pages: dict[tuple[str, int], int] = {}
    for at, row in enumerate(rows):
        topic, member = places[at]
        page = pages.setdefault((topic.name, member.page), len(pages) + 1)
        likeness = f"{max(0.0, member.similarity):.3f}"
        yield defused(row.keyword), defused(topic.name), page, likeness, str(topic.intent)
