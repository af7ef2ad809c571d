"""What must always be true, each as a query that finds the rows that break it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Q

from igny8.ai.models import AICall
from igny8.automation import row_checks
from igny8.automation.models import AutomationRun
from igny8.core import clock
from igny8.core.rows import select_rows
from igny8.core.triggers import same_site_keys, trigger_statements
from igny8.jobs.models import Worker
from igny8.writer.models import Image

ROWS_NAMED = 5
WORKER_PATIENCE = timedelta(seconds=60)
LOOK = "Keep a copy of the data folder and look at these rows before the next run."
MAKE_THEM = "Make them: python -m django migrate --settings igny8.config.settings"
START_A_WORKER = "Start one: igny8 up"
CHECK_THE_DISK = "Restore the last backup; the disk may be failing."


@dataclass(frozen=True)
class Check:
    """`detail` says what was found, and what to do when it is not `ok`."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True)
class Invariant:
    """`broken` names the rows, or things, for which it does not hold."""

    name: str
    broken: Callable[[], Sequence[str]]
    advice: str = LOOK

    def check(self) -> Check:
        broken = self.broken()
        if not broken:
            return Check(self.name, True, "holds")
        more = f" and {len(broken) - ROWS_NAMED:,} more" if len(broken) > ROWS_NAMED else ""
        return Check(self.name, False, f"{', '.join(broken[:ROWS_NAMED])}{more}. {self.advice}")


def all_checks() -> Iterator[Check]:
    for invariant in INVARIANTS:
        yield invariant.check()
    yield _workers()


def found_by(query: str) -> Callable[[], list[str]]:
    return lambda: [str(name) for (name,) in select_rows(query, [])]


def _of_other_sites() -> list[str]:
    """Rows whose foreign key leads to a row of another site, over all such keys."""
    query = " UNION ALL ".join(
        f"SELECT '{model._meta.model_name} ' || a.id FROM {model._meta.db_table} a "  # noqa: S608 - names of our own models
        f"JOIN {key.related_model._meta.db_table} b ON b.id = a.{key.column} "
        "WHERE a.site_id <> b.site_id"
        for model, key in same_site_keys()
        if not isinstance(key.related_model, str)
    )
    return [str(name) for (name,) in select_rows(query, [])]


def _missing_triggers() -> list[str]:
    """What the database itself must refuse: changes of the ledger, rows across sites."""
    there = {name for (name,) in select_rows(_TRIGGERS[connection.vendor], [])}
    tables = set(connection.introspection.table_names())
    wanted = (
        statement.split()[2]
        for statement in trigger_statements(connection, tables)
        if statement.startswith("CREATE TRIGGER")
    )
    return [f"trigger {name}" for name in wanted if name not in there]


_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def runs_without_worker() -> list[str]:
    """Running, due, and for a minute in nobody's hands."""
    limit = clock.now() - WORKER_PATIENCE
    alive = Worker.objects.alive().filter(seen_at__gte=limit)
    stuck = AutomationRun.objects.filter(
        Q(wake_at=None) | Q(wake_at__lt=limit),
        status=AutomationRun.Status.RUNNING,
        updated_at__lt=limit,
    ).exclude(worker__in=alive.values("pk"))
    return [f"run {pk}" for pk in stuck.order_by("pk").values_list("pk", flat=True)]


def _damage() -> list[str]:
    if connection.vendor != "sqlite":
        unchecked = "SELECT 'constraint ' || conname FROM pg_constraint WHERE NOT convalidated"
        return [str(name) for (name,) in select_rows(unchecked, [])]
    faults = [str(answer) for (answer,) in select_rows("PRAGMA integrity_check(20)", [])]
    orphans = select_rows("PRAGMA foreign_key_check", [])
    return [
        *(fault for fault in faults if fault != "ok"),
        *(f"row {row} of {table} refers to nothing" for table, row, _, _ in orphans),
    ]


def _pictures_gone() -> list[str]:
    """Images whose file is missing or has another size."""
    folder = Path(settings.MEDIA_ROOT)
    made = Image.objects.exclude(file="").order_by("pk")
    files = made.values_list("file", "bytes").iterator()
    return [name for name, size in files if not _is_there(folder / name, size)]


def _is_there(path: Path, size: int | None) -> bool:
    try:
        return size is None or path.stat().st_size == size
    except OSError:
        return False


def _workers() -> Check:
    """Nobody at work is no fault by itself; a run that nobody carries is I15's."""
    alive = Worker.objects.alive().filter(seen_at__gte=clock.now() - WORKER_PATIENCE).count()
    lost = AICall.objects.filter(state=AICall.State.UNKNOWN, forgiven=False).count()
    uncertain = f"; {lost} calls were lost on the way and may have been charged" if lost else ""
    return Check("workers", True, f"{alive or 'none'} at work{uncertain}")


INVARIANTS = (
    *(Invariant(name, found_by(query)) for name, query in row_checks.QUERIES.items()),
    Invariant("I5 the ledger only grows, sites stay apart", _missing_triggers, MAKE_THEM),
    Invariant("I14 no row refers to another site", _of_other_sites),
    Invariant("I15 what runs has a live worker", runs_without_worker, START_A_WORKER),
    Invariant("I16 the database is whole", _damage, CHECK_THE_DISK),
    Invariant("image files", _pictures_gone, "Restore them from a backup of the media folder."),
)
