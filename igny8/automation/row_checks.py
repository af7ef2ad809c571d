"""Invariants of the rows, as SQL for both databases: each query names the rows that break one."""

from collections.abc import Iterable

from igny8.automation.stages import WORK_STAGES
from igny8.credits.ledger import PARTS

WORKED_TABLES = tuple(dict.fromkeys(stage.model._meta.db_table for stage in WORK_STAGES))
NUMBERS = tuple(stage.number for stage in WORK_STAGES)
SMALLEST_CREDIT = "0.00005"


def _all_of(parts: Iterable[str]) -> str:
    return " UNION ALL ".join(parts)


def _held_by_nobody(table: str) -> str:
    return f"""
        SELECT '{table} ' || held.id FROM {table} held
        WHERE held.held_by IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM igny8_automation_runs run
            WHERE held.held_by = 'run:' || run.id
              AND (run.status IN ('running', 'paused') OR run.worker IS NOT NULL))"""  # noqa: S608 - names of our own tables


def _stage_miscounted(number: int) -> str:
    """A stage's recorded counts against its items."""
    result = f"run.stage_{number}_result ->>"
    return f"""
        SELECT 'run ' || run.id || ' stage {number}' FROM igny8_automation_runs run
        LEFT JOIN (
            SELECT run_id, COUNT(*) AS total,
                   SUM(CASE WHEN state = 'done' THEN 1 ELSE 0 END) AS done,
                   SUM(CASE WHEN state = 'failed' THEN 1 ELSE 0 END) AS failed,
                   SUM(CASE WHEN state = 'skipped' THEN 1 ELSE 0 END) AS skipped
            FROM igny8_run_items WHERE stage = {number} GROUP BY run_id) item
          ON item.run_id = run.id
        WHERE {result} 'total' IS NOT NULL AND (
            CAST({result} 'total' AS INTEGER) <> COALESCE(item.total, 0)
            OR CAST({result} 'done' AS INTEGER) <> COALESCE(item.done, 0)
            OR CAST({result} 'failed' AS INTEGER) <> COALESCE(item.failed, 0)
            OR CAST({result} 'skipped' AS INTEGER) <> COALESCE(item.skipped, 0)
            OR CAST({result} 'processed' AS INTEGER) + CAST({result} 'left' AS INTEGER)
               <> COALESCE(item.total, 0))"""  # noqa: S608 - numbers of our own stages


def _stage_ends_early(number: int) -> str:
    """To the second: texts of times sort like times only as far as they have the same form."""
    began, ended = (
        f"SUBSTR(stage_{number}_result ->> '{name}', 1, 19)" for name in ("started_at", "ended_at")
    )
    return f"""
        SELECT 'run ' || id || ' stage {number}' FROM igny8_automation_runs
        WHERE {ended} < {began}"""  # noqa: S608 - numbers of our own stages


def _booked(which: str) -> str:
    """Answers that came after their run was over are waste, and may be in its ledger only."""
    return f"""COALESCE((SELECT SUM(e.credits) FROM igny8_credit_entries e
        WHERE e.run_ref = 'run:' || run.id AND {which}), 0)"""  # noqa: S608 - constants


STAGE_CREDITS = " + ".join(
    f"COALESCE(CAST(run.stage_{n}_result ->> 'credits' AS DECIMAL(14, 4)), 0)" for n in NUMBERS
)

