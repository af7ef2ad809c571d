"""A backup made while everything goes on."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection

from igny8.config.installation import Step
from igny8.config.installation.archive import (
    KEYS,
    MEDIA,
    TABLES,
    ArchiveWriter,
    Manifest,
    Part,
    TablePart,
    pieces_of,
)
from igny8.config.installation.databases import newest_migrations, one_moment
from igny8.config.installation.keys import fingerprints, kept_keys, keys_in_use
from igny8.config.installation.tables import (
    Model,
    as_line,
    fields_of,
    highest_id,
    rows_of,
    stored_models,
)
from igny8.core import clock
from igny8.core.errors import UsageError

TABLES_SHARE = 60
PART = ".part"


def default_place() -> Path:
    return Path(settings.DATA_DIR) / "backups" / f"igny8-{clock.now():%Y%m%dT%H%M%SZ}.zip"


def back_up(path: Path, step: Step) -> Manifest:
    """Rows of one moment, then the files: what a row names was written before the row.

    Raises UsageError when the file cannot be written.
    """
    manifest = Manifest(
        database=connection.vendor,
        migrations=newest_migrations(),
        keys=fingerprints(keys_in_use()),
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with ArchiveWriter(path, manifest) as archive:
            _add_tables(archive, step)
            _add_files(archive, step)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error
    _note(path, manifest)
    return manifest


def _add_tables(archive: ArchiveWriter, step: Step) -> None:
    models = stored_models(apps)
    with one_moment():
        for at, model in enumerate(models):
            step("Reading rows", TABLES_SHARE * at // len(models))
            archive.manifest.tables.append(_add_table(archive, model))


def _add_table(archive: ArchiveWriter, model: Model) -> TablePart:
    rows = 0

    def lines() -> Iterator[bytes]:
        nonlocal rows
        for rows, row in enumerate(rows_of(model, "default"), 1):  # noqa: B007 - counts
            yield as_line(row)

    part = archive.add(f"{TABLES}/{model._meta.db_table}.jsonl", lines())
    return TablePart(
        **asdict(part),
        model=model._meta.label_lower,
        columns=[field.attname for field in fields_of(model)],
        rows=rows,
        highest_id=highest_id(model, "default"),
    )


def _add_files(archive: ArchiveWriter, step: Step) -> None:
    if keys := kept_keys():
        archive.manifest.files.append(archive.add(KEYS, [keys]))
    files = sorted(_media_files())
    for at, path in enumerate(files):
        step("Adding media files", TABLES_SHARE + (100 - TABLES_SHARE) * at // len(files))
        if part := _add_file(archive, path):
            archive.manifest.files.append(part)


def _media_files() -> Iterator[Path]:
    """Finished ones: a file that is being written is called a part."""
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if path.is_file() and path.suffix != PART:
            yield path


def _add_file(archive: ArchiveWriter, path: Path) -> Part | None:
    """None when it was purged meanwhile."""
    name = f"{MEDIA}/{path.relative_to(settings.MEDIA_ROOT).as_posix()}"
    try:
        with path.open("rb") as stream:
            return archive.add(name, pieces_of(stream), packed=False)
    except FileNotFoundError:
        return None


def last_backup() -> datetime | None:
    """When the last one of this data folder was made."""
    try:
        note = json.loads(_note_file().read_text())
        return datetime.fromisoformat(note["made_at"])
    except (OSError, ValueError, KeyError):
        return None


def _note(path: Path, manifest: Manifest) -> None:
    partial = _note_file().with_suffix(PART)
    partial.write_text(json.dumps({"made_at": manifest.made_at, "file": str(path.resolve())}))
    partial.replace(_note_file())


def _note_file() -> Path:
    return Path(settings.DATA_DIR) / "last-backup.json"
