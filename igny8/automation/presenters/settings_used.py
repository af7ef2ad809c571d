"""The settings that a run keeps from its start, in words."""

from collections.abc import Iterator
from typing import Any

from igny8.automation.models import AutomationRun
from igny8.automation.presenters.looks import counted
from igny8.automation.stages import WORK_STAGES, stage_number

ALERTS = {
    "alert_error_percent": "Warn when errors in a stage pass",
    "alert_over_estimate_percent": "Warn when credits pass the estimate by",
}
SECONDS = {
    "within_stage_delay": "Wait between batches",
    "between_stage_delay": "Wait between stages",
}
NUMBERS = {
    "ideas_per_cluster": "Ideas a cluster, at most",
    "images_per_article": "Images an article, besides the featured one",
    "attempts": "Attempts an item",
}


def settings_used(run: AutomationRun) -> Iterator[tuple[str, str]]:
    """Name and value of each; what a run of an older version did not keep is left out."""
    last = run.stop_after or len(WORK_STAGES) + 1
    yield "Stages", f"{run.first_stage} to {last}"
    yield from _models(run)
    for name, value in run.config.items():
        if known := _said(name, value):
            yield known


def _models(run: AutomationRun) -> Iterator[tuple[str, str]]:
    """Stages that ask the same model share a line; what the built-in writer makes is called so."""
    stages: dict[str, list[str]] = {}
    for number, model in run.estimate.get("models", {}).items():
        stages.setdefault(str(model), []).append(str(number))
    for model, numbers in stages.items():
        where = f"stage{'s' if numbers[1:] else ''} {', '.join(numbers)}"
        kind, _, name = model.partition(":")
        yield f"Model of {where}", "built-in sample writer" if kind == "sample" else name


def _said(name: str, value: Any) -> tuple[str, str] | None:
    if name.endswith("_batch_size"):
        number = int(name.split("_")[1])
        return f"Batch size of stage {number}", stage_number(number).count(int(value))
    if name in SECONDS:
        return SECONDS[name], counted(int(value), "second")
    if name in ALERTS:
        return ALERTS[name], f"{value}%"
    if name == "wants_images":
        return "Articles have images", "yes" if value else "no"
    return (NUMBERS[name], str(value)) if name in NUMBERS else None
