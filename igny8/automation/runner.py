"""The runner on one page: one bounded piece of work, safe to repeat at any point.

Whoever calls `advance` again and again until it says LEFT finishes the run; the job engine does,
and so does a test without an engine.
"""

import logging
from datetime import timedelta
from functools import partial

from django.db import DatabaseError, InterfaceError

from igny8.ai.ask import Ask
from igny8.ai.errors import Bad, Halted, NotBefore, Stop
from igny8.ai.gate import has_turn
from igny8.ai.operation import Batch
from igny8.ai.origin import Origin
from igny8.automation import batches
from igny8.automation.budgets import afford_for
from igny8.automation.fence import fenced, fetch_run, is_mine, permit_for
from igny8.automation.generations import ANY, leave
from igny8.automation.handover import close_stage
from igny8.automation.log import say
from igny8.automation.models import DELAY, AutomationRun
from igny8.automation.notify.occasions import announce_completed, watch_credits
from igny8.automation.opening import is_open, open_stage
from igny8.automation.results import (
    RESULT_FIELDS,
    gate_result,
    percent_of,
    recount_credits,
    save_run,
)
from igny8.automation.stages import WORK_STAGES, Stage, stage_number
from igny8.core import clock
from igny8.core.outages import (
    Trouble,
    connection_is_cut,
    outlast,
    storage_trouble,
    was_in_the_way,
)
from igny8.jobs.workers import me

MORE, LEFT = "more", "left"
LONG_WAIT = timedelta(seconds=60)
NAP_SLICES, SLICE_SECONDS = 20, 0.25

log = logging.getLogger(__name__)


def advance(run_id: int, lease: int) -> str:
    """Does the next thing; LEFT when this worker has no part in the run any more."""
    run = fetch_run(run_id, lease)
    if run is None:
        return LEFT
    if run.status != AutomationRun.Status.RUNNING:
        return LEFT if leave(run_id, lease) else MORE
    if run.wake_at and run.wake_at > clock.now() + LONG_WAIT:
        return LEFT if leave(run_id, lease, where=ANY) else MORE
    try:
        _next_step(run)
    except Halted as halted:
        log.info("run %s: %s", run_id, halted)
    except (OSError, DatabaseError, InterfaceError) as error:
        _after_trouble(run_id, lease, error)
    return MORE


def _after_trouble(run_id: int, lease: int, error: Trouble) -> None:
    """A full disk pauses the run; a connection that was cut, or a lock that somebody else had
    for too long, costs no item an attempt."""
    trouble = storage_trouble(error)
    if trouble is None and not (connection_is_cut(error) or was_in_the_way(error)):
        raise error
    run = outlast(partial(fetch_run, run_id, lease))
    if run is not None:
        outlast(partial(_step_back, run, trouble))


def _step_back(run: AutomationRun, trouble: str | None) -> None:
    """What was begun is queued again; safe to repeat when the connection is cut once more."""
    stage, working = stage_number(run.current_stage), batches.being_worked_on(run)
    ask = Ask(_origin(run, stage))
    if trouble is None:
        batches.give_back(run, stage, working, ask)
    else:
        batches.pause_for(run, stage, working, Stop("storage", trouble), ask)


def _next_step(run: AutomationRun) -> None:
    if run.wake_at and run.wake_at > clock.now() and not _nap(run):
        return None
    if run.waiting_for.startswith(DELAY):
        return _end_delay(run)
    stage = stage_number(run.current_stage)
    if stage.process is None or _past_stop(run):
        return _complete(run)
    if not is_open(run, stage):
        return open_stage(run, stage, Ask(_origin(run, stage)))
    items = batches.next_batch(run, stage)
    if not items:
        return close_stage(run, stage)
    if working := batches.begin(run, stage, items):
        _work(run, stage, working)
    return None


