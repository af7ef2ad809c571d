"""ZIP exports, as Search Console makes them: read in place, never unpacked, bounded first."""

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from igny8.intake.corrections import Corrections
from igny8.intake.countries import read_country
from igny8.intake.encodings import Opener, find_encoding
from igny8.intake.errors import UnreadableFile
from igny8.intake.layouts import Header
from igny8.intake.tables import MAX_FILTERS, TextTable, find_text_table, sample_of

MAX_ENTRIES = 1_000
MAX_UNPACKED = 512 << 20
MAX_RATIO = 200
MIN_SUSPECT = 10 << 20  # bytes; a small entry may be packed as tightly as it likes
TEXT_SUFFIXES = (".csv", ".tsv", ".txt")

DAMAGED = (BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError, ValueError)


def is_archive(path: Path) -> bool:
    """Whether the file begins as ZIP archives and Office documents do."""
    with path.open("rb") as stream:
        return stream.read(4) in {b"PK\x03\x04", b"PK\x05\x06"}


def entries_of(path: Path, *, most_bytes: int = MAX_UNPACKED) -> list[ZipInfo]:
    """The archive's entries; raises UnreadableFile if it is damaged or unpacks to too much."""
    try:
        with ZipFile(path) as archive:
            entries = archive.infolist()
    except DAMAGED:
        raise UnreadableFile("The archive is damaged. Download the export again.") from None
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > most_bytes or any(map(_is_bomb, entries)):
        raise UnreadableFile(
            f"The archive holds {len(entries):,} files that unpack to {unpacked >> 20:,} MB;"
            " that is no keyword export. Import the CSV file alone."
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFile("The archive has a password. Unpack it and import the CSV file in it.")
    return entries


def _is_bomb(entry: ZipInfo) -> bool:
    return entry.file_size > max(MIN_SUSPECT, MAX_RATIO * entry.compress_size)


def entry_opener(path: Path, entry: ZipInfo) -> Opener:
    """Opens one entry for reading."""

    def open_entry() -> IO[bytes]:
        with ZipFile(path) as archive:
            return archive.open(entry)

    return open_entry


def find_zipped_table(
    path: Path, corrections: Corrections
) -> tuple[TextTable, Header | None, str | None]:
    """The table with the keywords among the archive's files, its header and the market filter."""
    texts = [entry for entry in entries_of(path) if _is_text(entry)]
    refusals: list[UnreadableFile] = []
    found = list(_tables_in(path, texts, corrections, refusals.append))
    if not found:
        raise _refusal(texts, refusals)
    table, header = max(found, key=lambda each: each[1].known if each[1] else 0)
    return table, header, _market(path, texts)


def _tables_in(
    path: Path,
    texts: list[ZipInfo],
    corrections: Corrections,
    refuse: Callable[[UnreadableFile], None],
) -> Iterator[tuple[TextTable, Header | None]]:
    for entry in texts:
        try:
            table, header = find_text_table(entry_opener(path, entry), corrections)
        except UnreadableFile as reason:
            refuse(reason)
        except DAMAGED:
            refuse(UnreadableFile("The archive is damaged. Download the export again."))
        else:
            if header or len(texts) == 1:
                yield table, header


def _refusal(texts: list[ZipInfo], refusals: list[UnreadableFile]) -> UnreadableFile:
    if len(texts) == 1 and refusals:
        return refusals[0]
    names = ", ".join(entry.filename[-60:] for entry in texts[:12]) or "no CSV or text file"
    return UnreadableFile(
        f"No file of the archive has a column of keywords; it holds {names}."
        " Import the file with the keywords alone."
    )


def _is_text(entry: ZipInfo) -> bool:
    name = entry.filename.casefold()
    return (
        name.endswith(TEXT_SUFFIXES)
        and entry.file_size > 0
        and not name.startswith("__macosx/")
        and not name.rpartition("/")[2].startswith(".")
    )


def _market(path: Path, texts: list[ZipInfo]) -> str | None:
    """The country the export was filtered by: a two-column table of filters names it."""
    for entry in texts:
        if entry.file_size > 1 << 16:
            continue
        try:
            rows = _two_columns(entry_opener(path, entry))
        except (UnreadableFile, *DAMAGED):
            continue
        if country := next(filter(None, (read_country(value) for _, value in rows)), None):
            return country
    return None


def _two_columns(opener: Opener) -> list[list[str]]:
    text = find_encoding(opener)
    for delimiter in ",;\t":
        rows = [cells for _, cells in sample_of(TextTable(opener, text, delimiter)) if cells]
        if 1 < len(rows) <= MAX_FILTERS and all(len(cells) == 2 for cells in rows):
            return rows
    return []
