"""The database brought to this version, by one process at a time."""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from igny8.core.errors import UserError

LOCK = 0x19801
"""Any number; whoever migrates asks PostgreSQL for the same."""


def bring_up_to_date() -> None:
    """Several machines may start at once. Raises UserError when a newer version was here before."""
    if not _is_behind():
        return
    with _alone():
        if _is_behind():
            logging.getLogger("django.db").setLevel(logging.ERROR)
            call_command("migrate", verbosity=0, interactive=False)


def _is_behind() -> bool:
    executor = MigrationExecutor(connection)
    loader = executor.loader
    unknown = sorted(set(loader.applied_migrations) - set(loader.disk_migrations))
    if newer := [name for name in unknown if name[0] in loader.migrated_apps]:
        raise UserError(
            f"The database was made by a newer IGNY8 ({'.'.join(newer[0])}). Update this one; "
            "to go back to an older version, restore the backup made before the update."
        )
    return bool(executor.migration_plan(loader.graph.leaf_nodes()))


@contextmanager
def _alone() -> Iterator[None]:
    if connection.vendor == "sqlite":
        with (Path(settings.DATA_DIR) / "migrating.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
