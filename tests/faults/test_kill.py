"""The real command, killed without warning and started again, ends as if nothing had happened."""

import contextlib
import os
import random
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.kill, pytest.mark.timeout(300)]

IGNY8 = Path(sys.executable).parent / "igny8"
KILLS = 5


def demo(folder: Path, *, seconds: float | None = None) -> int | None:
    """`igny8 demo` to its end, or killed after `seconds`; its exit status, None when killed."""
    process = subprocess.Popen(
        [IGNY8, "demo"],
        env={**os.environ, "IGNY8_DATA": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with contextlib.suppress(subprocess.TimeoutExpired):
        return process.wait(timeout=seconds)
    process.kill()
    process.wait()
    return None


def counted(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(folder / "igny8.sqlite3")) as database:
        return database.execute(query).fetchall()


def test_a_run_killed_at_random_five_times_finishes_and_pays_nothing_twice(tmp_path: Path) -> None:
    moments = random.Random(20261124)
    kills = sum(demo(tmp_path, seconds=moments.uniform(4, 9)) is None for _ in range(KILLS))

    assert kills, "the demo was over before the first kill"
    assert demo(tmp_path) == 0

    calls = Counter(
        dict(counted(tmp_path, "SELECT state, COUNT(*) FROM igny8_ai_calls GROUP BY 1"))
    )
    answered_twice = counted(
        tmp_path,
        "SELECT key FROM igny8_ai_calls WHERE state = 'used' GROUP BY key HAVING COUNT(*) > 1",
    )
    assert set(calls) <= {"used", "unknown"}
    assert calls["unknown"] <= kills
    assert not answered_twice
    assert counted(tmp_path, "SELECT COUNT(*) FROM igny8_automation_runs") == [(1,)]
    assert counted(tmp_path, "SELECT DISTINCT status FROM igny8_content") == [("review",)]
    assert counted(tmp_path, "SELECT DISTINCT status FROM igny8_images") == [("generated",)]
    assert counted(tmp_path, "SELECT DISTINCT state FROM igny8_run_items") == [("done",)]
    assert (
        subprocess.run(
            [IGNY8, "doctor"], env={**os.environ, "IGNY8_DATA": str(tmp_path)}, check=False
        ).returncode
        == 0
    )


def test_a_second_worker_on_one_folder_says_so_and_exits_2(tmp_path: Path) -> None:
    environment = {**os.environ, "IGNY8_DATA": str(tmp_path)}
    first = subprocess.Popen([IGNY8, "worker"], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert first.stdout is not None
        assert "works" in first.stdout.readline()
        second = subprocess.run(
            [IGNY8, "worker"], env=environment, capture_output=True, text=True, check=False
        )
    finally:
        first.terminate()
        first.wait(timeout=20)
    assert second.returncode == 2
    assert "already working" in second.stderr
    assert first.returncode == 0
