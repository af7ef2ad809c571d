"""Seconds an item: learnt from finished stages, refreshed by the running one."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from igny8.automation.forecast import batch_size
from igny8.automation.models import AutomationRun, Pace, RunItem
from igny8.automation.stages import WORK_STAGES, Stage

NEWEST_WEIGHT = 0.3
ENOUGH_ITEMS, NEWEST_ITEMS, HALF_AFTER_ITEMS = 3, 60, 20
EVERYWHERE = 0


def learn_pace(run: AutomationRun, stage: Stage) -> None:
    """Folds the stage's mean into the history of its site and of the installation."""
    items, seconds = measured(run, stage)
    if items < ENOUGH_ITEMS:
        return
    for site_id in (run.site_id, EVERYWHERE):
        pace, created = Pace.objects.get_or_create(
            site_id=site_id,
            stage=stage.number,
            model=_model_of(run, stage),
            defaults={"seconds": seconds, "items": items},
        )
        if not created:
            pace.seconds += NEWEST_WEIGHT * (seconds - pace.seconds)
            pace.items += items
            pace.save(update_fields=("seconds", "items", "updated_at"))


def measured(run: AutomationRun, stage: Stage) -> tuple[int, float]:
    """The newest done items of this run and their mean seconds; waits are not in an item's time."""
    done = RunItem.objects.filter(run=run, stage=stage.number, state=RunItem.State.DONE)
    newest = done.order_by("-batch_no", "-pk")[:NEWEST_ITEMS]
    together: dict[datetime, tuple[int, datetime]] = {}
    for began, ended in newest.values_list("started_at", "ended_at"):
        if began and ended:
            items, last = together.get(began, (0, ended))
            together[began] = items + 1, max(last, ended)
    took = sorted(together.items(), reverse=True)
    return recent_mean([(items, (last - began).total_seconds()) for began, (items, last) in took])


def recent_mean(batches: Iterable[tuple[int, float]]) -> tuple[int, float]:
    """Items and their mean seconds: what was done last weighs most.

    Batches, newest first, as items and seconds: items begun together took their time together.
    """
    items, weights, total = 0, 0.0, 0.0
    for number, seconds in batches:
        weight = 0.5 ** (items / HALF_AFTER_ITEMS)
        items, weights, total = items + number, weights + weight * number, total + weight * seconds
    return items, total / weights if weights else 0.0


def seconds_an_item(run: AutomationRun, stage: Stage) -> tuple[float, bool]:
    """The best known pace, and whether it is more than a default."""
    items, seconds = measured(run, stage)
    if items >= ENOUGH_ITEMS:
        return seconds, True
    for site_id in (run.site_id, EVERYWHERE):
        known = Pace.objects.filter(
            site_id=site_id, stage=stage.number, model=_model_of(run, stage)
        )
        if (pace := known.first()) is not None:
            return pace.seconds, True
    return stage.seconds, False


def eta_of_run(run: AutomationRun) -> float | None:
    """Seconds until the gate, delays included; None when the run is over."""
    if run.status not in AutomationRun.ACTIVE:
        return None
    ahead = stages_ahead(run)
    return run_seconds_left(run, {s.number: seconds_an_item(run, s)[0] for s in ahead})


def seconds_left(run: AutomationRun, stage: Stage, pace: float) -> float:
    """Of one stage: its items at `pace` seconds each, and the delays between their batches."""
    result = run.result(stage.number)
    if result.get("status") in ("done", "skipped"):
        return 0.0
    left = int(result["left"] if result.get("opened") else result.get("forecast", 0))
    batches = -(-left // batch_size(run.config, stage.number))
    return left * pace + max(0, batches - 1) * int(run.config["within_stage_delay"])


def run_seconds_left(run: AutomationRun, paces: Mapping[int, float]) -> float:
    """Until the gate, at the pace of each stage still ahead, with the delays between them."""
    ahead = stages_ahead(run)
    pauses = max(0, len(ahead) - 1) * int(run.config["between_stage_delay"])
    return sum(seconds_left(run, stage, paces[stage.number]) for stage in ahead) + pauses


def stages_ahead(run: AutomationRun) -> list[Stage]:
    last = run.stop_after or len(WORK_STAGES)
    return [s for s in WORK_STAGES if run.current_stage <= s.number <= last]


def _model_of(run: AutomationRun, stage: Stage) -> str:
    return str(run.estimate.get("models", {}).get(str(stage.number), ""))
