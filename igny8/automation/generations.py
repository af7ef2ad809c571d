"""Who carries a run: its generation names a workflow, its lease names that workflow's worker."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from igny8.automation.models import AutomationRun, RunItem
from igny8.automation.stages import STAGES, stage_number
from igny8.core import clock
from igny8.core.crashpoints import committing
from igny8.jobs import hand_over
from igny8.jobs.models import Worker
from igny8.jobs.workers import me

WORKFLOW = "pipeline"
ANY = Q()
NOT_RUNNING = ~Q(status=AutomationRun.Status.RUNNING)


def take_lease(run_id: int, generation: int) -> int | None:
    """A new lease for this worker; None when the generation is history or the worker dead."""
    with committing("take lease"):
        if not Worker.objects.alive().filter(pk=me()).exists():
            return None
        runs = AutomationRun.objects.filter(pk=run_id, generation=generation)
        if not runs.update(lease=F("lease") + 1, worker=me()):
            return None
        return runs.values_list("lease", flat=True).get()


def leave(run_id: int, lease: int, *, where: Q = NOT_RUNNING) -> bool:
    """Ends this worker's part: True when the run was let go and, if it runs on, handed over."""
    with committing("leave"):
        alive = Worker.objects.alive().filter(pk=me()).exists()
        if not alive or not next_generation(run_id, where & Q(lease=lease)):
            return False
        hand_over_run(run_id)
    return True


def next_generation(run_id: int, where: Q) -> bool:
    """The only writer of `generation`: the old workflow is history, nothing works or is held."""
    runs = AutomationRun.objects.filter(where, pk=run_id)
    if not runs.update(generation=F("generation") + 1, lease=F("lease") + 1, worker=None):
        return False
    run = AutomationRun.objects.get(pk=run_id)
    items = RunItem.objects.filter(run=run, stage=run.current_stage, state=RunItem.State.WORKING)
    if run.current_stage < len(STAGES):
        held = stage_number(run.current_stage).model._default_manager.filter(
            pk__in=items.values("object_id"), held_by=run.ref
        )
        held.update(held_by=None)
    items.update(state=RunItem.State.QUEUED)
    return True


def hand_over_run(run_id: int) -> None:
    """Once this transaction commits, a live worker gets the run, not before its `wake_at`."""
    run = AutomationRun.objects.get(pk=run_id)
    if run.status == AutomationRun.Status.RUNNING:
        transaction.on_commit(lambda: hand_over_now(run))


def hand_over_now(run: AutomationRun) -> None:
    hand_over(
        WORKFLOW,
        workflow_id=workflow_id(run),
        arguments=(run.pk, run.generation),
        delay=_seconds_until(run.wake_at),
    )


def workflow_id(run: AutomationRun) -> str:
    return f"run-{run.pk}-g{run.generation}"


def _seconds_until(moment: datetime | None) -> float:
    return max(0.0, (moment - clock.now()).total_seconds()) if moment else 0.0
