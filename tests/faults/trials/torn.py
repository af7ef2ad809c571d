"""The power fails while SQLite writes: its log is cut at a random place, sometimes with a flip."""

import shutil
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from tests.faults.children import Child
from tests.faults.lab import Facts, Lab, until
from tests.faults.stories import STORIES

TIMES = 300
PIPELINE = STORIES[0]
FILE, LOG = "igny8.sqlite3", "igny8.sqlite3-wal"
HEADER = 32
CHECKS = ("PRAGMA integrity_check", "PRAGMA foreign_key_check")
LEDGER = """
SELECT COUNT(*) FROM igny8_ai_calls c WHERE c.state IN ('answered', 'used')
AND (SELECT COUNT(*) FROM igny8_credit_entries e WHERE e.call_id = c.id) <> 1
"""
HALF_HANDED_OVER = """
SELECT COUNT(*) FROM igny8_tasks t LEFT JOIN igny8_content c ON c.task_id = t.id
WHERE (t.status = 'completed') <> (c.id IS NOT NULL)
"""


def run(lab: Lab, count: int) -> Facts:
    """A worker dies near its end with an uncopied log; so many copies of both are torn."""
    lab.prepare(PIPELINE.name, PIPELINE.prepare)
    lab.begin(PIPELINE.name)
    Child(partial(_die_late)).wait()
    torn = lab.folder / "torn"
    seen = {_tear(lab, torn) for _ in range(count or TIMES)}
    return {"torn": count or TIMES, "moments": len(seen)}


def _die_late() -> None:
    import django.db

    with django.db.connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_autocheckpoint=0")
    until(("complete committed", 1))
    PIPELINE.tell()


def _tear(lab: Lab, folder: Path) -> int:
    """How many calls are known after this cut."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(lab.folder / FILE, folder / FILE)
    log = bytearray((lab.folder / LOG).read_bytes())
    cut = lab.chance.randrange(HEADER, len(log))
    del log[cut:]
    if lab.chance.random() < 0.5:
        log[lab.chance.randrange(HEADER, len(log) or 1) - 1] ^= 0xFF
    (folder / LOG).write_bytes(log)
    with closing(sqlite3.connect(folder / FILE)) as database:
        found = [answer for check in CHECKS for answer in database.execute(check)]
        halves = [database.execute(query).fetchone()[0] for query in (LEDGER, HALF_HANDED_OVER)]
        if found != [("ok",)] or any(halves):
            lab.violated(f"log cut at {cut}", [f"{found} {halves}"])
        return int(database.execute("SELECT COUNT(*) FROM igny8_ai_calls").fetchone()[0])
