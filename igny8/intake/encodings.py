"""How the bytes of a text file spell letters: found by looking at all of them, in flat memory."""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import TextIOWrapper
from typing import IO, TextIO

from igny8.intake.errors import UnknownLetters, UnreadableFile

CHUNK = 1 << 20
MAX_GIANT = 1 << 17  # characters without a line end
MAX_CONTROL_SHARE = 0.05

Opener = Callable[[], IO[bytes]]

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)
_BINARY = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file (.xls, .doc); save it as .xlsx",
    b"\x1f\x8b": "a gzip archive; unpack it first",
    b"7z\xbc\xaf": "a 7-Zip archive; unpack it first",
    b"Rar!": "a RAR archive; unpack it first",
    b"SQLite format": "a database",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"PAR1": "a Parquet file; export it as CSV",
}
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_HIGH = re.compile(rb"[\x80-\xff]")
_LONG_HIGH_RUN = re.compile(rb"[\x80-\xff]{3,}")
_CENTRAL_EUROPEAN = re.compile(rb"(?<=[A-Za-z])[\xb3\xb9\xbe\xbf\xcc\xec](?=[A-Za-z])")
_NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_CYRILLIC = re.compile(rb"[\xa8\xb8\xc0-\xff]")
_LOWER_CYRILLIC = re.compile(rb"[\xb8\xe0-\xff]")


@dataclass(frozen=True, slots=True)
class TextEncoding:
    """The codec to open a text with, the name to report, and what the whole text holds."""

    codec: str
    label: str
    errors: str = "strict"
    has_nul: bool = False
    giant_lines: bool = False
    warning: str | None = None

    def open(self, opener: Opener) -> TextIO:
        """The decoded text; line ends are left as they are."""
        return TextIOWrapper(opener(), self.codec, self.errors, newline="")


def find_encoding(opener: Opener, *, chosen: str | None = None) -> TextEncoding:
    """Of the whole text, or the chosen one; raises UnreadableFile for what is no text."""
    with opener() as stream:
        head = stream.read(1 << 16)
    _refuse_binary(head)
    if chosen:
        return _as_chosen(opener, head, chosen)
    codec, label = _marked(head) or _unmarked_utf16(head) or ("utf-8", "utf-8")
    try:
        return _scan(opener, TextEncoding(codec, label))
    except UnicodeDecodeError as failure:
        return _second_guess(failure, codec, label)


def _as_chosen(opener: Opener, head: bytes, chosen: str) -> TextEncoding:
    found = TextEncoding("utf-8-sig" if chosen == "utf-8" else chosen, chosen)
    try:
        return _scan(opener, found)
    except UnicodeDecodeError:
        _refuse_garbage(head.decode(found.codec, "replace"))
        return _damaged(found.codec, chosen)


def _damaged(codec: str, label: str) -> TextEncoding:
    return TextEncoding(
        codec,
        label,
        errors="replace",
        has_nul=True,
        giant_lines=True,
        warning="Some characters of the file are damaged; rows that hold them are left out.",
    )


def _refuse_binary(head: bytes) -> None:
    for magic, kind in _BINARY.items():
        if head.startswith(magic):
            raise UnreadableFile(f"This is {kind}. Import a CSV, TSV, TXT, XLSX or ZIP export.")


def _marked(head: bytes) -> tuple[str, str] | None:
    return next(((codec, label) for bom, codec, label in _BOMS if head.startswith(bom)), None)


def _unmarked_utf16(head: bytes) -> tuple[str, str] | None:
    """Text without a byte order mark whose every other byte is nearly always NUL."""
    half = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if half and odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le", "utf-16-le"
    if half and even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be", "utf-16-be"
    return None


def _scan(opener: Opener, found: TextEncoding) -> TextEncoding:
    """Look at the whole text for NUL and for a line that fills a chunk.

    Raises UnicodeDecodeError where the codec fails.
    """
    decoder = codecs.getincrementaldecoder(found.codec)()
    has_nul = giant_lines = False
    with opener() as stream:
        chunk = stream.read(CHUNK)
        _refuse_garbage(decoder.decode(chunk))
        decoder.reset()
        while chunk:
            text = decoder.decode(chunk)
            has_nul |= "\0" in text
            giant_lines |= len(text) > MAX_GIANT and "\n" not in text and "\r" not in text
            chunk = stream.read(CHUNK)
    decoder.decode(b"", final=True)
    return replace(found, has_nul=has_nul, giant_lines=giant_lines)


def _refuse_garbage(text: str) -> None:
    if len(_CONTROLS.findall(text)) > MAX_CONTROL_SHARE * len(text) + 3:
        raise UnreadableFile("This is not a text file. Export the keywords as CSV, XLSX or ZIP.")


def _second_guess(failure: UnicodeDecodeError, codec: str, label: str) -> TextEncoding:
    chunk = bytes(failure.object)
    is_cut_off = failure.reason == "unexpected end of data"
    if codec != "utf-8" or is_cut_off or _is_damaged_utf8(chunk):
        return _damaged(codec, label)
    legacy = _legacy(chunk)
    _refuse_garbage(chunk.decode(legacy, "replace"))
    return TextEncoding(
        legacy,
        legacy,
        errors="replace",
        has_nul=True,
        giant_lines=True,
        warning=f"The file is not UTF-8; it was read as {legacy}. If letters look wrong,"
        " save it as UTF-8 and import it again.",
    )


def _is_damaged_utf8(chunk: bytes) -> bool:
    text = chunk.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    return len(re.findall("[^\x00-\x7f\ufffd]", text)) > damaged


def _legacy(chunk: bytes) -> str:
    """The one-byte encoding these bytes look like; raises UnreadableFile rather than guess wildly.

    Western text holds its high bytes singly among ASCII letters, Cyrillic text in long runs.
    """
    high = len(_HIGH.findall(chunk))
    in_runs = sum(map(len, _LONG_HIGH_RUN.findall(chunk)))
    if in_runs <= 0.25 * high:
        if _CENTRAL_EUROPEAN.search(chunk) or _NOT_CP1252.search(chunk):
            return "cp1250"
        return "cp1252"
    cyrillic = len(_CYRILLIC.findall(chunk))
    if cyrillic >= 0.97 * high and len(_LOWER_CYRILLIC.findall(chunk)) >= 0.6 * high:
        return "cp1251"
    raise UnknownLetters(
        "The letters of this file cannot be told: it is neither UTF-8 nor UTF-16."
        " Save it as UTF-8 (in Excel: “CSV UTF-8”) and import it again."
    )
