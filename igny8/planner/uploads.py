"""Keyword files while their import is under way: of this installation's owner alone."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from secrets import token_urlsafe

from django.conf import settings

from igny8.core.errors import UserError

MOST_BYTES = 50 << 20
LONGEST_NAME = 120
FOLDER = "uploads"
NOT_IN_NAMES = re.compile(r"[^\w .()-]+")


def keep_upload(name: str, chunks: Iterable[bytes]) -> Path:
    """In a folder of its own; raises UserError when it is larger than 50 MB."""
    safe = NOT_IN_NAMES.sub("_", Path(name).name)[-LONGEST_NAME:].strip(". ") or "file"
    path = _root() / token_urlsafe(12) / safe
    path.parent.mkdir(parents=True, mode=0o700)
    path.touch(mode=0o600)
    written = 0
    with path.open("wb") as file:
        for chunk in chunks:
            written += file.write(chunk)
            if written > MOST_BYTES:
                forget_upload(path.parent.name)
                raise UserError("The file is larger than 50 MB; split it, or import it with igny8.")
    return path


def upload_in(folder: str) -> Path | None:
    """The file, or None when it is gone."""
    found = (path for path in (_root() / folder).iterdir()) if _is_there(folder) else iter(())
    return next(found, None)


def forget_upload(folder: str) -> None:
    if folder:
        shutil.rmtree(_root() / folder, ignore_errors=True)


def kept_folders() -> dict[str, float]:
    """When each was made, in seconds of the epoch."""
    root = _root()
    return {each.name: each.stat().st_mtime for each in root.iterdir()} if root.is_dir() else {}


def _is_there(folder: str) -> bool:
    return bool(folder) and (_root() / folder).is_dir()


def _root() -> Path:
    return Path(settings.DATA_DIR) / FOLDER
