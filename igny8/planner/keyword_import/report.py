"""What an import made of a file."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from igny8.intake import BadRow, Export
from igny8.planner.keyword_import.figures import merged
from igny8.planner.keyword_import.reading import MOST_LISTED, Arrival, Reading

LISTED = (
    "volume",
    "volume_min",
    "volume_max",
    "difficulty",
    "cpc",
    "intents",
    "country",
    "cluster",
)


@dataclass(frozen=True, slots=True)
class RowCounts:
    """`total` is the sum of the others; a duplicate was in the site or earlier in the file."""

    total: int
    new: int
    duplicate: int
    bad: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """`keywords` are the new ones as the public contract lists them, at most 10,000."""

    source: str
    encoding: str
    delimiter: str | None
    header_line: int | None
    columns: dict[str, str]
    rows: RowCounts
    keywords: list[dict[str, Any]]
    errors: list[BadRow]
    warnings: list[str]
    twice: int = 0  # of the duplicates those that an earlier row of the file had

    def as_json(self) -> dict[str, Any]:
        """The public contract's shape; unknown is None, intents that are unknown an empty list."""
        errors = [{"line": row.line, "reason": row.reason} for row in self.errors]
        told = {**asdict(replace(self, errors=[])), "errors": errors}
        del told["twice"]
        return told


class NewKeywords:
    """Counts the new keywords and keeps the first of them for the report."""

    def __init__(self, *, before: int) -> None:
        self.count = before
        self._listed: dict[str, Arrival] = {}

    def add(self, arrivals: list[Arrival]) -> None:
        self.count += len(arrivals)
        room = MOST_LISTED - len(self._listed)
        self._listed.update((each.normalised, each) for each in arrivals[:room])

    def fill(self, arrivals: list[Arrival]) -> None:
        """Later rows of the file may know what the first one left open."""
        for each in arrivals:
            if each.repeats and (first := self._listed.get(each.normalised)):
                first.figures = merged([first.figures, each.figures])

    def listed(self) -> Iterator[dict[str, Any]]:
        for each in self._listed.values():
            figures = {name: each.figures.get(name) for name in LISTED}
            figures["intents"] = figures["intents"] or []
            yield {"line": each.line, "keyword": each.keyword, **figures}


def report_on(export: Export, reading: Reading, new: NewKeywords) -> ImportReport:
    """`export` must have been read to its end, else its warnings are not complete."""
    return ImportReport(
        source=export.source,
        encoding=export.encoding,
        delimiter=export.delimiter,
        header_line=export.header_line,
        columns=dict(export.columns),
        rows=RowCounts(
            total=reading.total,
            new=new.count,
            duplicate=reading.total - reading.bad - new.count,
            bad=reading.bad,
        ),
        keywords=list(new.listed()),
        errors=list(reading.errors),
        warnings=[*export.warnings, *_cut_short(new.count, reading.bad)],
        twice=reading.twice,
    )


def _cut_short(new: int, bad: int) -> Iterator[str]:
    for count, what in ((new, "new keywords"), (bad, "bad rows")):
        if count > MOST_LISTED:
            yield f"This report lists the first {MOST_LISTED:,} of {count:,} {what}."
