"""Picture files: checked, re-encoded, and named after what they hold."""

import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from igny8.ai.errors import Bad
from igny8.core.crashpoints import crashpoint

FORMAT = "WEBP"
MOST_PIXELS = 40_000_000
QUALITY = 82
LONGEST_EDGE = 1600
CARRIED = frozenset({"exif", "xmp", "icc_profile"})
# IPTC: https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia
MADE_BY_A_MODEL = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF \
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" \
xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" Iptc4xmpExt:DigitalSourceType=\
"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/></rdf:RDF></x:xmpmeta>"""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A file below the media folder; `file` is its path there, sizes in pixels and bytes."""

    file: str
    width: int
    height: int
    bytes: int
    sha256: str


def store_picture(raw: bytes, name: str) -> Picture:
    """Raises Bad when `raw` is no picture; the same picture is the same file."""
    encoded, width, height = _as_webp(raw)
    digest = hashlib.sha256(encoded).hexdigest()
    path = Path(f"{name}-{digest[:10]}.webp")
    _write(Path(settings.MEDIA_ROOT) / path, encoded)
    return Picture(file=str(path), width=width, height=height, bytes=len(encoded), sha256=digest)


def _as_webp(raw: bytes) -> tuple[bytes, int, int]:
    """Re-encoding drops whatever else a file may carry, and says that a model made the picture.

    Our own format is taken as it is when it carries nothing; larger pictures are made smaller.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(raw)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Bad("bad_image", "The image has too many pixels.")
            image.load()
            is_small = max(image.size) <= LONGEST_EDGE
            if image.format == FORMAT and is_small and not CARRIED & image.info.keys():
                return raw, image.width, image.height
            plain = image.convert("RGB")
            plain.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
            buffer = io.BytesIO()
            plain.save(buffer, FORMAT, quality=QUALITY, xmp=MADE_BY_A_MODEL)
            return buffer.getvalue(), plain.width, plain.height
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise Bad("bad_image", f"The answer is no image: {error}") from error


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
