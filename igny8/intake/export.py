"""One keyword export: what it is, and its rows one after the other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import dropwhile
from pathlib import Path

from igny8.intake.columns import RowReader
from igny8.intake.corrections import RECOGNISED, Corrections
from igny8.intake.countries import read_country
from igny8.intake.delimited import Record
from igny8.intake.errors import UnreadableFile
from igny8.intake.filenames import read_name
from igny8.intake.opening import Opened, Part, open_parts, open_pasted, refuse_unusable
from igny8.intake.rows import BadRow, Row, text_of
from igny8.intake.sources import KEYWORD_PLANNER, SEARCH_CONSOLE

MAX_ROWS = 1_000_000
SEARCH_CONSOLE_LIMIT = 1_000
MAX_NAMED = 8  # headers a warning names


@dataclass(slots=True)
class Tally:
    """What was met while the rows were read."""

    rows: int = 0
    estimates: int = 0
    unread: dict[str, str] = field(default_factory=dict)
    currencies: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Export:
    """A readable keyword export; `warnings` is complete once `rows` has been read to its end."""

    source: str
    label: str
    encoding: str
    delimiter: str | None
    header_line: int | None
    columns: dict[str, str]
    country: str | None
    dated: date | None
    warnings: list[str]
    ignored: dict[str, str]
    _parts: tuple[Part, ...] = field(repr=False)

    def rows(self) -> Iterator[Row | BadRow]:
        """Every row in the order of the file; what cannot be used is a BadRow. Streams."""
        tally = Tally()
        standing = list(self.warnings)
        for part in self._parts:
            yield from self._rows_of(part, tally)
        self.warnings[:] = [*standing, *self._findings(tally, standing)]

    def _rows_of(self, part: Part, tally: Tally) -> Iterator[Row | BadRow]:
        reader = self._reader_of(part)
        read, may_be_damaged = reader.read, part.table.has_nul
        for line, cells in self._body(part):
            if isinstance(cells, str):
                outcome: Row | BadRow = BadRow(line, cells)
            elif not any(cells):
                continue
            elif may_be_damaged and (damage := _damage(cells)):
                outcome = BadRow(line, damage, text_of(cells))
            else:
                outcome = read(line, cells)
            tally.rows += 1
            if tally.rows > MAX_ROWS:
                yield BadRow(line, f"Only the first {MAX_ROWS:,} rows are read; split the file.")
                break
            yield outcome
        tally.estimates += reader.estimates
        tally.unread |= reader.unread
        tally.currencies |= reader.currencies()

    def _reader_of(self, part: Part) -> RowReader:
        return RowReader(part.layout, part.body, part.marks, self.country, part.group)

    def _body(self, part: Part) -> Iterator[Record]:
        header = part.layout.header
        records = part.table.records(len(header.cells))
        return dropwhile(lambda record: record[0] <= header.line, records)

    def _findings(self, tally: Tally, standing: list[str]) -> Iterator[str]:
        found = []
        if not tally.rows:
            found.append("There is no row under the header.")
        if self.source == SEARCH_CONSOLE.name and tally.rows == SEARCH_CONSOLE_LIMIT:
            found.append(
                "Exactly 1,000 rows: Search Console cuts its exports there;"
                " keywords with fewer clicks are missing."
            )
        if tally.currencies:
            found.append(f"Prices are in {', '.join(sorted(tally.currencies))}.")
        if tally.estimates:
            found.append(f"Search volumes that are ranges, not exact figures: {tally.estimates:,}.")
        found += [
            f"Some cells for {name} are no usable numbers, such as “{cell}”; they count as unknown."
            for name, cell in tally.unread.items()
        ]
        return (warning for warning in found if warning not in standing)


def open_export(
    path: Path, *, name: str | None = None, corrections: Corrections = RECOGNISED
) -> Export:
    """What the file is, ready to give its rows; raises UnreadableFile.

    `name` is the name the file was uploaded under, `corrections` what a person says of it.
    """
    return _export(open_parts(path, name or path.name, corrections))


def open_text(text: str) -> Export:
    """Pasted lines, or a pasted table with its header; raises UnreadableFile when it is empty."""
    if not text.strip():
        raise UnreadableFile("There is no text. Paste one keyword a line.")
    return _export(open_pasted(text, RECOGNISED))


def _export(opened: Opened) -> Export:
    part, hint = opened.parts[0], opened.hint
    refuse_unusable(part)
    layout = part.layout
    country = market_of(opened)
    return Export(
        source=layout.source.name,
        label=layout.source.label,
        encoding=part.table.encoding,
        delimiter=part.table.delimiter,
        header_line=layout.header.line or None,
        columns={
            each: layout.columns[each] for each in layout.header.cells if each in layout.columns
        },
        country=country,
        dated=hint.dated or _preamble_date(part),
        warnings=list(_standing_warnings(part, country)),
        ignored=dict(layout.ignored),
        _parts=opened.parts,
    )


def market_of(opened: Opened) -> str | None:
    """What was said, or the file's name says, or all sampled rows do."""
    return opened.hint.country or _only_country(opened.parts[0])


def _only_country(part: Part) -> str | None:
    at = part.layout.index.get("country")
    if at is None:
        return None
    named = {read_country(cells[at]) for cells in part.body if len(cells) > at and cells[at]}
    return named.pop() if len(named) == 1 else None


def _preamble_date(part: Part) -> date | None:
    above = (cells for line, cells in part.sample if line < part.layout.header.line)
    return next(filter(None, (read_name(" ".join(cells)).dated for cells in above)), None)


def _standing_warnings(part: Part, country: str | None) -> Iterator[str]:
    layout = part.layout
    if part.table.warning:
        yield part.table.warning
    if country is None and "country" not in layout.index:
        yield "The file does not say which market it is for; choose the country."
    if layout.source is KEYWORD_PLANNER and "volume" not in layout.index:
        yield "No column with the monthly searches was recognised; name it in the column mapping."
    for header in layout.repeated:
        yield f"The column “{header}” is there more than once; the first is used."
    if layout.ignored:
        yield f"Columns not used: {_explained(layout.ignored)}."


def _explained(ignored: Mapping[str, str]) -> str:
    reasons: dict[str, list[str]] = {}
    for header, reason in ignored.items():
        reasons.setdefault(reason, []).append(header)
    return "; ".join(f"{_shortened(headers)} ({reason})" for reason, headers in reasons.items())


def _shortened(headers: list[str]) -> str:
    more = f" and {len(headers) - MAX_NAMED} more" if len(headers) > MAX_NAMED else ""
    return ", ".join(header[:40] for header in headers[:MAX_NAMED]) + more


def _damage(cells: list[str]) -> str | None:
    text = "".join(cells)
    if "\0" in text:
        return "The row holds a NUL byte."
    if "\ufffd" in text:
        return "The row holds a character that could not be decoded."
    return None