def _work(run: AutomationRun, stage: Stage, working: batches.Working) -> None:
    operation = stage.process
    assert operation is not None
    ask = Ask(_origin(run, stage))
    batch = Batch(
        site=run.site,
        rows=working.rows,
        ask=ask,
        settings=run.config,
        plans={item.object_id: item.plan or {} for item in working.items},
        run_id=run.pk,
        alone=working.items[0].alone,
    )
    try:
        decision = operation.decide(batch)
        batches.settle(run, stage, working, decision, ask)
    except NotBefore as wait:
        batches.later(run, stage, working, wait, ask)
    except Halted:
        batches.give_back(run, stage, working, ask)
    except Stop as stop:
        batches.pause_for(run, stage, working, stop, ask)
    except Bad as bad:
        batches.split_or_park(run, stage, working, bad)


def _origin(run: AutomationRun, stage: Stage) -> Origin:
    return Origin(
        account_id=run.site.account_id,
        site_id=run.site_id,
        site_slug=run.site.slug,
        run_ref=run.ref,
        stage=stage.number,
        worker=me(),
        attempts=run.config["attempts"],
        permit=permit_for(run),
        afford=afford_for(run),
        prompts_at=run.started_at,
    )


def _nap(run: AutomationRun) -> bool:
    """Waits in slices that look at the row, so that a pause or cancel ends the wait; True when it
    waited at a gate and its turn came early."""
    wake_at = run.wake_at or clock.now()
    at_a_gate = run.is_waiting
    for _ in range(NAP_SLICES):  # counted: the clock may be put back meanwhile
        left = (wake_at - clock.now()).total_seconds()
        if left <= 0 or not is_mine(run):
            break
        if at_a_gate and has_turn(run.ref, wake_at):
            return True
        clock.sleep(min(SLICE_SECONDS, left))
    return False


def _end_delay(run: AutomationRun) -> None:
    with fenced(run, "end delay") as current:
        stage = stage_number(current.current_stage)
        waited = int(current.waiting_for.removeprefix(DELAY) or 0)
        result = current.result(stage.number)
        result["waited"] = int(result.get("waited", 0)) + waited
        setattr(current, f"stage_{stage.number}_result", result)
        current.wake_at, current.waiting_for = None, ""
        say(current, "Delay complete, resuming processing")
        save_run(current, f"stage_{stage.number}_result", "wake_at", "waiting_for")


def _past_stop(run: AutomationRun) -> bool:
    return run.stop_after is not None and run.current_stage > run.stop_after


def _complete(run: AutomationRun) -> None:
    with fenced(run, "complete") as current:
        gate = stage_number(len(RESULT_FIELDS))
        current.status = AutomationRun.Status.COMPLETED
        current.ended_at = clock.end_of(current.started_at)
        if _past_stop(current):
            current.current_stage = current.stop_after or current.current_stage
        else:
            current.stage_7_result = gate_result(gate.queue().filter(site=current.site).count())
        failed = sum(current.result(s.number).get("failed", 0) for s in WORK_STAGES)
        current.reason = f"Completed with {_errors(failed)}" if failed else ""
        current.percent = percent_of(current)
        recount_credits(current)
        watch_credits(current)
        say(current, _last_line(current, failed))
        save_run(
            current,
            *RESULT_FIELDS,
            *("status", "ended_at", "current_stage", "reason", "percent", "credits_used"),
        )
        announce_completed(current)


def _errors(number: int) -> str:
    return f"{number} error{'' if number == 1 else 's'}"


def _last_line(run: AutomationRun, failed: int) -> str:
    if not any(run.result(stage.number).get("total") for stage in WORK_STAGES):
        return "Nothing to do"
    if run.kind == AutomationRun.Kind.SELECTION:
        return run.reason or "Completed"
    if run.current_stage != len(RESULT_FIELDS):
        return f"Stopped after stage {run.current_stage}, as asked"
    waiting = run.result(len(RESULT_FIELDS)).get("total", 0)
    errors = f", {_errors(failed)}" if failed else ""
    return f"Stage 7: {waiting} content pieces wait for review{errors}"
