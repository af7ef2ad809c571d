"""The smallest XLSX files: what a test wants to stand in the sheets, and nothing else."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

Cell = str | float | None
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
START = '<?xml version="1.0" encoding="UTF-8"?>'


def write_workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> Path:
    """A workbook of these sheets; texts are inline, None leaves the cell out."""
    return write_raw_workbook(path, {name: sheet_xml(rows) for name, rows in sheets.items()})


def write_raw_workbook(path: Path, sheets: Mapping[str, str], **more: str) -> Path:
    """A workbook whose sheets hold exactly this XML, with further parts by name."""
    numbers = range(1, len(sheets) + 1)
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": _workbook(list(sheets)),
        "xl/_rels/workbook.xml.rels": _relations(
            {f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in numbers}
            | {"rIdS": ("sharedStrings", "sharedStrings.xml")}
        ),
        "xl/sharedStrings.xml": more.get("shared", f'{START}<sst xmlns="{MAIN}"/>'),
    }
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        for number, body in zip(numbers, sheets.values(), strict=True):
            sheet = f'{START}<worksheet xmlns="{MAIN}">{body}</worksheet>'
            archive.writestr(f"xl/worksheets/sheet{number}.xml", sheet)
    return path


def sheet_xml(rows: Sequence[Sequence[Cell]]) -> str:
    """The `sheetData` element of these rows."""
    return f"<sheetData>{''.join(_row(n, row) for n, row in enumerate(rows, 1))}</sheetData>"


def _row(number: int, cells: Sequence[Cell]) -> str:
    filled = "".join(
        _cell(f"{chr(65 + at)}{number}", cell) for at, cell in enumerate(cells) if cell is not None
    )
    return f'<row r="{number}">{filled}</row>'


def _cell(reference: str, cell: Cell) -> str:
    if isinstance(cell, str):
        return f'<c r="{reference}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f'<c r="{reference}"><v>{cell}</v></c>'


def _content_types() -> str:
    return (
        f'{START}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>'
    )


def _workbook(names: list[str]) -> str:
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names, 1)
    )
    return (
        f'{START}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>'
    )


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="{identity}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for identity, (kind, target) in targets.items()
    )
    return f'{START}<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'
