"""One batch: taken, decided outside any transaction, written in one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.db.models import F

from igny8.ai.ask import Ask
from igny8.ai.booking import use_calls
from igny8.ai.errors import Bad, Busy, Halted, NotBefore, Stop
from igny8.ai.operation import Outcome
from igny8.automation.fence import RESULTS_WELCOME, fenced
from igny8.automation.forecast import batch_size
from igny8.automation.log import complain, say, warn
from igny8.automation.models import AutomationRun, RunItem
from igny8.automation.notify.occasions import (
    announce_paused,
    watch_budgets,
    watch_credits,
    watch_errors,
)
from igny8.automation.parking import park_row
from igny8.automation.results import (
    RESULT_FIELDS,
    recount,
    recount_credits,
    save_run,
    save_stage,
)
from igny8.automation.stages import Stage
from igny8.core import clock
from igny8.core.rows import condition_of, fetch_rows, places, select_rows, update_rows

State = RunItem.State
UNFINISHED = (State.QUEUED, State.WORKING)
CRASH_LIMIT = 3
MOST_SHOWN = 120
TRIES_BY_ITSELF = ("provider_down", "storage")
NEXT_TRIES = tuple(timedelta(minutes=m) for m in (5, 15, 60, 120))
POISON = Bad(
    "poison", "This stopped the worker three times; Retry tries it once more.", CRASH_LIMIT
)
CHANGED = "it was changed or removed meanwhile"


@dataclass(frozen=True, kw_only=True)
class Working:
    """The items of one batch that are being worked on, and their rows in the same order."""

    batch_no: int
    items: Sequence[RunItem]
    rows: Sequence[Any]

    @property
    def ids(self) -> list[int]:
        return [item.object_id for item in self.items]

    @property
    def pks(self) -> list[int]:
        return [item.pk for item in self.items]


def next_batch(run: AutomationRun, stage: Stage) -> list[RunItem]:
    """The lowest unfinished batch; of a batch that was split, one item.

    Items that are `working` belong to an earlier holder of the lease, who may not end them.
    """
    size = batch_size(run.config, stage.number)
    ahead = [
        item
        for state in UNFINISHED  # one by one: so the index has them in order
        for item in fetch_rows(RunItem, _AHEAD, [run.pk, stage.number, state, size])
    ]
    ahead.sort(key=lambda item: (item.batch_no, item.alone, item.position))
    if not ahead or ahead[0].alone:
        return ahead[:1]
    return [item for item in ahead[:size] if item.batch_no == ahead[0].batch_no and not item.alone]


def being_worked_on(run: AutomationRun) -> Working:
    """What the run's stage had begun; the rows themselves are not looked at."""
    items = RunItem.objects.filter(run=run, stage=run.current_stage, state=State.WORKING)
    return Working(batch_no=0, items=list(items), rows=())


def begin(run: AutomationRun, stage: Stage, items: Sequence[RunItem]) -> Working | None:
    """Items turn `working` and hold their rows; None when none of them could be taken."""
    with fenced(run, "begin") as current:
        rows = _hold(current, stage, [item.object_id for item in items])
        _skip(current, stage, [item for item in items if item.object_id not in rows])
        taken = [item for item in items if item.object_id in rows]
        if any(item.attempt >= CRASH_LIMIT for item in taken):
            _split_or_park(current, stage, taken, POISON)
            taken = []
        for item in taken:
            item.attempt += 1
        _start(current, stage, taken)
        if len(taken) < len(items):
            recount(current, stage)
        current.wake_at, current.waiting_for = None, ""
        save_stage(current, stage, "wake_at", "waiting_for")
    if not taken:
        return None
    return Working(batch_no=items[0].batch_no, items=taken, rows=[rows[i.object_id] for i in taken])


def settle(run: AutomationRun, stage: Stage, working: Working, decision: object, ask: Ask) -> None:
    """Results, calls, items, counts, log and the wait that follows, in one transaction."""
    operation = stage.process
    assert operation is not None
    with fenced(run, "settle", allow=RESULTS_WELCOME) as current:
        _require_working(working)
        held = _held(current, stage, working)
        outcome = operation.write(decision, held)
        use_calls(ask.used)
        working.items[0].retries += ask.retries
        _finish_items(current, stage, working, outcome, held)
        _end_batch(current, stage, working)


def give_back(run: AutomationRun, stage: Stage, working: Working, ask: Ask) -> None:
    """Halted: items are queued again, their attempt does not count, their rows are free."""
    with fenced(run, "give back", allow=tuple(AutomationRun.Status.values)) as current:
        _requeue(current, stage, working, ask)
        recount_credits(current)
        save_run(current, *RESULT_FIELDS, "credits_used")


def later(run: AutomationRun, stage: Stage, working: Working, wait: NotBefore, ask: Ask) -> None:
    with fenced(run, "later", allow=tuple(AutomationRun.Status.values)) as current:
        _requeue(current, stage, working, ask)
        if current.status == AutomationRun.Status.RUNNING:
            current.wake_at, current.waiting_for = wait.at, wait.why[:MOST_SHOWN]
            _say_why(current, stage, wait)
        save_run(current, "wake_at", "waiting_for")


