"""A site's counts in one statement that reads indexes only, however many rows there are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from igny8.automation.models import AutomationRun
from igny8.automation.stages import WORK_STAGES
from igny8.core.rows import select_rows
from igny8.sites.models import Site
from igny8.writer.models import Content

TABLES = {
    "keywords": "igny8_keywords",
    "clusters": "igny8_clusters",
    "ideas": "igny8_content_ideas",
    "tasks": "igny8_tasks",
    "content": "igny8_content",
    "images": "igny8_images",
}


@dataclass(frozen=True, kw_only=True)
class Count:
    """`total` = processed + pending; rows that need attention are in neither."""

    processed: int = 0
    pending: int = 0
    attention: int = 0

    @property
    def total(self) -> int:
        return self.processed + self.pending


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Counts by what is counted, rows that each stage would take now, articles at the gate.

    `recent` are the batches done last in the current stage, each as items and seconds; `working`
    are the names of items being worked on now.
    """

    counts: Mapping[str, Count]
    waiting: Mapping[int, int]
    by_status: Mapping[str, int]
    recent: tuple[tuple[int, float], ...] = ()
    working: tuple[str, ...] = ()

    @property
    def pending(self) -> int:
        return sum(self.waiting.values())

    @property
    def review(self) -> int:
        return self.by_status.get(Content.Status.REVIEW, 0)


def figures_of(site: Site, run: AutomationRun | None = None) -> Figures:
    """One query; with a run, the pace of its current stage comes along."""
    rows = select_rows(*_statement(site, run))
    found: dict[str, Counter[str]] = defaultdict(Counter)
    moments: dict[tuple[str, str], int] = {}
    for name, one, other, number in rows:
        if name == "recent":
            moments[one, other] = number
        else:
            found[name][one] += number
    return Figures(
        counts=_counts(found),
        waiting=_waiting(found),
        by_status=dict(found["content"]),
        recent=tuple(_seconds(moments.items())),
        working=tuple(found["working"]),
    )


def _statement(site: Site, run: AutomationRun | None) -> tuple[str, list[Any]]:
    parts = [_BY_STATUS.format(name=n, table=t) for n, t in TABLES.items()]
    parts += [_SET_ASIDE.format(name=n, table=t) for n, t in TABLES.items()]
    parts += [_WITH_IDEAS, _UNPLANNED, _UNPLANNED_ASIDE, _UNFINISHED]
    values: list[Any] = [site.pk] * len(parts)
    if run is not None:
        parts += [_RECENT, _WORKING]
        values += [run.pk, run.current_stage] * 2
    return " UNION ALL ".join(parts), values


def _counts(found: Mapping[str, Counter[str]]) -> dict[str, Count]:
    unplanned = sum(found["unplanned"].values())
    illustrated = sum(found["content"].values()) - unplanned - found["unfinished"][""]
    processed = {
        "keywords": found["keywords"]["mapped"],
        "clusters": found["with_ideas"][""],
        "ideas": found["ideas"]["in_progress"] + found["ideas"]["completed"],
        "tasks": found["tasks"]["completed"],
        "content": illustrated,
        "images": found["images"]["generated"],
    }
    return {name: _count(name, found, done) for name, done in processed.items()}


def _count(name: str, found: Mapping[str, Counter[str]], processed: int) -> Count:
    total = sum(number for status, number in found[name].items() if status != "ignored")
    attention = sum(found[f"{name} parked"].values())
    parked_pending = min(attention, total - processed)
    return Count(
        processed=processed, pending=total - processed - parked_pending, attention=attention
    )


def _waiting(found: Mapping[str, Counter[str]]) -> dict[int, int]:
    """Rows of each working stage's queue, neither parked nor held."""
    queues = {
        1: found["keywords"]["new"] - _aside(found, "keywords", "new"),
        2: found["clusters"]["new"] - _aside(found, "clusters", "new"),
        3: found["ideas"]["new"] - _aside(found, "ideas", "new"),
        4: found["tasks"]["pending"] - _aside(found, "tasks", "pending"),
        5: found["unplanned"]["draft"]
        + found["unplanned"]["review"]
        - found["unplanned aside"][""],
        6: found["images"]["pending"] - _aside(found, "images", "pending"),
    }
    return {stage.number: max(0, queues[stage.number]) for stage in WORK_STAGES}


def _aside(found: Mapping[str, Counter[str]], name: str, status: str) -> int:
    return found[f"{name} parked"][status] + found[f"{name} held"][status]


def _seconds(moments: Iterable[tuple[tuple[str, str], int]]) -> Iterable[tuple[int, float]]:
    """Items of a batch were begun together and took their time together; the newest first."""
    together: dict[str, tuple[int, str]] = {}
    for (started, ended), number in moments:
        items, last = together.get(started, (0, ended))
        together[started] = items + number, max(last, ended)
    for started, (items, ended) in sorted(together.items(), reverse=True):
        yield items, (_moment(ended) - _moment(started)).total_seconds()


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


_BY_STATUS = """
SELECT '{name}' AS name, status AS one, '' AS other, COUNT(*) AS number FROM {table}
WHERE site_id = %s GROUP BY status
"""
_SET_ASIDE = """
SELECT CASE WHEN parked_at IS NULL THEN '{name} held' ELSE '{name} parked' END, status, '', 1
FROM {table} WHERE site_id = %s AND (parked_at IS NOT NULL OR held_by IS NOT NULL)
"""
_WITH_IDEAS = """
SELECT 'with_ideas', '', '', COUNT(DISTINCT cluster_id) FROM igny8_content_ideas WHERE site_id = %s
"""
_UNPLANNED = """
SELECT 'unplanned', status, '', COUNT(*) FROM igny8_content
WHERE site_id = %s AND image_plan_at IS NULL GROUP BY status
"""
_UNPLANNED_ASIDE = """
SELECT 'unplanned aside', '', '', COUNT(*) FROM igny8_content
WHERE site_id = %s AND (parked_at IS NOT NULL OR held_by IS NOT NULL)
AND image_plan_at IS NULL AND status IN ('draft', 'review')
"""
_UNFINISHED = """
SELECT 'unfinished', '', '', COUNT(DISTINCT content_id) FROM igny8_images
WHERE site_id = %s AND status = 'pending'
"""
_RECENT = """
SELECT 'recent', started, ended, COUNT(*) FROM (
    SELECT CAST(started_at AS TEXT) AS started, CAST(ended_at AS TEXT) AS ended
    FROM igny8_run_items WHERE run_id = %s AND stage = %s AND state = 'done'
    ORDER BY batch_no DESC LIMIT 60
) AS newest GROUP BY started, ended
"""
_WORKING = """
SELECT 'working', label, '', 1 FROM (
    SELECT label FROM igny8_run_items WHERE run_id = %s AND stage = %s AND state = 'working'
    ORDER BY batch_no LIMIT 60
) AS now
"""
