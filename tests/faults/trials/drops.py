"""Every connection to PostgreSQL is cut at every crash point in turn; then the server restarts."""

import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from igny8.core import crashpoints
from tests.faults.children import Child
from tests.faults.databases import PostgresDatabase
from tests.faults.lab import Facts, Lab
from tests.faults.stories import pipeline_of_a_real_worker, three_keywords
from tests.faults.trials import kills

WORLDS = 2
SOON_AGAIN = 5.0
PROGRAMS = "/usr/lib/postgresql/*/bin/pg_ctl"


def run(lab: Lab, count: int) -> Facts:
    """Connections first; then the server itself, while a run is under way."""
    assert isinstance(lab.database, PostgresDatabase)
    lab.prepare("pipeline", three_keywords)
    lab.begin("pipeline")
    undisturbed = lab.ask(pipeline_of_a_real_worker)
    drops: Counter[str] = Counter()
    for world in range(count or WORLDS):
        drops.update(_cut_at_every_point(lab, lab.database, undisturbed, world))
    return {
        "drops": drops.total(),
        "points": len(drops),
        "again_after": _restart(lab, lab.database),
    }


def _cut_at_every_point(
    lab: Lab, database: PostgresDatabase, undisturbed: Any, world: int
) -> Counter[str]:
    """At the first, then the second, time that the worker comes to each point."""
    lab.begin("pipeline")

    def work() -> Any:
        cut: Counter[str] = Counter()
        crashpoints.arm(_cutter(database, cut, world + 1))
        return pipeline_of_a_real_worker(), cut

    made, cut = lab.ask(work)
    lab.check_books(f"connections cut, world {world}", kills=0)
    changed = [name for name in kills.MADE if made[name] != undisturbed[name]]
    lab.violated(f"connections cut, world {world}", changed)
    return Counter({name: 1 for name, times in cut.items() if times > world})


def _cutter(database: PostgresDatabase, seen: Counter[str], nth: int) -> Callable[[str], None]:
    def reached(name: str) -> None:
        seen[name] += 1
        if seen[name] == nth:
            cut_connections(database)

    return reached


def cut_connections(database: PostgresDatabase) -> None:
    with psycopg.connect(database.server, autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [database.name],
        )


def _restart(lab: Lab, database: PostgresDatabase) -> float:
    """Seconds from the server's return to the next call."""
    undisturbed = kills.prepare(lab, kills.ARTICLES)
    lab.begin("writing", latency=0.1)
    database.settle()
    worker = Child(kills.work_until_over)
    _wait_for_calls(lab, 5)
    before = len(lab.provider.accepted())
    restart_server(database)
    back = time.monotonic()
    _wait_for_calls(lab, before + 2)
    seconds = time.monotonic() - back
    if worker.result() != undisturbed:
        lab.violated("server restarted", ["not the same was made"])
    if seconds > SOON_AGAIN:
        lab.violated("server restarted", [f"went on after {seconds:.1f} s"])
    lab.check_books("server restarted", kills=0)
    return round(seconds, 1)


def _wait_for_calls(lab: Lab, number: int) -> None:
    until = time.monotonic() + 60
    while len(lab.provider.accepted()) < number:
        if time.monotonic() > until:
            raise TimeoutError(f"no {number} calls in a minute")
        time.sleep(0.02)


def restart_server(database: PostgresDatabase) -> None:
    """At once, as after a crash; by the user whose files they are."""
    with psycopg.connect(database.server) as server:
        row = server.execute("SHOW data_directory").fetchone()
    assert row is not None
    owner = Path(row[0]).stat()
    [program, *_] = sorted(Path("/").glob(PROGRAMS[1:]))
    command = [program, "restart", "-w", "-m", "immediate", "-D", row[0], "-l", "/dev/null"]
    user, group = (owner.st_uid, owner.st_gid) if os.getuid() == 0 else (None, None)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", user=user, group=group)