def _say_why(run: AutomationRun, stage: Stage, wait: NotBefore) -> None:
    """That others are served first is said once, not for every question of an article."""
    if not isinstance(wait, Busy):
        warn(run, f"{wait.why}; going on at {wait.at:%H:%M:%S} UTC", stage=stage.number)
    elif run.log.order_by("pk").values_list("message", flat=True).last() != wait.line:
        say(run, wait.line, stage=stage.number)


def pause_for(run: AutomationRun, stage: Stage, working: Working, stop: Stop, ask: Ask) -> None:
    """The provider, or a budget, stops the whole run; its items lose nothing."""
    with fenced(run, "pause for", allow=tuple(AutomationRun.Status.values)) as current:
        _requeue(current, stage, working, ask)
        if current.status == AutomationRun.Status.RUNNING:
            current.status = AutomationRun.Status.PAUSED
            current.reason_code, current.reason = stop.code, stop.reason
            current.wake_at = next_try(current, stop.code)
            complain(current, f"Paused: {stop.reason}", stage=stage.number)
            announce_paused(current)
        recount_credits(current)
        watch_credits(current)
        save_run(
            current,
            *RESULT_FIELDS,
            *("status", "reason_code", "reason", "wake_at", "retries", "credits_used"),
        )


def split_or_park(run: AutomationRun, stage: Stage, working: Working, bad: Bad) -> None:
    """A batch is tried item by item; a single item is parked with its reason."""
    with fenced(run, "park", allow=RESULTS_WELCOME) as current:
        _require_working(working)
        _split_or_park(current, stage, working.items, bad)
        _end_batch(current, stage, working)


def next_try(run: AutomationRun, code: str) -> Any:
    """When a paused run tries again by itself; None when it waits for a person."""
    if code not in TRIES_BY_ITSELF:
        return None
    wait = NEXT_TRIES[min(run.retries, len(NEXT_TRIES) - 1)]
    run.retries += 1
    return clock.now() + wait


def _hold(run: AutomationRun, stage: Stage, ids: Sequence[int]) -> dict[int, Any]:
    """The rows of `ids` that still wait and are free; they are this run's now."""
    queue, values = _queue_of(stage)
    mine = f"{queue} AND parked_at IS NULL AND id IN ({places(ids)})"
    free = f"{mine} AND (held_by IS NULL OR held_by = %s)"
    update_rows(stage.model, {"held_by": run.ref}, free, [*values, *ids, run.ref])
    held = fetch_rows(stage.model, f"{mine} AND held_by = %s", [*values, *ids, run.ref])
    return {row.pk: row for row in held}


def _held(run: AutomationRun, stage: Stage, working: Working) -> frozenset[int]:
    """The rows that are still this run's; from here on this transaction alone changes them."""
    if len(working.ids) == 1:
        return frozenset(working.ids if _free(run, stage, working.ids) else ())
    rows = stage.model._default_manager.filter(pk__in=working.ids, held_by=run.ref)
    held = frozenset(rows.values_list("pk", flat=True))
    _free(run, stage, working.ids)
    return held


def _free(run: AutomationRun, stage: Stage, ids: Sequence[int]) -> int:
    held = f"id IN ({places(ids)}) AND held_by = %s"
    return update_rows(stage.model, {"held_by": None}, held, [*ids, run.ref])


@cache
def _queue_of(stage: Stage) -> tuple[str, tuple[Any, ...]]:
    return condition_of(stage.queue())


def _start(run: AutomationRun, stage: Stage, items: Sequence[RunItem]) -> None:
    if not items:
        return
    now, is_new = clock.now(), items[0].started_at is None
    for item in items:
        item.started_at = now
    for attempt in {item.attempt for item in items}:
        pks = [item.pk for item in items if item.attempt == attempt]
        begun = {"state": State.WORKING, "attempt": attempt, "started_at": now}
        update_rows(RunItem, begun, f"id IN ({places(pks)})", pks)
    if is_new and not items[0].alone:
        batch, batches = items[0].batch_no, run.result(stage.number)["batches"]
        message = f"Processing batch {batch}/{batches}: {stage.count(len(items))}"
        say(run, message, stage=stage.number)


def _require_working(working: Working) -> None:
    """Every item is still `working` at the attempt that was begun."""
    stored = select_rows(f"{_WORKING} AND id IN ({places(working.pks)})", working.pks)
    if dict(stored) != {item.pk: item.attempt for item in working.items}:
        raise Halted("the batch was given back meanwhile")


_FOLLOWING = """
SELECT MIN(batch_no) FROM igny8_run_items WHERE run_id = %s AND stage = %s AND state = 'queued'
"""
_AHEAD = """
run_id = %s AND stage = %s AND state = %s ORDER BY batch_no, alone, position LIMIT %s
"""
_ENDED = ("state", "ended_at", "made", "created", "retries", "reason")
_WORKING = "SELECT id, attempt FROM igny8_run_items WHERE state = 'working'"


