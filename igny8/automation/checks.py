"""What must always be true, each as one query that finds what breaks it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from igny8.core.rows import select_rows
from igny8.core.triggers import same_site_keys
from igny8.writer.models import Image

FIXES = "Look at these rows before the next run; `igny8 logs` says what happened."


@dataclass(frozen=True)
class Check:
    """`detail` says what was found, and what to do when it is not `ok`."""

    name: str
    ok: bool
    detail: str


INVARIANTS = {
    "I1 keywords and clusters": """
        SELECT COUNT(*) FROM igny8_keywords k LEFT JOIN igny8_clusters c ON c.id = k.cluster_id
        WHERE (k.status = 'mapped' AND (c.id IS NULL OR c.site_id <> k.site_id))
           OR (k.status <> 'mapped' AND k.cluster_id IS NOT NULL)""",
    "I2 nothing twice": """
        SELECT COUNT(*) FROM (
            SELECT task_id FROM igny8_content GROUP BY task_id HAVING COUNT(*) > 1
            UNION ALL SELECT idea_id FROM igny8_tasks GROUP BY idea_id HAVING COUNT(*) > 1
            UNION ALL SELECT content_id FROM igny8_images GROUP BY content_id, slot
            HAVING COUNT(*) > 1) twice""",
    "I3 tasks and their content": """
        SELECT COUNT(*) FROM igny8_tasks t LEFT JOIN igny8_content c ON c.task_id = t.id
        WHERE (t.status = 'completed') <> (c.id IS NOT NULL)""",
    "I4 ledger and calls": """
        SELECT COUNT(*) FROM igny8_ai_calls a
        LEFT JOIN igny8_credit_entries e ON e.call_id = a.id
        WHERE (a.state IN ('answered', 'used', 'late')) AND e.id IS NULL""",
    "I6 one active run a site": """
        SELECT COUNT(*) FROM (SELECT site_id FROM igny8_automation_runs
        WHERE kind = 'pipeline' AND status IN ('running', 'paused')
        GROUP BY site_id HAVING COUNT(*) > 1) runs""",
    "I8 items of finished runs": """
        SELECT COUNT(*) FROM igny8_run_items i JOIN igny8_automation_runs r ON r.id = i.run_id
        WHERE r.status = 'completed' AND i.state IN ('queued', 'working')""",
    "I13 times": """
        SELECT COUNT(*) FROM igny8_run_items WHERE ended_at < started_at""",
    "I15 runs have a live worker": """
        SELECT COUNT(*) FROM igny8_automation_runs r
        WHERE r.status = 'running' AND r.worker IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM igny8_workers w WHERE w.id = r.worker)""",
}


def all_checks() -> Iterator[Check]:
    for name, query in INVARIANTS.items():
        yield _counted(name, query)
    yield _counted("I14 one site each", _crossings())
    yield _integrity()
    yield _pictures()
    yield _folder()


def _counted(name: str, query: str) -> Check:
    [(found,)] = select_rows(query, [])
    return Check(name, not found, "holds" if not found else f"{found} rows break it. {FIXES}")


def _crossings() -> str:
    """Rows whose foreign key leads to a row of another site, over all such keys."""
    parts = [
        f"SELECT a.id FROM {model._meta.db_table} a JOIN {key.related_model._meta.db_table} b "  # noqa: S608 - names of our own models
        f"ON b.id = a.{key.column} WHERE a.site_id <> b.site_id"
        for model, key in same_site_keys()
        if not isinstance(key.related_model, str)
    ]
    return f"SELECT COUNT(*) FROM ({' UNION ALL '.join(parts)}) crossings"  # noqa: S608 - as above


def _integrity() -> Check:
    if connection.vendor != "sqlite":
        return Check("I16 database", True, "PostgreSQL checks itself")
    [(answer,)] = select_rows("PRAGMA quick_check", [])
    broken = select_rows("PRAGMA foreign_key_check", [])
    ok = answer == "ok" and not broken
    return Check("I16 database", ok, "holds" if ok else f"{answer}; restore the last backup")


def _pictures() -> Check:
    files = Image.objects.exclude(file="").values_list("file", flat=True)
    missing = sum(not (Path(settings.MEDIA_ROOT) / name).is_file() for name in files.iterator())
    detail = "all there" if not missing else f"{missing} are gone; make those images again"
    return Check("picture files", not missing, detail)


def _folder() -> Check:
    ok = os.access(settings.DATA_DIR, os.W_OK)
    detail = "writable" if ok else f"{settings.DATA_DIR} cannot be written; change its owner"
    return Check("data folder", ok, detail)
