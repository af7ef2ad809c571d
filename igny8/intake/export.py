"""One keyword export: what it is, and its rows one after the other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import dropwhile
from pathlib import Path

from igny8.intake.archives import find_zipped_table, is_archive
from igny8.intake.columns import RowReader, file_mark
from igny8.intake.countries import read_country
from igny8.intake.delimited import Record
from igny8.intake.errors import UnreadableFile
from igny8.intake.filenames import NameHint, read_name
from igny8.intake.layouts import Cells, Header, Layout, lay_out
from igny8.intake.rows import BadRow, Row
from igny8.intake.sources import KEYWORD_PLANNER, LINES, SEARCH_CONSOLE
from igny8.intake.tables import Table, find_text_table, sample_of, text_opener
from igny8.intake.workbooks import find_sheets, is_workbook

MAX_BYTES = 512 << 20
MAX_ROWS = 1_000_000
SEARCH_CONSOLE_LIMIT = 1_000
MAX_NAMED = 8  # headers a warning names


@dataclass(frozen=True, slots=True)
class Part:
    """One table of the file, with the group its rows belong to where a sheet is a group."""

    table: Table
    layout: Layout
    sample: list[Cells]
    group: str | None = None


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
                outcome = BadRow(line, damage)
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
        cells = [cells for line, cells in part.sample if line > part.layout.header.line]
        mark = file_mark(cells, part.table.delimiter)
        return RowReader(part.layout, cells, mark, self.country, part.group)

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
    path: Path, *, name: str | None = None, mapping: Mapping[str, str] | None = None
) -> Export:
    """What the file is, ready to give its rows; raises UnreadableFile.

    `name` is the name the file was uploaded under, `mapping` says what columns mean:
    header → field, or "ignore".
    """
    _refuse_unreadable(path)
    hint = read_name(name or path.name)
    mapping = mapping or {}
    if not is_archive(path):
        table, header = find_text_table(lambda: path.open("rb"), mapping)
        return _export([_part(table, header, mapping)], hint)
    if is_workbook(path):
        return _workbook_export(path, mapping, hint)
    table, header, market = find_zipped_table(path, mapping)
    return _export([_part(table, header, mapping)], _with_market(hint, market))


def _workbook_export(path: Path, mapping: Mapping[str, str], hint: NameHint) -> Export:
    sheets, market = find_sheets(path, mapping)
    grouped = len(sheets) > 1
    parts = [
        _part(sheet, header, mapping, sheet.name if grouped and not _is_whole(sheet.name) else None)
        for sheet, header in sheets
    ]
    return _export(parts, _with_market(hint, market))


def _is_whole(sheet: str) -> bool:
    """A sheet that holds all keywords is no group."""
    return sheet.casefold().startswith(("all", "sheet", "keywords"))


def _with_market(hint: NameHint, market: str | None) -> NameHint:
    return NameHint(hint.country or market, hint.dated)


def open_text(text: str) -> Export:
    """Pasted lines, or a pasted table with its header; raises UnreadableFile when it is empty."""
    if not text.strip():
        raise UnreadableFile("There is no text. Paste one keyword a line.")
    table, header = find_text_table(text_opener(text), {})
    return _export([_part(table, header, {})], NameHint())


def _refuse_unreadable(path: Path) -> None:
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise UnreadableFile(f"“{path.name}” is a folder. Choose one of the files in it.")
        with path.open("rb"):
            pass
    except OSError as failure:
        raise UnreadableFile(f"“{path.name}” cannot be opened: {failure.strerror}.") from None
    if not size:
        raise UnreadableFile(f"“{path.name}” is empty. Export the keywords again.")
    if size > MAX_BYTES:
        raise UnreadableFile(
            f"“{path.name}” is larger than {MAX_BYTES >> 20} MB. Split it and import the parts."
        )


def _part(
    table: Table, header: Header | None, mapping: Mapping[str, str], group: str | None = None
) -> Part:
    sample = sample_of(table)
    if header is None:
        return Part(table, Layout(Header(0, ("keyword",), 0), LINES, {"keyword": 0}), sample)
    return Part(table, lay_out(header, mapping, sample), sample, group)


def _export(parts: list[Part], hint: NameHint) -> Export:
    part = parts[0]
    layout = part.layout
    country = hint.country or _only_country(part)
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
        _parts=tuple(parts),
    )


def _only_country(part: Part) -> str | None:
    """The country all sampled rows name."""
    at = part.layout.index.get("country")
    if at is None:
        return None
    body = (cells for line, cells in part.sample if line > part.layout.header.line)
    named = {read_country(cells[at]) for cells in body if len(cells) > at and cells[at]}
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
