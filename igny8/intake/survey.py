"""What a file seems to be, each decision with its reason, for a person to correct."""

from dataclasses import dataclass, replace
from pathlib import Path

from igny8.intake.columns import Marks
from igny8.intake.corrections import ONE_A_LINE, Corrections
from igny8.intake.encodings import Opener
from igny8.intake.errors import NoKeywordColumn, UnknownColumn, UnknownLetters, UnreadableFile
from igny8.intake.export import market_of
from igny8.intake.headers import header_key
from igny8.intake.layouts import HEADER_ROWS, Layout
from igny8.intake.numbers import decimal_mark
from igny8.intake.opening import Opened, Part, open_parts, refuse_unusable
from igny8.intake.sources import CSV, LINES, Source
from igny8.intake.tables import TextTable
from igny8.intake.workbooks import SheetTable

VALUES_SHOWN = 3
VALUE_LENGTH = 60
LINES_OFFERED = 12
FALLBACK = "cp1252"  # what letters are shown in while nobody said which they are


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: what it becomes (None: nothing), its first values, why."""

    header: str
    becomes: str | None
    values: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Reasons:
    """One sentence a decision."""

    source: str
    encoding: str
    delimiter: str
    header_line: str
    decimal_mark: str
    country: str


@dataclass(frozen=True, slots=True)
class Survey:
    """`problem` says why the file cannot be imported like this; empty when it can."""

    source: Source
    encoding: str | None
    delimiter: str | None
    header_line: int | None
    decimal_mark: str
    country: str | None
    columns: tuple[Column, ...]
    lines: tuple[tuple[int, str], ...]  # that could be the header
    reasons: Reasons
    about_rows: int
    is_workbook: bool
    problem: str = ""


def survey(path: Path, *, corrections: Corrections, name: str | None = None) -> Survey:
    """Raises UnreadableFile only where no correction helps."""
    name = name or path.name
    try:
        opened = open_parts(path, name, corrections)
    except UnknownColumn:
        return survey(path, corrections=replace(corrections, columns={}), name=name)
    except UnknownLetters as unknown:
        found = survey(path, corrections=replace(corrections, encoding=FALLBACK), name=name)
        reasons = replace(found.reasons, encoding="Not UTF-8; choose the one it was saved in")
        return replace(found, encoding=None, reasons=reasons, problem=str(unknown))
    except NoKeywordColumn as missing:
        if corrections.header_line is not None:
            raise
        seen = replace(corrections, header_line=missing.line, delimiter=missing.delimiter)
        found = survey(path, corrections=seen, name=name)
        reasons = _reasons(open_parts(path, name, seen), corrections)
        return replace(found, reasons=reasons)
    return _surveyed(path, opened, corrections)


def _surveyed(path: Path, opened: Opened, corrections: Corrections) -> Survey:
    part = opened.parts[0]
    table, layout = part.table, part.layout
    return Survey(
        source=layout.source,
        encoding=table.encoding,
        delimiter=table.delimiter or ONE_A_LINE,
        header_line=layout.header.line,
        decimal_mark=_mark(part.marks),
        country=market_of(opened),
        columns=tuple(_columns(part)),
        lines=tuple((line, " · ".join(filter(None, cells))[:60]) for line, cells in _top(part)),
        reasons=_reasons(opened, corrections),
        about_rows=sum(map(_rows_of, opened.parts)),
        is_workbook=isinstance(table, SheetTable),
        problem=_problem(part),
    )


def _top(part: Part) -> list[tuple[int, list[str]]]:
    return part.sample[: min(LINES_OFFERED, HEADER_ROWS)]


def _problem(part: Part) -> str:
    try:
        refuse_unusable(part)
    except NoKeywordColumn:
        return "No column becomes the keyword yet; choose the one that holds it."
    except UnreadableFile as clash:
        return str(clash)
    return ""


def _columns(part: Part) -> list[Column]:
    if part.layout.source is LINES and not part.layout.columns:
        return [_column(part, 0, "Each line")]
    seen: set[str] = set()
    found = []
    for at, header in enumerate(part.layout.header.cells):
        if header and header not in seen:
            found.append(_column(part, at, header))
        seen.add(header)
    return found


def _column(part: Part, at: int, header: str) -> Column:
    layout = part.layout
    becomes = "keyword" if layout.index.get("keyword") == at else layout.columns.get(header)
    cells = (cells[at].strip() for cells in part.body if len(cells) > at)
    values = list(dict.fromkeys(cell[:VALUE_LENGTH] for cell in cells if cell))[:VALUES_SHOWN]
    return Column(header, becomes, tuple(values), _note(part, at, header, becomes))


def _note(part: Part, at: int, header: str, becomes: str | None) -> str:
    if becomes is None:
        return part.layout.ignored.get(header, "")
    filled = sum(1 for cells in part.body if len(cells) > at and cells[at].strip())
    total = len(part.body)
    return "" if filled == total else f"{total - filled:,} of the first {total:,} rows are empty"


def _rows_of(part: Part) -> int:
    if isinstance(part.table, SheetTable):
        return max(0, int(part.table.sheet.height) - part.layout.header.line)
    assert isinstance(part.table, TextTable)
    return max(0, _lines_in(part.table.opener) - part.layout.header.line)


def _lines_in(opener: Opener) -> int:
    """About: a cell may hold a line end."""
    ends = returns = 0
    last = b"\n"
    with opener() as stream:
        while chunk := stream.read(1 << 20):
            ends += chunk.count(b"\n")
            returns += chunk.count(b"\r")
            last = chunk.rstrip(b"\0")[-1:] or last
    return max(ends, returns) + (last not in {b"\n", b"\r"})


def _mark(marks: Marks) -> str:
    return marks.chosen or marks.likely


def _reasons(opened: Opened, corrections: Corrections) -> Reasons:
    part = opened.parts[0]
    said = {
        name: "Chosen here"
        for name in ("source", "encoding", "delimiter", "header_line", "decimal_mark", "country")
        if getattr(corrections, name) is not None
    }
    found = {
        "source": _why_source(part.layout),
        "encoding": _why_encoding(part),
        "delimiter": _why_delimiter(part),
        "header_line": _why_header(part),
        "decimal_mark": _why_mark(part),
        "country": _why_country(opened),
    }
    return Reasons(**{**found, **said})


def _why_source(layout: Layout) -> str:
    if layout.source is LINES:
        return "One keyword a line"
    if layout.source is CSV:
        return "No tool's own column names"
    keys = {header_key(cell) for cell in layout.header.cells}
    signature = next((each for each in layout.source.signatures if each <= keys), frozenset())
    return (
        f"By {len(signature)} of its column names" if len(signature) > 1 else "By a column's name"
    )


def _why_encoding(part: Part) -> str:
    label = part.table.encoding
    if label == "xlsx":
        return "A workbook says so itself"
    if label.startswith("utf-16") or label.endswith("-sig"):
        return "By how the file begins"
    return "Every letter fits" if label == "utf-8" else "Not UTF-8; its letters look like this"


def _why_delimiter(part: Part) -> str:
    if part.table.delimiter is None:
        return "Sheets have cells" if part.table.encoding == "xlsx" else "One cell a line"
    width = len(part.layout.header.cells)
    agree = sum(1 for cells in part.body if len(cells) == width)
    return f"{agree:,} of {len(part.body):,} lines agree"


def _why_header(part: Part) -> str:
    if part.layout.header.line == 0:
        return "No line names the columns"
    first = next((line for line, _ in part.sample if line > part.layout.header.line), None)
    return f"First value row: line {first}" if first else "Nothing stands under it"


def _why_mark(part: Part) -> str:
    for at in part.layout.index.values():
        for cells in part.body:
            if len(cells) > at and decimal_mark(cells[at : at + 1]) == part.marks.likely:
                return f"As in {cells[at].strip()[:20]}"
    return "No number tells"


def _why_country(opened: Opened) -> str:
    if opened.hint.country:
        return "From the file's name or filters"
    return "All rows say so" if market_of(opened) else "The file does not say"
