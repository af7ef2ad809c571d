"""Between stages: nothing is left behind, and the log says so with true counts."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from igny8.automation.fence import fenced
from igny8.automation.log import complain, say, warn
from igny8.automation.models import AutomationRun, RunItem
from igny8.automation.notify.occasions import announce_failed
from igny8.automation.pace import learn_pace
from igny8.automation.results import recount, save_run, save_stage
from igny8.automation.stages import STAGES, WORK_STAGES, Stage, stage_number
from igny8.core import clock

State = RunItem.State
GATE = len(STAGES)


def incomplete_stage(run: AutomationRun, stage: Stage) -> Stage | None:
    """The highest stage below `stage` that should have emptied its queue and did not."""
    if stage.number > run.first_stage:
        before = stage_number(stage.number - 1)
        return before if left_behind(run, before).exists() else None
    for earlier in reversed(WORK_STAGES[: stage.number - 1]):
        if earlier.queue().filter(site=run.site, parked_at=None).exists():
            return earlier
    return None


def fail_if_incomplete(run: AutomationRun, stage: Stage) -> bool:
    """The pre-stage check, inside the transaction that opens the stage."""
    by_hand = run.kind == AutomationRun.Kind.SELECTION
    if by_hand or not (behind := incomplete_stage(run, stage)):
        return False
    _fail(run, behind, stage.number)
    return True


def close_stage(run: AutomationRun, stage: Stage) -> None:
    """The post-stage check, the hand-over lines, and on to the next stage."""
    with fenced(run, "close stage") as current:
        if left_behind(current, stage).exists():
            _fail(current, stage, stage.number + 1)
            return
        recount(current, stage, status="done", ended_at=_end_of(current, stage))
        for line, is_warning in _sentences(current, stage):
            (warn if is_warning else say)(current, line, stage=stage.number)
        learn_pace(current, stage)
        pause = _pause_after(current, stage)
        move_on(current, stage, pause=pause)


def _end_of(run: AutomationRun, stage: Stage) -> str:
    started_at = datetime.fromisoformat(run.result(stage.number)["started_at"])
    return clock.end_of(started_at).isoformat()


def move_on(run: AutomationRun, stage: Stage, *, pause: int = 0) -> None:
    """Saves the run at the next stage, after `pause` seconds; or at its end."""
    run.current_stage = stage.number + 1
    run.wake_at = clock.now() + timedelta(seconds=pause) if pause else None
    run.waiting_for = f"delay:{pause}" if pause else ""
    if pause:
        say(run, f"Waiting {pause} seconds before next stage...", stage=stage.number)
    save_stage(run, stage, "current_stage", "wake_at", "waiting_for")


def left_behind(run: AutomationRun, stage: Stage) -> "QuerySet[RunItem]":
    """Items whose row still waits, neither parked nor skipped; rows that a person put back after
    their item was done are none of them."""
    waiting = stage.queue().filter(pk=OuterRef("object_id"), parked_at=None)
    untouched = waiting.filter(updated_at__lte=OuterRef("ended_at"))
    return RunItem.objects.filter(
        Q(Exists(waiting), state__in=(State.QUEUED, State.WORKING))
        | Q(Exists(untouched), state=State.DONE),
        run=run,
        stage=stage.number,
    )


def _fail(run: AutomationRun, behind: Stage, number: int) -> None:
    sentence = f"Stage {behind.number} incomplete, cannot proceed to Stage {number}"
    complain(run, sentence, stage=number)
    run.status, run.reason_code, run.reason = AutomationRun.Status.FAILED, "incomplete", sentence
    run.ended_at, run.wake_at, run.waiting_for = clock.end_of(run.started_at), None, ""
    save_run(run, "status", "reason_code", "reason", "ended_at", "wake_at", "waiting_for")
    announce_failed(run)


def _sentences(run: AutomationRun, stage: Stage) -> Iterator[tuple[str, bool]]:
    result, hand = run.result(stage.number), f"Stage {stage.number} → Stage {stage.number + 1}"
    left, created = left_behind(run, stage).count(), result["created"]
    yield f"{hand}: Verified: {left} {stage.verified}, {created} {_done_to(stage)}", False
    if failed := result["failed"]:
        yield f"{hand}: {stage.count(failed)} parked, see errors", True


def _done_to(stage: Stage) -> str:
    return f"{stage.makes[1]} {'generated' if stage.number == GATE - 1 else 'created'}"


def _pause_after(run: AutomationRun, stage: Stage) -> int:
    last = stage.number in (run.stop_after, GATE - 1) or run.kind == run.Kind.SELECTION
    return 0 if last else int(run.config["between_stage_delay"])
