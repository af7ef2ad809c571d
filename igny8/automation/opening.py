"""Taking a stage's queue, once, when the stage starts."""

from collections.abc import Iterator, Sequence, Set
from typing import Any

from igny8.ai.ask import Ask
from igny8.ai.errors import NotBefore, Stop
from igny8.ai.operation import Planned
from igny8.automation import batches
from igny8.automation.fence import fenced
from igny8.automation.forecast import batch_size, correct_forecast, handed_over
from igny8.automation.handover import fail_if_incomplete
from igny8.automation.log import say
from igny8.automation.models import AutomationRun, RunItem
from igny8.automation.results import RESULT_FIELDS, recount, save_run
from igny8.automation.stages import Stage
from igny8.core import clock

ITEMS_A_TRANSACTION = 1000
NO_IMAGES_STAGE = 5
NOTHING = batches.Working(batch_no=0, items=(), rows=())


def is_open(run: AutomationRun, stage: Stage) -> bool:
    return bool(run.result(stage.number).get("opened"))


def open_stage(run: AutomationRun, stage: Stage, ask: Ask) -> None:
    """Every row that waits now becomes an item; what arrives later belongs to the next run.

    A plan that cannot be made now leaves the stage unopened: it is made as a whole or not at all.
    """
    try:
        plan = _planned(run, stage, ask)
    except NotBefore as wait:
        return batches.later(run, stage, NOTHING, wait, ask)
    except Stop as stop:
        return batches.pause_for(run, stage, NOTHING, stop, ask)
    return _take(run, stage, plan)


def _take(run: AutomationRun, stage: Stage, plan: Sequence[Planned]) -> None:
    with fenced(run, "clear stage") as current:
        if fail_if_incomplete(current, stage):
            return
        RunItem.objects.filter(run=run, stage=stage.number).delete()
    for start in range(0, len(plan), ITEMS_A_TRANSACTION):
        with fenced(run, "take queue"):
            _insert(run, stage, plan[start : start + ITEMS_A_TRANSACTION], start)
    with fenced(run, "open stage") as current:
        _announce(current, stage, _groups(plan))


def _planned(run: AutomationRun, stage: Stage, ask: Ask) -> list[Planned]:
    """The queue in the order it will be worked on; only rows that still wait.

    Of a selection every row is an item: those that cannot be taken are skipped with the reason.
    """
    ids = list(_queue(run, stage))
    operation = stage.process
    if operation is None or operation.plan is None or not ids:
        planned = [Planned(row_id=pk) for pk in ids]
    else:
        found = operation.plan(run.site, ids, ask)
        waiting = set(_queue(run, stage))
        planned = [p for p in found if p.row_id in waiting]
    return [*planned, *_not_to_be_taken(run, stage, {p.row_id for p in planned})]


def _queue(run: AutomationRun, stage: Stage) -> Iterator[int]:
    rows = stage.pending(run.site)
    if run.kind == AutomationRun.Kind.SELECTION:
        rows = rows.filter(pk__in=run.selection)
    return rows.order_by("pk").values_list("pk", flat=True).iterator()


def _not_to_be_taken(run: AutomationRun, stage: Stage, planned: Set[int]) -> Iterator[Planned]:
    """Chosen rows that are held, parked or past this stage."""
    if run.kind == AutomationRun.Kind.SELECTION:
        rows = stage.model._default_manager.filter(site=run.site, pk__in=run.selection)
        for pk in rows.order_by("pk").values_list("pk", flat=True):
            if pk not in planned:
                yield Planned(row_id=pk)


def _insert(run: AutomationRun, stage: Stage, plan: Sequence[Planned], start: int) -> None:
    size = batch_size(run.config, stage.number)
    labels = _labels(stage, [p.row_id for p in plan])
    RunItem.objects.bulk_create(
        RunItem(
            run=run,
            stage=stage.number,
            object_id=p.row_id,
            label=labels.get(p.row_id, ""),
            position=position,
            batch_no=position // size + 1,
            group=p.group,
            plan=p.plan,
        )
        for position, p in enumerate(plan, start)
    )


def _labels(stage: Stage, ids: Sequence[int]) -> dict[int, str]:
    return {row.pk: str(row)[:255] for row in stage.model._default_manager.filter(pk__in=ids)}


def _groups(plan: Sequence[Planned]) -> int:
    return len({p.group for p in plan if p.group})


def _announce(run: AutomationRun, stage: Stage, groups: int) -> None:
    total = RunItem.objects.filter(run=run, stage=stage.number).count()
    _say_found(run, stage, total)
    facts: dict[str, Any] = {
        "opened": True,
        "status": "running" if total else "skipped",
        "total": total,
        "forecast": total,
        "batches": -(-total // batch_size(run.config, stage.number)),
        "waited": run.result(stage.number).get("waited", 0),
        "started_at": clock.now().isoformat(),
        "ended_at": None if total else clock.now().isoformat(),
        "errors": [],
    }
    correct_forecast(run, stage.number, groups or handed_over(stage.number, total, run.config))
    recount(run, stage, **facts)
    if not total:
        run.current_stage = stage.number + 1
    run.wake_at, run.waiting_for = None, ""
    columns = ("credits_used", "percent", "current_stage", "wake_at", "waiting_for")
    save_run(run, *RESULT_FIELDS, *columns)


def _say_found(run: AutomationRun, stage: Stage, total: int) -> None:
    if stage.number == NO_IMAGES_STAGE:
        found = f"Stage {stage.number}: Found {total} content pieces without images"
        say(run, found if total else f"{found}, skipping", stage=stage.number)
    elif total:
        say(run, f"Stage {stage.number}: {stage.count(total)} to process", stage=stage.number)
    else:
        say(run, f"Stage {stage.number}: No {stage.takes[1]} pending, skipping", stage=stage.number)
