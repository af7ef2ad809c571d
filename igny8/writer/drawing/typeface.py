"""The bundled faces: which characters they have and how wide they set a text."""

import struct
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FONTS = Path(__file__).parent.parent / "fonts"
MOST_CHARACTERS = 400
UNSEEN = ("Cc", "Cf")
FORMAT_SEGMENTS = 4
FORMAT_GROUPS = 12


@dataclass(frozen=True)
class Typeface:
    """One font file."""

    file: str

    def covers(self, text: str) -> bool:
        """Whether every character of `text` has a glyph; a space needs none."""
        return all(char == " " or ord(char) in self._characters for char in text)

    def width(self, text: str, size: int) -> float:
        """Pixels from the pen's start to its end.

        Measured at the size itself: where Pillow finds no shaping library, each letter's advance is
        rounded to whole pixels, and a width at another size says little.
        """
        return _width(self.file, size, text)

    def font(self, size: int) -> "FreeTypeFont":
        return _font(self.file, size)

    @cached_property
    def _characters(self) -> frozenset[int]:
        return frozenset(_characters((FONTS / self.file).read_bytes()))


SERIF = Typeface("SourceSerif4-SemiBold.ttf")
SANS = Typeface("Manrope-SemiBold.ttf")


def cleaned(text: str) -> str:
    """One line, at most MOST_CHARACTERS, composed, without control or zero-width characters."""
    composed = unicodedata.normalize("NFC", " ".join(text[:MOST_CHARACTERS].split()))
    seen = (char for char in composed if unicodedata.category(char) not in UNSEEN)
    return " ".join("".join(seen).split())


@lru_cache(maxsize=4096)
def _width(file: str, size: int, text: str) -> float:
    return _font(file, size).getlength(text)


@lru_cache(maxsize=48)
def _font(file: str, size: int) -> "FreeTypeFont":
    from PIL import ImageFont

    return ImageFont.truetype(str(FONTS / file), size)


def _characters(font: bytes) -> set[int]:
    """The code points of a TrueType `cmap` table (OpenType specification, formats 4 and 12)."""
    cmap = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", cmap, 2)
    found: set[int] = set()
    for i in range(count):
        (offset,) = struct.unpack_from(">I", cmap, 4 + 8 * i + 4)
        (form,) = struct.unpack_from(">H", cmap, offset)
        if form == FORMAT_SEGMENTS:
            found.update(_segments(cmap[offset:]))
        elif form == FORMAT_GROUPS:
            found.update(_groups(cmap[offset:]))
    return found


def _table(font: bytes, tag: bytes) -> bytes:
    (count,) = struct.unpack_from(">H", font, 4)
    for i in range(count):
        name, _, offset, length = struct.unpack_from(">4sIII", font, 12 + 16 * i)
        if name == tag:
            return font[offset : offset + length]
    raise ValueError(f"the font file has no table {tag!r}")


def _segments(table: bytes) -> set[int]:
    (twice,) = struct.unpack_from(">H", table, 6)
    ends = struct.unpack_from(f">{twice // 2}H", table, 14)
    starts = struct.unpack_from(f">{twice // 2}H", table, 16 + twice)
    spans = (range(s, e + 1) for s, e in zip(starts, ends, strict=True) if s != 0xFFFF)
    return {code for span in spans for code in span}


def _groups(table: bytes) -> set[int]:
    (count,) = struct.unpack_from(">I", table, 12)
    groups = (struct.unpack_from(">III", table, 16 + 12 * i) for i in range(count))
    return {code for start, end, _ in groups for code in range(start, end + 1)}
