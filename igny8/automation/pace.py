"""Seconds an item: learnt from finished stages, refreshed by the running one."""

from collections.abc import Mapping

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Sum

from igny8.automation.forecast import batch_size
from igny8.automation.models import AutomationRun, Pace, RunItem
from igny8.automation.stages import WORK_STAGES, Stage

NEWEST_WEIGHT = 0.3
ENOUGH_ITEMS = 3
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
    """Done items of this run and their mean seconds; waits are not in an item's time.

    Items that were begun together took their time together.
    """
    took = ExpressionWrapper(F("ended_at") - F("started_at"), output_field=DurationField())
    done = RunItem.objects.filter(run=run, stage=stage.number, state=RunItem.State.DONE)
    together = done.values("started_at").annotate(number=Count("pk"), took=Max(took))
    found = together.aggregate(items=Sum("number"), seconds=Sum("took"))
    if not found["items"]:
        return 0, 0.0
    return found["items"], found["seconds"].total_seconds() / found["items"]


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
