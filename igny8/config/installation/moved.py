"""The note that a move leaves: the SQLite database beside it is history."""

import json
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from igny8.core import clock
from igny8.core.errors import UsageError


def note_move(address: str) -> None:
    """Without the password."""
    to = urlsplit(address)
    note = {"to": f"{to.path.lstrip('/')} at {to.hostname}", "at": f"{clock.now():%Y-%m-%d %H:%M}"}
    partial = _note_file().with_suffix(".part")
    partial.write_text(json.dumps(note), encoding="utf-8")
    partial.replace(_note_file())


def refuse_if_moved() -> None:
    """The runs in it went on elsewhere: here they would be paid for a second time.

    Raises UsageError unless DATABASE_URL is set.
    """
    path = _note_file()
    if settings.DATABASE_URL or not path.exists():
        return
    note = json.loads(path.read_text(encoding="utf-8"))
    raise UsageError(
        f"This installation was moved to PostgreSQL ({note['to']}) on {note['at']} UTC: set "
        "DATABASE_URL to it. To go back to the SQLite database that it left, and to pay for its "
        f"unfinished runs again, remove {path}."
    )


def forget_move() -> None:
    """Another database is here now."""
    _note_file().unlink(missing_ok=True)


def _note_file() -> Path:
    return Path(settings.DATA_DIR) / "moved.json"