QUERIES = {
    "I1 a mapped keyword has one cluster of its site, a new one none": """
        SELECT 'keyword ' || k.id FROM igny8_keywords k
        LEFT JOIN igny8_clusters c ON c.id = k.cluster_id
        WHERE (k.status = 'mapped' AND (c.id IS NULL OR c.site_id <> k.site_id))
           OR (k.status <> 'mapped' AND k.cluster_id IS NOT NULL)""",
    "I1 a mapped cluster has an idea for each page, or as many as wanted": """
        SELECT 'cluster ' || c.id FROM igny8_clusters c
        WHERE c.status = 'mapped' AND EXISTS (
            SELECT 1 FROM igny8_keywords k WHERE k.cluster_id = c.id AND NOT EXISTS (
                SELECT 1 FROM igny8_content_ideas i WHERE i.cluster_id = c.id AND i.page = k.page))
          AND COALESCE((
            SELECT item.created - CAST(run.config ->> 'ideas_per_cluster' AS INTEGER)
            FROM igny8_run_items item JOIN igny8_automation_runs run ON run.id = item.run_id
            WHERE item.stage = 2 AND item.object_id = c.id AND item.state = 'done'
            ORDER BY item.id DESC LIMIT 1), -1) < 0""",
    "I2 one content a task, one task an idea, one image a slot": """
        SELECT 'task ' || task_id FROM igny8_content GROUP BY task_id HAVING COUNT(*) > 1
        UNION ALL
        SELECT 'idea ' || idea_id FROM igny8_tasks GROUP BY idea_id HAVING COUNT(*) > 1
        UNION ALL
        SELECT 'content ' || content_id || ' slot ' || slot FROM igny8_images
        GROUP BY content_id, slot HAVING COUNT(*) > 1""",
    "I3 a task is completed when its content exists, and only then": """
        SELECT 'task ' || t.id FROM igny8_tasks t LEFT JOIN igny8_content c ON c.task_id = t.id
        WHERE (t.status = 'completed') <> (c.id IS NOT NULL)""",
    "I4 each call that was paid for is one line of the ledger": """
        SELECT 'call ' || a.id FROM igny8_ai_calls a
        WHERE (SELECT COUNT(*) FROM igny8_credit_entries e WHERE e.call_id = a.id)
              <> CASE WHEN a.credits IS NULL THEN 0 ELSE 1 END
           OR (a.credits IS NULL AND a.state IN ('answered', 'used', 'late'))
        UNION ALL
        SELECT 'call ' || a.id FROM igny8_ai_calls a
        JOIN igny8_credit_entries e ON e.call_id = a.id
        WHERE e.credits <> a.credits
           OR COALESCE(e.cost_microusd, -1) <> COALESCE(a.cost_microusd, -1)
        UNION ALL
        SELECT 'ledger line ' || e.id FROM igny8_credit_entries e
        WHERE e.kind IN ('charge', 'waste')
          AND NOT EXISTS (SELECT 1 FROM igny8_ai_calls a WHERE a.id = e.call_id)""",
    "I5 a run's credits are its ledger lines and the sum of its stages": f"""
        SELECT 'run ' || run.id FROM igny8_automation_runs run
        WHERE ABS(run.credits_used - ({STAGE_CREDITS})) > {SMALLEST_CREDIT}
           OR (run.status = 'completed' AND (
                run.credits_used < {_booked("e.kind = 'charge'")} - {SMALLEST_CREDIT}
                OR run.credits_used > {_booked("TRUE")} + {SMALLEST_CREDIT}))""",  # noqa: S608 - constants
    "I5 credits are set aside for calls under way only": """
        SELECT 'reservation ' || r.id FROM igny8_credit_reservations r
        WHERE r.state = 'open' AND NOT EXISTS (
            SELECT 1 FROM igny8_ai_calls a WHERE 'call:' || a.id = r.key AND a.state = 'sent')""",
    "I5 an account's balance is its ledger, its reserve what is set aside": f"""
        SELECT 'account ' || c.account_id FROM igny8_credit_accounts c
        WHERE c.reserved <> COALESCE((
                SELECT SUM(r.amount) FROM igny8_credit_reservations r
                WHERE r.account_id = c.account_id AND r.state = 'open'), 0)
           OR ABS(c.balance / {PARTS}.0 - COALESCE((
                SELECT SUM(CASE WHEN e.kind = 'grant' THEN e.credits ELSE -e.credits END)
                FROM igny8_credit_entries e WHERE e.account_id = c.account_id), 0))
              > {SMALLEST_CREDIT}""",  # noqa: S608 - constants
    "I6 one active pipeline run a site": """
        SELECT 'site ' || site_id FROM igny8_automation_runs
        WHERE kind = 'pipeline' AND status IN ('running', 'paused')
        GROUP BY site_id HAVING COUNT(*) > 1""",
    "I6 rows are held by active runs only": _all_of(map(_held_by_nobody, WORKED_TABLES)),
    "I7 no stage starts over a pending one": """
        SELECT DISTINCT 'run ' || run.id FROM igny8_run_items item
        JOIN igny8_automation_runs run ON run.id = item.run_id
        WHERE item.state IN ('queued', 'working')
          AND (item.stage < run.current_stage OR run.status = 'completed')""",
    "I8 recorded counts are the counts of the items": _all_of(map(_stage_miscounted, NUMBERS)),
    "I11 an article is its newest version": """
        SELECT 'content ' || c.id FROM igny8_content c
        JOIN igny8_content_revisions v ON v.content_id = c.id
        WHERE v.body <> c.body AND v.number = (
            SELECT MAX(number) FROM igny8_content_revisions WHERE content_id = c.id)""",
    "I13 nothing ends before it starts": f"""
        SELECT 'run ' || id FROM igny8_automation_runs WHERE ended_at < started_at
        UNION ALL SELECT 'item ' || id FROM igny8_run_items WHERE ended_at < started_at
        UNION ALL SELECT 'call ' || id FROM igny8_ai_calls WHERE ended_at < sent_at
        UNION ALL {_all_of(map(_stage_ends_early, NUMBERS))}""",  # noqa: S608 - constants
}
