"""The tables of one keyword file, each with what its columns mean."""

from dataclasses import dataclass, replace
from pathlib import Path

from igny8.intake.archives import find_zipped_table, is_archive
from igny8.intake.columns import Marks, file_mark
from igny8.intake.corrections import Corrections
from igny8.intake.errors import UnknownColumn, UnreadableFile
from igny8.intake.filenames import NameHint, read_name
from igny8.intake.layouts import Cells, Header, Layout, lay_out
from igny8.intake.sources import LINES
from igny8.intake.tables import Table, find_text_table, no_keyword_column, sample_of, text_opener
from igny8.intake.workbooks import find_sheets, is_workbook

MAX_BYTES = 512 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One table of the file, with the group its rows belong to where a sheet is a group."""

    table: Table
    layout: Layout
    sample: list[Cells]
    marks: Marks
    group: str | None = None

    @property
    def body(self) -> list[list[str]]:
        """The cells of the sampled rows under the header."""
        return [cells for line, cells in self.sample if line > self.layout.header.line]


@dataclass(frozen=True, slots=True)
class Opened:
    """What was found in a file; the first part stands for all of them."""

    parts: tuple[Part, ...]
    hint: NameHint


def open_parts(path: Path, name: str, corrections: Corrections) -> Opened:
    """Raises UnreadableFile; whether a column holds the keyword is for `refuse_unusable` to say."""
    _refuse_unreadable(path)
    hint = read_name(name)
    if not is_archive(path):
        table, header = find_text_table(lambda: path.open("rb"), corrections)
        return Opened((_part(table, header, corrections),), _told(hint, corrections))
    if is_workbook(path):
        parts, market = _workbook_parts(path, corrections)
    else:
        table, header, market = find_zipped_table(path, corrections)
        parts = [_part(table, header, corrections)]
    return Opened(tuple(parts), _told(_with_market(hint, market), corrections))


def open_pasted(text: str, corrections: Corrections) -> Opened:
    table, header = find_text_table(text_opener(text), corrections)
    return Opened((_part(table, header, corrections),), _told(NameHint(), corrections))


def refuse_unusable(part: Part) -> None:
    """Raises UnreadableFile when two columns mean the same, or none is the keyword."""
    if part.layout.clash:
        raise UnreadableFile(part.layout.clash)
    if "keyword" not in part.layout.index:
        header = part.layout.header
        raise no_keyword_column(header.cells, header.line, part.table.delimiter)


def _told(hint: NameHint, corrections: Corrections) -> NameHint:
    return replace(hint, country=corrections.country or hint.country)


def _workbook_parts(path: Path, corrections: Corrections) -> tuple[list[Part], str | None]:
    sheets, market = find_sheets(path, corrections)
    grouped = len(sheets) > 1
    parts = [
        _part(
            sheet,
            header,
            corrections,
            sheet.name if grouped and not _is_whole(sheet.name) else None,
        )
        for sheet, header in sheets
    ]
    return parts, market


def _is_whole(sheet: str) -> bool:
    """A sheet that holds all keywords is no group."""
    return sheet.casefold().startswith(("all", "sheet", "keywords"))


def _with_market(hint: NameHint, market: str | None) -> NameHint:
    return NameHint(hint.country or market, hint.dated)


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
    table: Table, header: Header | None, corrections: Corrections, group: str | None = None
) -> Part:
    sample = sample_of(table)
    layout = _plain(corrections) if header is None else lay_out(header, corrections, sample)
    body = [cells for line, cells in sample if line > layout.header.line]
    marks = Marks(file_mark(body, table.delimiter), corrections.decimal_mark)
    return Part(table, layout, sample, marks, group)


def _plain(corrections: Corrections) -> Layout:
    if corrections.columns:
        raise UnknownColumn(
            "The file has no header: each line is a keyword, so no column can be named."
        )
    source = corrections.known_source or LINES
    return Layout(Header(0, ("keyword",), 0), source, {"keyword": 0})
