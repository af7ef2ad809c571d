"""A database as a whole: one moment of it, its migrations, whether it is in use, its loading."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor

from igny8.config.installation.tables import Model, stored_models
from igny8.core import clock
from igny8.core.errors import UserError
from igny8.core.triggers import install_triggers

TARGET = "target"
MADE_BY_ITSELF = frozenset(
    ("contenttypes.contenttype", "auth.permission", "igny8_accounts.account", "igny8_jobs.worker")
)
Migration = tuple[str, str]
TAKES_ITS_TIME = "SET LOCAL idle_in_transaction_session_timeout = 0"  # files may be slow


def add_target(database: Mapping[str, Any]) -> None:
    """A second database beside the one of the settings, for this process."""
    both = {"default": connections.settings["default"], TARGET: dict(database)}
    connections.settings[TARGET] = connections.configure_settings(both)[TARGET]


@contextmanager
def one_moment(using: str = "default") -> Iterator[None]:
    """All queries inside see the same rows, while others go on writing."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with transaction.atomic(using=using), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(TAKES_ITS_TIME)
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")  # Django's own would take the write lock
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def newest_migrations() -> list[Migration]:
    executor = MigrationExecutor(connections["default"])
    return sorted(executor.loader.graph.leaf_nodes())


@contextmanager
def loading(using: str, migrations: Sequence[Migration]) -> Iterator[Apps]:
    """Inside, an empty database as it was after these migrations, to be filled in one
    transaction; afterwards it is brought up to date. Its workers are then dead: unfinished runs
    go to the next one that starts.

    Raises UserError when the migrations are unknown, or something is in it.
    """
    executor = MigrationExecutor(connections[using])
    if unknown := set(migrations) - set(executor.loader.graph.nodes):
        names = ", ".join(".".join(name) for name in sorted(unknown))
        raise UserError(f"It was made by a newer IGNY8 ({names}). Update IGNY8 first.")
    refuse_unless_empty(using)
    plan = executor.migration_plan(list(migrations))
    if any(backwards for _, backwards in plan):
        raise UserError(
            "This database is newer than what goes into it. Make an empty one: "
            "createdb NAME, and write its name into DATABASE_URL."
        )
    state = executor.migrate(list(migrations), plan=plan)
    with transaction.atomic(using=using):
        if connections[using].vendor == "postgresql":
            connections[using].cursor().execute(TAKES_ITS_TIME)
        _clear_what_made_itself(using)
        yield state.apps
        _bury_workers(using)
        if not MigrationExecutor(connections[using]).migration_plan(newest_migrations()):
            install_triggers(using=using)
    call_command("migrate", database=using, verbosity=0, interactive=False)


def refuse_unless_empty(using: str) -> None:
    """Raises UserError that names what is in it."""
    found = [
        f"{number:,} in {model._meta.db_table}"
        for model in _found(using, made_by_itself=False)
        if (number := model._base_manager.using(using).count())
    ]
    if found:
        raise UserError(
            f"The database is not empty: {', '.join(found[:3])}. Nothing was changed. "
            "Give an empty one (on PostgreSQL: createdb NAME)."
        )
    if is_worked_on(using):
        raise UserError("A worker is at work on this database. Stop it first, then do this again.")


def is_worked_on(using: str) -> bool:
    """True while a worker's heartbeat is fresh there; on SQLite the folder's lock knows better."""
    from igny8.jobs.models import Worker
    from igny8.jobs.workers import STALE_AFTER

    connection = connections[using]
    there = Worker._meta.db_table in connection.introspection.table_names()
    if connection.vendor == "sqlite" or not there:
        return False
    fresh = Worker.objects.using(using).filter(seen_at__gte=clock.now() - STALE_AFTER)
    return fresh.alive().exists()


def _found(using: str, *, made_by_itself: bool) -> list[Model]:
    tables = set(connections[using].introspection.table_names())
    return [
        model
        for model in stored_models(apps)
        if model._meta.db_table in tables
        and (model._meta.label_lower in MADE_BY_ITSELF) == made_by_itself
    ]


def _clear_what_made_itself(using: str) -> None:
    """Nothing refers to these rows in an empty database."""
    with connections[using].cursor() as cursor:
        for model in reversed(_found(using, made_by_itself=True)):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")


def _bury_workers(using: str) -> None:
    from igny8.jobs.models import Worker

    Worker.objects.using(using).alive().update(dead_at=clock.now())
