"""What is recorded of a stage: counted anew from its items and the ledger, never incremented."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from igny8.automation.models import AutomationRun, RunItem
from igny8.automation.stages import STAGES, WORK_STAGES, Stage, stage_number
from igny8.core import clock
from igny8.core.rows import select_rows, update_rows
from igny8.credits.prices import CREDIT

State = RunItem.State
ERRORS_KEPT = 20
RESULT_FIELDS = tuple(f"stage_{stage.number}_result" for stage in STAGES)


def recount(run: AutomationRun, stage: Stage, **facts: Any) -> None:
    """Rewrites the stage's result and what follows from it; saves nothing yet."""
    counted = _counts(run, stage)
    result = {
        **run.result(stage.number),
        "processed": counted["done"] + counted["failed"] + counted["skipped"],
        **{state: counted[state] for state in ("done", "failed", "skipped")},
        "left": counted["queued"] + counted["working"],
        "created": counted["created"],
        "retries": counted["retries"],
        "credits": str(_credits(run, stage)),
        **facts,
    }
    if counted["failed"]:
        result["errors"] = _errors(run, stage)
    setattr(run, f"stage_{stage.number}_result", result)
    _add_credits(run)
    run.percent = max(run.percent, percent_of(run))


def recount_credits(run: AutomationRun) -> None:
    """What came late was paid, too: each stage's credits, once more from the ledger."""
    for stage in WORK_STAGES:
        if result := run.result(stage.number):
            credits_ = str(_credits(run, stage))
            setattr(run, f"stage_{stage.number}_result", {**result, "credits": credits_})
    _add_credits(run)


def _add_credits(run: AutomationRun) -> None:
    of_stages = (Decimal(run.result(s.number).get("credits", "0")) for s in WORK_STAGES)
    run.credits_used = sum(of_stages, Decimal(0))


def gate_result(waiting: int) -> dict[str, Any]:
    """Stage 7 in the keys of its siblings: all of it is a person's turn."""
    return {
        "status": "waiting",
        "total": waiting,
        "forecast": waiting,
        "started_at": clock.now().isoformat(),
        "ended_at": None,
        "credits": "0",
        "errors": [],
        **dict.fromkeys(_NOT_COUNTED, 0),
    }


def save_run(run: AutomationRun, *fields: str) -> None:
    """One UPDATE of what changed; `version` tells the pages."""
    run.version += 1
    run.updated_at = clock.now()
    values = {name: getattr(run, name) for name in (*fields, "version", "updated_at")}
    update_rows(AutomationRun, values, "id = %s", [run.pk])


def save_stage(run: AutomationRun, stage: Stage, *fields: str) -> None:
    save_run(run, f"stage_{stage.number}_result", "credits_used", "percent", *fields)


def percent_of(run: AutomationRun) -> int:
    """Σ processed / Σ total over the working stages, rounded down; 100 only when completed."""
    totals = [_expected(run, stage) for stage in _stages_of(run)]
    processed = sum(int(run.result(stage.number).get("processed", 0)) for stage in _stages_of(run))
    if run.status == AutomationRun.Status.COMPLETED:
        return 100
    return min(99, 100 * processed // sum(totals)) if sum(totals) else 0


def is_forecast(run: AutomationRun) -> bool:
    """True while the total of a stage still to come is only expected."""
    return any(not run.result(stage.number).get("opened") for stage in _stages_of(run))


def _stages_of(run: AutomationRun) -> Iterable[Stage]:
    last = run.stop_after or len(WORK_STAGES)
    return (s for s in WORK_STAGES if run.first_stage <= s.number <= last)


def _expected(run: AutomationRun, stage: Stage) -> int:
    result = run.result(stage.number)
    return int(result["total"] if result.get("opened") else result.get("forecast", 0))


_NOT_COUNTED = ("processed", "created", "failed", "skipped", "batches", "retries", "waited")
_COUNTS = """
SELECT state, COUNT(*), SUM(created), SUM(retries) FROM igny8_run_items
WHERE run_id = %s AND stage = %s GROUP BY state
"""
_CREDITS = "SELECT SUM(credits) FROM igny8_credit_entries WHERE run_ref = %s AND stage = %s"


def _counts(run: AutomationRun, stage: Stage) -> dict[str, int]:
    counts = dict.fromkeys([*State.values, "created", "retries"], 0)
    for state, number, created, retries in select_rows(_COUNTS, [run.pk, stage.number]):
        counts[state] = number
        counts["created"] += int(created)
        counts["retries"] += int(retries)
    return counts


def _credits(run: AutomationRun, stage: Stage) -> Decimal:
    """SQLite adds decimals as floating-point numbers."""
    [(total,)] = select_rows(_CREDITS, [run.ref, stage.number])
    return Decimal(str(total or 0)).quantize(CREDIT).normalize() + 0


def _errors(run: AutomationRun, stage: Stage) -> list[dict[str, Any]]:
    failed = RunItem.objects.filter(run=run, stage=stage.number, state=State.FAILED)
    noun = stage_number(stage.number).takes[0]
    return [
        {
            "item": item.label,
            "object": f"{noun}:{item.object_id}",
            "code": item.code,
            "message": item.reason,
            "attempts": item.attempt,
            "at": item.ended_at.isoformat() if item.ended_at else None,
        }
        for item in failed.order_by("ended_at", "pk")[:ERRORS_KEPT]
    ]
