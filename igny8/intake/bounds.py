"""What a workbook would take in memory, measured in its XML before it is opened.

A sheet is held as a full rectangle and every cell holds its own copy of a shared text, so a small
file can ask for any amount of memory.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipInfo

from igny8.intake.archives import DAMAGED, entries_of, entry_opener
from igny8.intake.errors import UnreadableFile

MAX_UNPACKED = 256 << 20
MAX_CELLS = 4_000_000  # of 32 bytes each, filled or not
MAX_TEXT = 256 << 20
LONG_TEXT = 1_000
LETTERS = 26
CHUNK = 1 << 20
OVERLAP = 256
LONGEST_TAG = 40

SHEETS = "xl/worksheets/"
SHARED_TEXTS = "xl/sharedstrings.xml"

# They begin with a plain letter on purpose: that is four times as fast as a word boundary.
_FAR_COLUMN = re.compile(rb"r\s*=\s*[\"'][A-Za-z]{3,}[0-9]")
_TWO_LETTERS = re.compile(rb"r\s*=\s*[\"']([A-Za-z]{2})[0-9]")
_ROW = re.compile(rb"r\s*=\s*[\"']([0-9]{1,9})[\"']")
_FAR_ROW = re.compile(rb"r\s*=\s*[\"'][A-Za-z]{1,3}([0-9]{5,9})[\"']")
_TEXT_START = re.compile(rb"<(?:\w+:)?si\b")
_SHARED = re.compile(rb"t\s*=\s*[\"']s[\"'][^>]*>\s*<(?:\w+:)?v>\s*([0-9]{1,9})\s*<")


def refuse_bomb(path: Path) -> None:
    """Read the workbook once to its end; raises UnreadableFile if opening it would not be safe."""
    entries = entries_of(path, most_bytes=MAX_UNPACKED)
    sheets = [entry for entry in entries if entry.filename.casefold().startswith(SHEETS)]
    texts = [entry for entry in entries if entry.filename.casefold() == SHARED_TEXTS]
    try:
        _refuse_entities(path, entries)
        _refuse_wide_sheets(path, sheets)
        _refuse_copied_texts(path, sheets, texts)
    except DAMAGED:
        raise damaged_workbook() from None


def damaged_workbook() -> UnreadableFile:
    """The refusal of a workbook that cannot be read to its end."""
    return UnreadableFile("The workbook is damaged. Download it again, or export it as CSV.")


def _windows(path: Path, entry: ZipInfo) -> Iterator[bytes]:
    """The part in pieces that overlap, to its end: that proves its size and its checksum."""
    before = b""
    with entry_opener(path, entry)() as stream:
        while chunk := stream.read(CHUNK):
            yield before + chunk
            before = chunk[-OVERLAP:]


def _refuse_entities(path: Path, entries: list[ZipInfo]) -> None:
    for entry in entries:
        if any(b"<!ENTITY" in window or b"<!DOCTYPE" in window for window in _windows(path, entry)):
            raise UnreadableFile("The workbook holds XML entities, which no export does.")


def _refuse_wide_sheets(path: Path, sheets: list[ZipInfo]) -> None:
    cells = sum(_cells(path, sheet) for sheet in sheets)
    if cells > MAX_CELLS:
        raise UnreadableFile(
            f"The workbook's sheets span {cells:,} cells; {MAX_CELLS:,} are allowed."
            " Save the sheet with the keywords as CSV and import that."
        )


def _cells(path: Path, sheet: ZipInfo) -> int:
    width = height = 1
    for window in _windows(path, sheet):
        width = _widest(window, width)
        height = max(
            height, *map(int, _ROW.findall(window)), *map(int, _FAR_ROW.findall(window)), 1
        )
    return width * height


def _widest(window: bytes, width: int) -> int:
    """The rightmost column of the cells in here, or `width` if that is further right."""
    if _FAR_COLUMN.search(window):
        return MAX_CELLS + 1
    while width < LETTERS and (found := _beyond(width).search(window)):
        width = found[1].upper()[0] - 64
    for pair in {pair.upper() for pair in _TWO_LETTERS.findall(window)}:
        width = max(width, (pair[0] - 64) * LETTERS + pair[1] - 64)
    return width


def _beyond(width: int) -> re.Pattern[bytes]:
    letters = bytes([65 + width]), bytes([97 + width])
    return re.compile(rb"r\s*=\s*[\"']([%b-Z%b-z])[0-9]" % letters)


def _refuse_copied_texts(path: Path, sheets: list[ZipInfo], texts: list[ZipInfo]) -> None:
    """Add up the long texts as often as cells name them."""
    long = {number: size for entry in texts for number, size in _long_texts(path, entry)}
    if not long:
        return
    copies: Counter[int] = Counter()
    for sheet in sheets:
        for window in _windows(path, sheet):
            copies.update(
                number for each in _SHARED.findall(window) if (number := int(each)) in long
            )
    held = sum(long[number] * count for number, count in copies.items())
    if held > MAX_TEXT:
        raise UnreadableFile(
            f"The texts of the workbook would take {held >> 20:,} MB."
            " Save the sheet with the keywords as CSV and import that."
        )


def _long_texts(path: Path, entry: ZipInfo) -> Iterator[tuple[int, int]]:
    """The number and size of every shared text that is long."""
    number, size = -1, 0
    for piece, starts_text in _text_pieces(path, entry):
        if starts_text:
            if size > LONG_TEXT:
                yield number, size
            number, size = number + 1, 0
        size += len(piece)
    if size > LONG_TEXT:
        yield number, size


def _text_pieces(path: Path, entry: ZipInfo) -> Iterator[tuple[bytes, bool]]:
    """The part cut before every shared text; a piece that continues one does not start it."""
    rest = b""
    with entry_opener(path, entry)() as stream:
        while chunk := stream.read(CHUNK):
            window = rest + chunk
            end = window.rfind(b"<", len(window) - LONGEST_TAG)
            window, rest = (window, b"") if end < 0 else (window[:end], window[end:])
            first, *others = _TEXT_START.split(window)
            yield first, False
            yield from ((piece, True) for piece in others)
    yield rest, False