def _finish_items(
    run: AutomationRun,
    stage: Stage,
    working: Working,
    outcome: Outcome,
    held: frozenset[int],
) -> None:
    now = clock.now()
    for item in working.items:
        item.state, item.ended_at = State.DONE, max(now, item.started_at or now)
        item.made = list(outcome.made.get(item.object_id, ()))
        item.created = outcome.created_for(item.object_id)
        if reason := _why_left_out(item.object_id, outcome.skipped, held):
            item.state, item.reason = State.SKIPPED, reason
            say(run, f"Skipped {item.label}: {reason}", stage=stage.number)
        ended = {name: getattr(item, name) for name in _ENDED}
        update_rows(RunItem, ended, "id = %s", [item.pk])


def _why_left_out(row_id: int, skipped: Mapping[int, str], held: frozenset[int]) -> str:
    if row_id not in held:
        return CHANGED
    return skipped.get(row_id, "")


def _skip(run: AutomationRun, stage: Stage, items: Sequence[RunItem]) -> None:
    rows = stage.model._default_manager.in_bulk([item.object_id for item in items])
    for item in items:
        _skip_one(run, stage, item, _why_not_taken(rows.get(item.object_id)))


def _skip_one(run: AutomationRun, stage: Stage, item: RunItem, reason: str) -> None:
    item.state, item.reason = State.SKIPPED, reason
    item.ended_at = clock.end_of(item.started_at)
    item.save(update_fields=("state", "ended_at", "reason"))
    say(run, f"Skipped {item.label}: {item.reason}", stage=stage.number)


def _why_not_taken(row: Any) -> str:
    if row is None:
        return "it was removed meanwhile"
    if row.held_by:
        return f"being worked on by {row.held_by.replace(':', ' ')}"
    if row.parked_at:
        return "it needs attention"
    return f"its status is {row.status} by now"


def _split_or_park(run: AutomationRun, stage: Stage, items: Sequence[RunItem], bad: Bad) -> None:
    if len(items) > 1:
        _split(run, stage, items, bad)
    elif park_row(stage, items[0].object_id, bad, holder=run.ref):
        _fail(run, stage, items[0], bad)
    else:
        _skip_one(run, stage, items[0], CHANGED)


def _fail(run: AutomationRun, stage: Stage, item: RunItem, bad: Bad) -> None:
    """From now on the item's attempt says how often it was tried in all."""
    item.state, item.code, item.reason = State.FAILED, bad.code, bad.reason
    item.attempt, item.ended_at = max(item.attempt, bad.tries), clock.end_of(item.started_at)
    item.save(update_fields=("state", "code", "reason", "attempt", "ended_at"))
    complain(run, f"Parked {item.label}: {bad.reason}", stage=stage.number)
    watch_errors(run, stage)


def _split(run: AutomationRun, stage: Stage, items: Sequence[RunItem], bad: Bad) -> None:
    pks = [item.pk for item in items]
    RunItem.objects.filter(pk__in=pks).update(state=State.QUEUED, attempt=0, alone=True)
    _free(run, stage, [item.object_id for item in items])
    trouble = "stopped the worker" if bad is POISON else "had no usable answer"
    said = f"Batch of {stage.count(len(items))} {trouble}, trying one by one"
    warn(run, said, stage=stage.number)


def _requeue(run: AutomationRun, stage: Stage, working: Working, ask: Ask) -> None:
    """The batch's first item remembers for all of them how often a question was put again."""
    if ask.retries and working.items:
        first = RunItem.objects.filter(pk=working.items[0].pk, state=State.WORKING)
        first.update(retries=F("retries") + ask.retries)
    RunItem.objects.filter(pk__in=working.pks, state=State.WORKING).update(
        state=State.QUEUED, attempt=F("attempt") - 1
    )
    _free(run, stage, working.ids)


def _end_batch(run: AutomationRun, stage: Stage, working: Working) -> None:
    """An answer came, good or bad: whatever stopped the run before is over."""
    run.crashes = run.retries = 0
    used_before = run.credits_used
    recount(run, stage)
    watch_credits(run, used_before)
    watch_budgets(run, used_before)
    _wait(run, stage, working)
    save_stage(run, stage, "crashes", "retries", "wake_at", "waiting_for")


def _wait(run: AutomationRun, stage: Stage, working: Working) -> None:
    """A delay after the batch, unless it was the last one or parts of it are still to do."""
    run.wake_at, run.waiting_for = None, ""
    delay = int(run.config["within_stage_delay"])
    if not delay or not run.result(stage.number)["left"]:
        return
    [(following,)] = select_rows(_FOLLOWING, [run.pk, stage.number])
    if following != working.batch_no:
        run.wake_at = clock.now() + timedelta(seconds=delay)
        run.waiting_for = f"delay:{delay}"
        say(run, f"Waiting {delay} seconds before next batch...", stage=stage.number)
