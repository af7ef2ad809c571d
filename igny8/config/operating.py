"""What can be wrong with an installation that runs: its database, schema, disk, clock, workers."""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max

from igny8.automation.checks import Check, runs_without_worker
from igny8.config.installation.backing_up import last_backup
from igny8.core import clock
from igny8.core.rows import select_rows
from igny8.jobs.models import Worker

LEAST_FREE_BYTES = 100 << 20
CLOCK_TOLERANCE = timedelta(seconds=10)
OLDEST_BACKUP = timedelta(days=8)
ENGINE_ADVICE = (
    "Stop IGNY8 and remove it (SQLite: the file igny8.engine.sqlite3; PostgreSQL: DROP SCHEMA "
    "dbos CASCADE). It is made anew, and runs go on."
)


def database() -> Check:
    """Without its address: whoever asks may be anybody."""
    try:
        select_rows("SELECT 1", [])
    except Error:
        return Check("database", False, "does not answer; start it, or look at DATABASE_URL")
    return Check("database", True, f"{connection.vendor} answers")


def schema() -> Check:
    applied = set(MigrationRecorder(connection).applied_migrations())
    known = _migrations_on_disk()
    apps = {app for app, _ in known}
    if newer := sorted(name for name in applied - known if name[0] in apps):
        return Check("schema", False, f"made by a newer IGNY8 ({_listed(newer)}); update this one")
    if missing := sorted(known - applied):
        advice = "Stop all of IGNY8, then start one worker of the new version: it makes them"
        return Check("schema", False, f"changes are missing ({_listed(missing)}). {advice}")
    return Check("schema", True, f"up to date, {len(applied)} migrations")


def disk() -> Check:
    free = shutil.disk_usage(settings.DATA_DIR).free
    ok = free >= LEAST_FREE_BYTES
    advice = "" if ok else "; make room, runs pause when it is full"
    return Check("disk", ok, f"{free / (1 << 30):.1f} GB free{advice}")


def data_folder() -> Check:
    ok = os.access(settings.DATA_DIR, os.W_OK | os.X_OK)
    advice = "can be written" if ok else "cannot be written; give it to the user that runs IGNY8"
    return Check("data folder", ok, advice)


def workers() -> Check:
    """A run that is due and in nobody's hands is what makes a missing worker wrong."""
    number = Worker.objects.alive().count()
    if stuck := runs_without_worker():
        return Check("workers", False, f"{', '.join(stuck)} waits for one; start igny8 worker")
    return Check("workers", True, f"{number or 'none'} at work")


def heartbeats() -> Check:
    beats = Worker.objects.alive().aggregate(newest=Max("seen_at"))["newest"]
    if beats is None:
        return Check("heartbeat", True, "nobody is at work")
    age = (clock.now() - beats).total_seconds()
    return Check("heartbeat", True, f"last heard {max(0, round(age))} seconds ago")


def clocks() -> Check:
    """Schedules and leases compare times that several machines wrote."""
    now, ahead = clock.now(), timedelta(0)
    if connection.vendor == "postgresql":
        [(of_database,)] = select_rows("SELECT clock_timestamp()", [])
        ahead = abs(of_database - now)
    newest = Worker.objects.aggregate(newest=Max("seen_at"))["newest"]
    ahead = max(ahead, newest - now) if newest else ahead
    ok = ahead <= CLOCK_TOLERANCE
    apart = f"{ahead.total_seconds():.0f} seconds apart"
    advice = "agrees" if ok else f"is {apart}; set every machine's clock by NTP"
    return Check("clock", ok, advice)


def engine() -> Check:
    """Made by the first worker; nothing in it is worth keeping."""
    try:
        made = _engine_reads()
    except (Error, sqlite3.Error) as error:
        return Check("job engine", False, f"cannot be read ({error}). {ENGINE_ADVICE}")
    return Check("job engine", True, "its tables are there" if made else "made at the first start")


def backup() -> Check:
    """None at all is a person's choice; one that grew old is a schedule that stopped."""
    made = last_backup()
    if made is None:
        return Check("backup", True, "none was made here yet; make one: igny8 backup")
    age = clock.now() - made
    ok = age <= OLDEST_BACKUP
    advice = "" if ok else ". Make a new one: igny8 backup"
    return Check("backup", ok, f"the last is {age.days} days old{advice}")


HEALTH = (schema, disk, data_folder, workers)
"""What a probe asks every few seconds, once the database answers."""
DOCTOR = (schema, engine, heartbeats, clocks, backup)


def _engine_reads() -> bool:
    if connection.vendor == "postgresql":
        [(made,)] = select_rows("SELECT to_regclass('dbos.workflow_status')", [])
        return bool(made and select_rows("SELECT count(*) FROM dbos.workflow_status", []))
    path = Path(settings.ENGINE_FILE)
    if not path.exists():
        return False
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
        [answer] = file.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        raise sqlite3.DatabaseError(answer)
    return True


@cache
def _migrations_on_disk() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _listed(names: list[tuple[str, str]]) -> str:
    return ", ".join(".".join(name) for name in names[:3])
