"""Rows that get no usable answer are parked; Retry takes the mark off again."""

from collections import defaultdict
from collections.abc import Sequence

from igny8.ai.calls import forgive_calls
from igny8.ai.errors import Bad
from igny8.automation.models import AutomationRun, RunItem
from igny8.automation.stages import WORK_STAGES, Stage
from igny8.core import clock
from igny8.core.crashpoints import committing
from igny8.core.editing import UNPARKED
from igny8.sites.models import Site


def park_row(stage: Stage, row_id: int, bad: Bad, *, holder: str) -> bool:
    """It keeps its status, leaves the queue and is held no more; False when it was not held."""
    parked = stage.model._default_manager.filter(pk=row_id, held_by=holder).update(
        held_by=None, parked_at=clock.now(), parked_code=bad.code, parked_reason=bad.reason
    )
    if parked and stage.process is not None and stage.process.after_parking is not None:
        stage.process.after_parking([row_id])
    return bool(parked)


def retry_parked(site: Site, stages: Sequence[Stage] = WORK_STAGES) -> dict[int, int]:
    """Takes the mark off every parked row of these stages; returns how many by stage."""
    return {stage.number: retry_rows(site, stage) for stage in stages}


def retry_rows(site: Site, stage: Stage, ids: Sequence[int] | None = None) -> int:
    with committing("retry rows"):
        parked = stage.queue().filter(site=site).parked()
        if ids is not None:
            parked = parked.filter(pk__in=ids)
        found = list(parked.values_list("pk", flat=True))
        rows = [f"{object_kind(stage)}:{pk}" for pk in found]
        forgive_calls([*rows, f"site:{site.pk}"], site.pk)
        stage.model._default_manager.filter(pk__in=found).update(**UNPARKED)
    return len(found)


def failed_rows(run: AutomationRun) -> dict[int, list[int]]:
    """The rows of a run's failed items, by stage."""
    failed = RunItem.objects.filter(run=run, state=RunItem.State.FAILED)
    found: dict[int, list[int]] = defaultdict(list)
    for stage, row_id in failed.values_list("stage", "object_id"):
        found[stage].append(row_id)
    return found


def object_kind(stage: Stage) -> str:
    """How call keys name a row of this stage: `task` in `generate_content/task:88/0/meta`."""
    return str(stage.model._meta.model_name)
