"""Keyword files between the look at them and the decision: kept for a day, then gone."""

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe

from django.conf import settings
from django.core import signing

from igny8.core import clock
from igny8.core.errors import UserError
from igny8.sites.models import Site

DAY = 24 * 3600
MOST_BYTES = 50 << 20
FOLDER = "uploads"
SALT = "keyword upload"
NOT_IN_NAMES = re.compile(r"[^\w .()-]+")


@dataclass(frozen=True)
class Upload:
    """A file that waits; `ticket` finds it again, for this site alone."""

    path: Path
    ticket: str

    @property
    def name(self) -> str:
        return self.path.name

    def forget(self) -> None:
        shutil.rmtree(self.path.parent, ignore_errors=True)


def keep_upload(site: Site, name: str, chunks: Iterable[bytes]) -> Upload:
    """Raises UserError when it is larger than 50 MB."""
    _forget_old()
    folder = token_urlsafe(12)
    path = _root() / folder / (NOT_IN_NAMES.sub("_", Path(name).name)[-120:].strip(". ") or "file")
    path.parent.mkdir(parents=True, mode=0o700)
    written = 0
    with path.open("wb") as file:
        for chunk in chunks:
            written += file.write(chunk)
            if written > MOST_BYTES:
                shutil.rmtree(path.parent, ignore_errors=True)
                raise UserError("The file is larger than 50 MB; split it, or import it with igny8.")
    return Upload(path, signing.dumps([site.pk, folder, path.name], salt=SALT))


def find_upload(site: Site, ticket: str) -> Upload:
    """Raises UserError when it is no longer there, or belongs to another site."""
    gone = UserError("The file is no longer here; choose it again. Nothing was imported.")
    try:
        site_id, folder, name = signing.loads(ticket, salt=SALT, max_age=DAY)
    except signing.BadSignature as error:
        raise gone from error
    path = _root() / folder / name
    if site_id != site.pk or not path.is_file():
        raise gone
    return Upload(path, ticket)


def _root() -> Path:
    return Path(settings.DATA_DIR) / FOLDER


def _forget_old() -> None:
    for folder in _root().glob("*"):
        if folder.stat().st_mtime < clock.now().timestamp() - DAY:
            shutil.rmtree(folder, ignore_errors=True)
