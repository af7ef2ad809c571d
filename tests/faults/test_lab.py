"""The crash lab, in the sizes that every change must pass; `python -m tests.faults` runs more."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

pytestmark = [pytest.mark.kill, pytest.mark.timeout(900)]

SQLITE = pytest.param("sqlite", marks=pytest.mark.sqlite)
POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


def trial(name: str, database: str, *, count: int = 0) -> dict[str, Any]:
    """What it found; a violation fails the test with its sentence."""
    server = settings.DATABASE_URL if database == "postgres" else ""
    if database == "postgres" and not server:
        pytest.fail("DATABASE_URL must name a PostgreSQL server")
    command = [sys.executable, "-m", "tests.faults", name, "--database", server]
    done = subprocess.run(
        [*command, "--count", str(count)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "DATABASE_URL": ""},
    )
    assert done.stdout, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout)
    sys.stderr.write(f"{name} on {database}: {found}\n")
    assert found["violations"] == []
    return found


@pytest.mark.parametrize("database", [SQLITE, POSTGRES])
def test_a_process_may_die_at_every_crash_point(database: str) -> None:
    assert trial("points", database)["points"] >= 60


@pytest.mark.parametrize("database", [SQLITE, POSTGRES])
def test_two_processes_may_die_one_after_the_other(database: str) -> None:
    found = trial("pairs", database)
    assert found["pairs"] >= 10
    assert found["kills"] > 1.2 * found["pairs"], "hardly a second process came to its point"


@pytest.mark.parametrize(
    ("database", "kills"),
    [
        pytest.param("sqlite", 60, marks=pytest.mark.sqlite),
        pytest.param("postgres", 40, marks=pytest.mark.postgres),
    ],
)
def test_the_worker_may_be_killed_at_random(database: str, kills: int) -> None:
    found = trial("kills", database, count=kills)
    assert found["kills"] == kills
    assert found.get("unknown", 0) <= kills


@pytest.mark.parametrize("database", [SQLITE])
def test_a_run_that_is_killed_120_times_finishes(database: str) -> None:
    assert trial("stubborn", database)["kills"] == 120


@pytest.mark.parametrize("database", [SQLITE, POSTGRES])
def test_five_of_eight_sections_are_not_asked_again(database: str) -> None:
    assert trial("sections", database)["sections_asked"] == 8


@pytest.mark.parametrize("database", [SQLITE, POSTGRES])
def test_what_is_lost_is_taken_up_within_a_minute(database: str) -> None:
    assert trial("recovery", database)["error_taken_up_after"] <= 60


@pytest.mark.parametrize("database", [POSTGRES])
def test_a_zombie_writes_nothing(database: str) -> None:
    assert trial("zombies", database, count=20)["zombies"] >= 20


@pytest.mark.parametrize("database", [POSTGRES])
def test_a_worker_that_stands_still_in_a_transaction_keeps_nobody_waiting(database: str) -> None:
    assert len(trial("frozen", database)["replaced_after"]) == 4


@pytest.mark.parametrize("database", [POSTGRES])
def test_starts_and_claims_at_once_are_one(database: str) -> None:
    assert trial("races", database)["starts"] == 500


@pytest.mark.parametrize("database", [POSTGRES])
def test_connections_and_the_server_may_go_away_at_any_point(database: str) -> None:
    assert trial("drops", database)["drops"] >= 30


@pytest.mark.parametrize("database", [POSTGRES])
def test_ten_sites_share_two_workers_and_one_connection(database: str) -> None:
    assert trial("sites", database)["most_at_once"] <= 3


@pytest.mark.parametrize("database", [SQLITE])
def test_a_torn_log_is_always_a_moment_of_the_past(database: str) -> None:
    found = trial("torn", database)
    assert found["torn"] == 300
    assert found["moments"] > 10, "the log was cut at the same moment again and again"
