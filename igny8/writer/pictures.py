"""Picture files: checked, re-encoded in a few widths, and named after what they hold."""

import hashlib
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from igny8.ai.errors import Bad
from igny8.core.crashpoints import crashpoint

if TYPE_CHECKING:
    from PIL.Image import Image

FORMAT = "WEBP"
MOST_PIXELS = 40_000_000
QUALITY = 82
LONGEST_EDGE = 1600
SMALLER_WIDTHS = (1200, 800)
QUICK = 1  # a third of the time of the usual effort, for files a tenth larger
READ = ("PNG", "JPEG", "WEBP", "GIF")
# IPTC: https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia
MADE_BY_A_MODEL = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF \
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" \
xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" Iptc4xmpExt:DigitalSourceType=\
"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/></rdf:RDF></x:xmpmeta>"""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A file below the media folder; `file` is its path there, sizes in pixels and bytes.

    For each of `widths` there is a smaller file beside it: see `file_of_width`.
    """

    file: str
    width: int
    height: int
    bytes: int
    sha256: str
    widths: Sequence[int]


@dataclass(frozen=True)
class Encoded:
    """A picture as it is stored, and smaller ones with their widths."""

    content: bytes
    width: int
    height: int
    smaller: Sequence[tuple[int, bytes]]


def store_picture(raw: bytes, name: str) -> Picture:
    """What a model made; raises Bad when it is no picture. The same picture is the same file."""
    return _store(_re_encoded(raw), name)


def store_drawing(raw: bytes, name: str) -> Picture:
    """What was drawn here: its file is as it should be already."""
    with _opened(raw) as drawn:
        plain = drawn.convert("RGB")
    return _store(Encoded(raw, *plain.size, list(_smaller(plain, note=b""))), name)


def why_no_picture(raw: bytes) -> str:
    """What keeps these bytes from being a picture of an article; empty when nothing does."""
    try:
        with _opened(raw):
            return ""
    except Bad as bad:
        return bad.reason


def _store(encoded: Encoded, name: str) -> Picture:
    digest = hashlib.sha256(encoded.content).hexdigest()
    file, folder = f"{name}-{digest[:10]}.webp", Path(settings.MEDIA_ROOT)
    for width, content in encoded.smaller:
        _write(folder / file_of_width(file, width), content)
    _write(folder / file, encoded.content)
    return Picture(
        file=file,
        width=encoded.width,
        height=encoded.height,
        bytes=len(encoded.content),
        sha256=digest,
        widths=[width for width, _ in encoded.smaller],
    )


def file_of_width(file: str, width: int) -> str:
    """`garden/soil-1-3fa9.webp` → `garden/soil-1-3fa9-800w.webp`."""
    path = Path(file)
    return str(path.with_name(f"{path.stem}-{width}w{path.suffix}"))


def files_of(file: str, widths: Sequence[int]) -> list[str]:
    """All files of a picture, the smaller ones too; of none, none."""
    return [file, *(file_of_width(file, width) for width in widths)] if file else []


def srcset(address: str, width: int | None, widths: Sequence[int]) -> str:
    """What a browser chooses from; empty when there is nothing to choose."""
    if not widths or not width:
        return ""
    smaller = [f"{file_of_width(address, one)} {one}w" for one in sorted(widths)]
    return ", ".join([*smaller, f"{address} {width}w"])


def _re_encoded(raw: bytes) -> Encoded:
    """Drops whatever else a file may carry, says that a model made the picture, and makes large
    ones smaller; of moving ones the first picture stays."""
    with _opened(raw) as image:
        plain = _on_white(image)
    plain.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    content = _encoded(plain, note=MADE_BY_A_MODEL)
    return Encoded(content, *plain.size, list(_smaller(plain, note=MADE_BY_A_MODEL)))


@contextmanager
def _opened(raw: bytes) -> "Iterator[Image]":
    """Read as a whole; raises Bad when it cannot be. Only formats that providers send are tried."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(raw), formats=READ) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Bad("bad_image", "The image has too many pixels.")
            image.load()
            yield image
    except Bad:
        raise
    except Exception as error:  # of a broken file Pillow raises nearly anything
        raise Bad("bad_image", "The answer is no image.") from error


def _on_white(image: "Image") -> "Image":
    """What can be seen through would show colours that nobody meant to show."""
    from PIL import Image

    if not image.has_transparency_data:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    white = Image.new("RGB", seen.size, "white")
    white.paste(seen, mask=seen.getchannel("A"))
    return white


def _smaller(image: "Image", *, note: bytes) -> Iterator[tuple[int, bytes]]:
    """In the quickest way that still averages all pixels: a picture takes two of these."""
    from PIL.Image import Resampling

    for width in SMALLER_WIDTHS:
        if width < image.width:
            size = (width, round(image.height * width / image.width))
            made = image.resize(size, Resampling.BILINEAR, reducing_gap=1.0)
            yield width, _encoded(made, note=note, effort=QUICK)


def _encoded(image: "Image", *, note: bytes, effort: int = 4) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, FORMAT, quality=QUALITY, method=effort, xmp=note)
    return buffer.getvalue()


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk before anybody refers to it."""
    if path.exists() and path.stat().st_size == len(content):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.part")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    crashpoint("picture written")
    partial.replace(path)
    crashpoint("picture stored")
