"""A backup made into an installation again, on either database."""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections

from igny8.config.installation import Step
from igny8.config.installation.archive import KEYS, MEDIA, Archive, pieces_of
from igny8.config.installation.databases import (
    TARGET,
    add_target,
    loading,
    refuse_unless_empty,
)
from igny8.config.installation.keys import keep_also
from igny8.config.installation.moved import forget_move
from igny8.config.installation.tables import from_line, give_ids_after, insert_rows
from igny8.config.settings import sqlite_database
from igny8.core import clock
from igny8.core.errors import UsageError, UserError
from igny8.jobs.lock import FolderLock

CHECK_SHARE, FILES_SHARE = 20, 50
SQLITE_TRACES = ("-wal", "-shm")


def restore(archive: Archive, step: Step, *, force: bool) -> Path | None:
    """Files first, which harms nothing; the rows then appear at once, or not at all.

    Returns where the SQLite database that was there is now, None when there was none worth keeping.
    Raises UserError while a worker lives here, or when something is here and not `force`.
    """
    archive.check(_part_of(step, 0, CHECK_SHARE))
    if settings.DATABASE_URL:
        _into_postgres(archive, step, force=force)
        return None
    with FolderLock(settings.DATA_DIR):
        return _into_sqlite(archive, step, force=force)


def _into_postgres(archive: Archive, step: Step, *, force: bool) -> None:
    if force:
        raise UsageError(
            "--force is for SQLite. Nothing empties a PostgreSQL database here: make a new one "
            "(createdb NAME) and write its name into DATABASE_URL."
        )
    refuse_unless_empty("default")
    _unpack_files(archive, step)
    _load(archive, "default", step)


def _into_sqlite(archive: Archive, step: Step, *, force: bool) -> Path | None:
    """Built beside the database that is there, which one rename replaces."""
    path = Path(settings.DATABASES["default"]["NAME"])
    keep = path.exists() and not _is_empty(force=force)
    if path.exists():
        _detach(path)
    new = path.with_name(f"{path.name}.restoring")
    _remove(new)
    add_target({**sqlite_database(), "NAME": new})
    _unpack_files(archive, step)
    _load(archive, TARGET, step)
    connections[TARGET].close()
    _detach(new)
    kept = path.with_name(f"{path.name}.before-{clock.now():%Y%m%dT%H%M%SZ}") if keep else None
    if kept:
        _keep(path, kept)
    _remove(Path(settings.ENGINE_FILE))
    new.replace(path)
    forget_move()
    return kept


def _is_empty(*, force: bool) -> bool:
    try:
        refuse_unless_empty("default")
    except UserError as error:
        if force:
            return False
        raise UserError(
            f"{error} Or replace what is here with the backup: --force (it is kept beside it)."
        ) from error
    return True


def _load(archive: Archive, using: str, step: Step) -> None:
    tables = archive.manifest.tables
    step = _part_of(step, FILES_SHARE, 100)
    try:
        with loading(using, archive.manifest.migrations) as apps:
            for at, table in enumerate(tables):
                model = apps.get_model(table.model)
                step("Restoring rows", 100 * at // len(tables))
                rows = (from_line(model, table.columns, line) for line in archive.lines(table))
                if insert_rows(model, rows, using) != table.rows:
                    raise UserError(f"{table.name} has not the rows it had; nothing was stored.")
                give_ids_after(model, table.highest_id, using)
    except DatabaseError as error:
        raise UserError(f"The database says: {str(error).strip()}. Nothing was stored.") from error


def _unpack_files(archive: Archive, step: Step) -> None:
    """Beside what is there: pictures are named by what they show, so none is overwritten."""
    files = archive.manifest.files
    step = _part_of(step, CHECK_SHARE, FILES_SHARE)
    for at, part in enumerate(files):
        step("Restoring files", 100 * at // len(files))
        with archive.open(part) as stream:
            if part.name == KEYS:
                keep_also(stream.read().decode("ascii").split())
                continue
            path = Path(settings.MEDIA_ROOT) / Path(part.name).relative_to(MEDIA)
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f"{path.name}.part")
            with partial.open("wb") as out:
                for piece in pieces_of(stream):
                    out.write(piece)
            partial.replace(path)


def _detach(path: Path) -> None:
    """One file, whole by itself; raises UserError while anybody else has it open."""
    with suppress(KeyError):
        connections["default"].close()
    with closing(sqlite3.connect(path, timeout=0)) as database:
        try:
            [mode] = database.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError:
            mode = "in use"
    if mode != "delete":
        raise UserError(
            f"Something still uses {path}: stop igny8 web and whatever else has it open."
        )


def _keep(path: Path, other: Path) -> None:
    """Under a second name, so that at no moment there is no database."""
    try:
        os.link(path, other)
    except OSError:  # a file system without links
        shutil.copy2(path, other)


def _remove(path: Path) -> None:
    for name in (path.name, *(f"{path.name}{trace}" for trace in SQLITE_TRACES)):
        path.with_name(name).unlink(missing_ok=True)


def _part_of(step: Step, first: int, last: int) -> Step:
    return lambda what, percent: step(what, first + (last - first) * percent // 100)
