"""XLSX workbooks: bounded before they are opened, then read sheet by sheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from igny8.intake.archives import DAMAGED, entries_of
from igny8.intake.bounds import damaged_workbook, refuse_bomb
from igny8.intake.corrections import Corrections
from igny8.intake.countries import read_country
from igny8.intake.delimited import Record
from igny8.intake.errors import UnreadableFile
from igny8.intake.layouts import Header, find_header
from igny8.intake.tables import MAX_FILTERS, no_keyword_column, sample_of

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

Cell = int | float | str | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One sheet; lines are its row numbers."""

    name: str
    sheet: "CalamineSheet"
    encoding: str = "xlsx"
    delimiter: str | None = None
    has_nul: bool = True
    warning: str | None = None

    def records(self, width: int | None = None) -> Iterator[Record]:
        for line, cells in enumerate(self.sheet.iter_rows(), 1):
            yield line, [_text(cell) for cell in cells]


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def is_workbook(path: Path) -> bool:
    """Whether the archive is an XLSX workbook; raises UnreadableFile for other documents."""
    names = {entry.filename for entry in entries_of(path)}
    if "xl/workbook.xml" in names:
        return True
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise UnreadableFile("This is no XLSX workbook. Save it as .xlsx or CSV and import that.")
    return False


def find_sheets(
    path: Path, corrections: Corrections
) -> tuple[list[tuple[SheetTable, Header | None]], str | None]:
    """The sheets with keywords, which share one header, and the market a filter sheet names."""
    refuse_bomb(path)
    sheets = [sheet for sheet in _open(path) if sheet.sheet.height]
    if not sheets:
        raise UnreadableFile("The workbook is empty. Export the keywords again.")
    samples = [sample_of(sheet) for sheet in sheets]
    headers = [find_header(sample, corrections) for sample in samples]
    best = max(filter(None, headers), key=lambda header: header.known, default=None)
    if best is None:
        return [(_list_of_keywords(sheets), None)], None
    found = [
        (sheet, header)
        for sheet, header in zip(sheets, headers, strict=True)
        if header and header.cells == best.cells
    ]
    filters = (cells for sample in samples if len(sample) <= MAX_FILTERS for _, cells in sample)
    markets = (read_country(cells[1]) for cells in filters if len(cells) == 2)
    return list(found), next(filter(None, markets), None)


def _list_of_keywords(sheets: list[SheetTable]) -> SheetTable:
    """A workbook without a header is a list if its first sheet has one column."""
    if sheets[0].sheet.width == 1:
        return sheets[0]
    line, cells = next((line, cells) for line, cells in sample_of(sheets[0]) if any(cells))
    raise no_keyword_column(cells, line, None)


def _open(path: Path) -> list[SheetTable]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

    try:
        workbook = CalamineWorkbook.from_path(str(path))
        names = [
            each.name for each in workbook.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet
        ]
        return [SheetTable(name, workbook.get_sheet_by_name(name)) for name in names]
    except (CalamineError, *DAMAGED):
        raise damaged_workbook() from None
