"""A worker that dies in the middle of a large import loses and doubles nothing."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.config.installations import Installation

pytestmark = [pytest.mark.kill, pytest.mark.timeout(300)]

ROWS = 60_000
KILLS = 3
PATIENCE = 120.0
CONFIRMED = """
import sys
from igny8.cli.opening import open_database
open_database()
from igny8.accounts.models import owner_account
from igny8.planner.imports import begin_import
from igny8.planner.models import KeywordImport
from igny8.sites.models import Site
site = Site.objects.create(account=owner_account(), slug="herbs", name="Herbs")
lines = (f"phrase {n}\\n".encode() for n in range(int(sys.argv[1])))
found = begin_import(site, person="Mara", name="words.txt", chunks=lines)
KeywordImport.objects.filter(pk=found.pk).update(status="importing", generation=1)
"""


@contextmanager
def worker(installation: Installation) -> Iterator["subprocess.Popen[str]"]:
    process = installation.start("worker")
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def asked(installation: Installation, columns: str) -> Any:
    ((found),) = installation.query(f"SELECT {columns} FROM igny8_keyword_imports")
    return found


def wait_for(installation: Installation, condition: str) -> None:
    until = time.monotonic() + PATIENCE
    while not asked(installation, condition)[0]:
        assert time.monotonic() < until, f"never: {condition}"
        time.sleep(0.02)


def test_a_large_import_killed_three_times_stores_each_keyword_once(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    words = [sys.executable, "-c", CONFIRMED, str(ROWS)]
    subprocess.run(words, env=installation.environment, check=True)
    done = 0
    for _ in range(KILLS):
        with worker(installation):
            wait_for(installation, f"rows_done > {done} OR status = 'done'")
        assert asked(installation, "status") == ("importing",), "it was over before the kill"
        done = asked(installation, "rows_done")[0]

    with worker(installation):
        wait_for(installation, "status = 'done'")
    report, new, generation = asked(installation, "report, rows_new, generation")
    assert json.loads(report)["rows"] == {
        "total": ROWS,
        "new": ROWS,
        "here": 0,
        "twice": 0,
        "bad": 0,
    }
    assert (new, generation) == (ROWS, KILLS + 1)
    keywords = "SELECT COUNT(*), COUNT(DISTINCT normalised) FROM igny8_keywords"
    assert installation.query(keywords) == [(ROWS, ROWS)]
    assert not list((tmp_path / "uploads").iterdir())
