"""The job engine: the only module that imports it. Everybody else imports this one when needed."""

import logging
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote, urlencode

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions
from django.conf import settings
from django.db import close_old_connections

from igny8.core import clock
from igny8.core.crashpoints import crashpoint
from igny8.core.errors import UserError
from igny8.core.outages import outlast
from igny8.jobs.workers import me
from igny8.jobs.workflows import WORKFLOWS

P = ParamSpec("P")
T = TypeVar("T")

NAME = "igny8"
QUEUE = "runs"
# Pinned: the engine's own default changes with the code and would orphan runs at each update.
VERSION = "1"
RUNS_AT_ONCE = 40
POLL_SECONDS = 0.5
ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
KEPT = timedelta(days=1)
PRUNED_AT_ONCE = 500
SHUT_DOWN_SECONDS = 1.0
# A workflow that was just taken, or whose end is just being recorded, is in no thread either.
GONE_AFTER_SECONDS = 15.0

_under_way: list[str] = []
_missed_since: dict[str, float] = {}


def launch() -> None:
    """Starts taking workflows; the worker must be registered before."""
    require_time_in_sqlite(sys.version_info[:2], sqlite3.sqlite_version_info)
    for name, function in WORKFLOWS.items():
        DBOS.workflow(name=name, max_recovery_attempts=None)(_noted(function))
    DBOS(
        config={
            "name": NAME,
            "system_database_url": database_url(),
            "executor_id": me(),
            "application_version": VERSION,
            "serializer": DBOSPortableJSONSerializer(),
            "sys_db_pool_size": 10,
            "max_executor_threads": RUNS_AT_ONCE + 20,
            "log_level": "ERROR",
            "notification_listener_polling_interval_sec": 5.0,
        }
    )
    logging.getLogger("dbos").setLevel(logging.ERROR)
    DBOS.launch()
    DBOS.register_queue(
        QUEUE,
        worker_concurrency=RUNS_AT_ONCE,
        polling_interval_sec=POLL_SECONDS,
        on_conflict="always_update",
    )


def _noted(function: Callable[..., None]) -> Callable[..., None]:
    """Known to be under way for as long as it runs."""

    @wraps(function)
    def body(*arguments: Any) -> None:
        mine = str(DBOS.workflow_id)
        _under_way.append(mine)
        try:
            function(*arguments)
        finally:
            _under_way.remove(mine)

    return body


def require_time_in_sqlite(python: tuple[int, ...], sqlite: tuple[int, ...]) -> None:
    """The engine asks SQLite for milliseconds on Python 3.12 and newer; an older SQLite answers
    NULL. Raises UserError."""
    if settings.DATABASE_URL or python < (3, 12) or sqlite >= (3, 42):
        return
    raise UserError(
        f"Python {python[0]}.{python[1]} comes with SQLite {'.'.join(map(str, sqlite))} here; "
        "IGNY8 needs 3.42 or newer with it. Use Python 3.11, a newer SQLite, or PostgreSQL "
        "through DATABASE_URL."
    )


def is_busy() -> bool:
    """True while a workflow of this process is under way."""
    return bool(_under_way)


def shut_down() -> None:
    """Takes no more workflows; its threads may need longer to end than anybody wants to wait."""
    ending = threading.Thread(target=DBOS.destroy, daemon=True, name="engine shut-down")
    ending.start()
    ending.join(timeout=SHUT_DOWN_SECONDS)


def enqueue(name: str, workflow_id: str, arguments: tuple[Any, ...], delay: float) -> None:
    """Under an id that was used before, this starts nothing.

    Always through a client: a run is also handed over from within a step, where the engine's own
    enqueue refuses to work.
    """
    options: EnqueueOptions = {
        "workflow_name": name,
        "queue_name": QUEUE,
        "workflow_id": workflow_id,
        "app_version": VERSION,
    }
    if delay:
        options["delay_seconds"] = delay
    _client().enqueue(options, *arguments)


def step(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs it durably, again while the database is away; with connections that are still good."""

    @wraps(function)
    def with_good_connections(*args: P.args, **kwargs: P.kwargs) -> T:
        close_old_connections()
        try:
            return outlast(lambda: function(*args, **kwargs))
        finally:
            close_old_connections()
            crashpoint("step done")

    result = DBOS.run_step({"name": function.__name__}, with_good_connections, *args, **kwargs)
    crashpoint("step recorded")
    return result


def workflow_states(ids: Iterable[str]) -> Mapping[str, tuple[str, str]]:
    """Id → (`ended`, `queued` or `working`, the worker it was given to); unknown ids are absent."""
    found = DBOS.list_workflows(workflow_ids=list(ids), load_input=False, load_output=False)
    states = {w.workflow_id: (_state_of(w.status), w.executor_id or "") for w in found}
    gone = [one for one, state in states.items() if state == ("working", me()) and _is_gone(one)]
    return {**states, **dict.fromkeys(gone, ("ended", me()))}


def _is_gone(workflow_id: str) -> bool:
    """True for a workflow of this process that no thread of it carries any more.

    Where the disk is full the engine cannot record how a workflow ended.
    """
    if workflow_id in _under_way:
        _missed_since.pop(workflow_id, None)
        return False
    now = time.monotonic()
    return now - _missed_since.setdefault(workflow_id, now) > GONE_AFTER_SECONDS


def drop_leftovers(dead_workers: Iterable[str]) -> None:
    """Workflows of dead workers go nowhere: their runs have new generations."""
    for worker in dead_workers:
        left = DBOS.list_workflows(status="PENDING", executor_id=worker, load_input=False)
        if ids := [w.workflow_id for w in left]:
            DBOS.cancel_workflows(ids)


def prune() -> int:
    """Deletes what ended over a day ago; returns how many."""
    before = (clock.now() - KEPT).isoformat()
    old = DBOS.list_workflows(
        status=list(ENDED), end_time=before, limit=PRUNED_AT_ONCE, load_input=False
    )
    if ids := [w.workflow_id for w in old]:
        DBOS.delete_workflows(ids)
    return len(old)


def database_url() -> str:
    """Its own file beside SQLite's; its own schema inside PostgreSQL's database."""
    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        _make_wal(str(settings.ENGINE_FILE))
        return f"sqlite:///{settings.ENGINE_FILE}"
    user, password = quote(database["USER"], safe=""), quote(database["PASSWORD"], safe="")
    host = f"[{database['HOST']}]" if ":" in database["HOST"] else database["HOST"]
    address = f"{host}:{database['PORT']}/{quote(database['NAME'], safe='')}"
    return f"postgresql+psycopg://{user}:{password}@{address}?{urlencode(database['OPTIONS'])}"


def _make_wal(path: str) -> None:
    """Once on the file; nearly doubles the engine's speed."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


def _state_of(status: str) -> str:
    if status in ENDED:
        return "ended"
    return "working" if status == "PENDING" else "queued"


@cache
def _client() -> DBOSClient:
    return DBOSClient(system_database_url=database_url(), serializer=DBOSPortableJSONSerializer())
