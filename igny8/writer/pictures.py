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
    """Re-encoding drops whatever else a file may carry; our own format is taken as it is."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(raw)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Bad("bad_image", "The image has too many pixels.")
            image.load()
            if image.format == FORMAT and not image.info.get("exif"):
                return raw, image.width, image.height
            buffer = io.BytesIO()
            image.convert("RGB").save(buffer, FORMAT, quality=QUALITY)
            return buffer.getvalue(), image.width, image.height
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
