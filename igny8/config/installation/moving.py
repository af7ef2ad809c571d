"""A SQLite installation moved to PostgreSQL, with its runs unfinished."""

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, transaction

from igny8.config.installation import Step
from igny8.config.installation.databases import TARGET, add_target, loading, newest_migrations
from igny8.config.installation.moved import note_move
from igny8.config.installation.tables import (
    give_ids_after,
    highest_id,
    insert_rows,
    rows_of,
    stored_models,
)
from igny8.config.settings import postgres_database
from igny8.core.errors import UsageError, UserError
from igny8.jobs.lock import FolderLock


def move(address: str, step: Step) -> dict[str, int]:
    """Copies every row in one transaction; table → rows. The source is only read, and refuses to
    be started from then on.

    Raises UserError while a worker lives here, or when the target is not empty.
    """
    if settings.DATABASE_URL:
        raise UsageError(
            "DATABASE_URL is set: this installation is on PostgreSQL already. To copy it, use "
            "igny8 backup, then igny8 restore with DATABASE_URL set to the other database."
        )
    try:
        add_target(postgres_database(address))
    except ImproperlyConfigured as error:
        raise UsageError(f"--to: {error}") from error
    # The write lock of the source: what others want to change meanwhile waits, and is not lost.
    with FolderLock(settings.DATA_DIR), transaction.atomic():
        try:
            copied = _copy(step)
        except DatabaseError as error:
            raise UserError(
                f"PostgreSQL says: {str(error).strip()}. Nothing was stored."
            ) from error
        note_move(address)
    return copied


def _copy(step: Step) -> dict[str, int]:
    copied: dict[str, int] = {}
    with loading(TARGET, newest_migrations()):
        models = stored_models(apps)
        for at, model in enumerate(models):
            step("Copying rows", 100 * at // len(models))
            copied[model._meta.db_table] = insert_rows(model, rows_of(model, "default"), TARGET)
            give_ids_after(model, highest_id(model, "default"), TARGET)
        _compare(copied)
    return copied


def _compare(copied: dict[str, int]) -> None:
    """Inside the transaction: a difference leaves nothing behind."""
    for model in stored_models(apps):
        there, here = (model._base_manager.using(name).count() for name in (TARGET, "default"))
        if not here == there == copied[model._meta.db_table]:
            raise UserError(
                f"{model._meta.db_table} has {here:,} rows here and {there:,} there; "
                "nothing was moved."
            )
