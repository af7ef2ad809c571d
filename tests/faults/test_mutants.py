"""The tests of disturbed runs have teeth: each rule of the protocol that is dropped is caught."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q

from igny8.ai import booking, calls, inquiry
from igny8.ai.ask import Ask
from igny8.ai.models import AICall
from igny8.ai.operation import Planned
from igny8.automation import batches, fence, generations, opening, reconcile, runner, runs
from igny8.automation.models import AutomationRun, RunItem
from igny8.automation.stages import Stage
from tests.automation.conftest import Workflows
from tests.automation.world import Watched, task_of
from tests.faults.disturbances import (
    bodies_run_twice_early,
    people_cancel,
    people_pause_again_and_again,
    people_pause_and_resume,
    power_fails,
    zombies_wake_up,
    zombies_wake_up_early,
)
from tests.faults.dropped_rules import CHECKS, MORE_MUTANTS, Mutant
from tests.faults.small_world import SmallWorld, Violation

pytestmark = [
    pytest.mark.usefixtures("committed"),
    pytest.mark.slow,
    pytest.mark.mutants,
    pytest.mark.sqlite,
]

Patch = pytest.MonkeyPatch


def late_rows_stay_out(world: SmallWorld) -> None:
    """A row that arrives while the stage works belongs to the next run."""
    world.begin_again()
    world.provider.during("write_introduction", lambda: task_of(world.run.site, "Late") and None)
    world.carry()
    if world.run.result(4)["processed"] != 1:
        raise Violation("a late row joined the run")


def one_open_call_a_key(world: SmallWorld) -> None:
    """The database itself refuses a second call beside one that is sent or answered."""
    call = AICall.objects.latest("pk")
    AICall.objects.filter(pk=call.pk).update(state="answered")
    call.pk, call.attempt, call.state = None, 99, "sent"
    with suppress(DatabaseError), transaction.atomic():
        call.save()
    if call.pk:
        raise Violation("two open calls of one key")


def fence_without_lease(patch: Patch) -> None:
    patch.setattr(fence, "_LIVE", fence._LIVE.replace("run.lease = %s", "%s IS NOT NULL"))


def fence_without_life(patch: Patch) -> None:
    patch.setattr(fence, "_LIVE", fence._LIVE.replace("AND dead_at IS NULL", ""))


def answers_booked_at_settle(patch: Patch) -> None:
    waiting: list[tuple[Any, ...]] = []

    def use(call_ids: list[int]) -> None:
        for booked in [one for one in waiting if one[0] in call_ids]:
            booking.book_answer(*booked)
        booking.use_calls(call_ids)

    patch.setattr(inquiry, "book_answer", lambda *booked: waiting.append(booked))
    patch.setattr(batches, "use_calls", use)


def queue_taken_again_and_again(patch: Patch) -> None:
    next_batch = batches.next_batch

    def retaken(run: AutomationRun, stage: Stage) -> list[RunItem]:
        known = RunItem.objects.filter(run=run, stage=stage.number)
        late = stage.pending(run.site).exclude(pk__in=known.values("object_id"))
        plan = [Planned(row_id=row.pk) for row in late]
        opening._insert(run, stage, plan, known.count())
        return next_batch(run, stage)

    patch.setattr(batches, "next_batch", retaken)


def attempts_not_given_back(patch: Patch) -> None:
    def requeue(run: AutomationRun, stage: Stage, working: batches.Working, ask: Ask) -> None:
        RunItem.objects.filter(pk__in=working.pks, state="working").update(state="queued")
        batches._free(run, stage, working.ids)

    patch.setattr(batches, "_requeue", requeue)


def rows_not_freed(patch: Patch) -> None:
    def next_generation(run_id: int, where: Q) -> bool:
        found = AutomationRun.objects.filter(where, pk=run_id).update(
            generation=F("generation") + 1, lease=F("lease") + 1, worker=None
        )
        RunItem.objects.filter(run=run_id, state="working").update(state="queued")
        return bool(found)

    for module in (generations, runs, reconcile):
        patch.setattr(module, "next_generation", next_generation)


def items_not_queued_again(patch: Patch) -> None:
    def next_generation(run_id: int, where: Q) -> bool:
        return bool(
            AutomationRun.objects.filter(where, pk=run_id).update(
                generation=F("generation") + 1, lease=F("lease") + 1, worker=None
            )
        )

    for module in (generations, runs, reconcile):
        patch.setattr(module, "next_generation", next_generation)


def dead_workers_not_replaced(patch: Patch) -> None:
    patch.setattr(reconcile, "_adopt", lambda run, *, crashed: None)


def answers_not_used_up(patch: Patch) -> None:
    patch.setattr(batches, "use_calls", lambda call_ids: None)


def stored_answers_not_looked_for(patch: Patch) -> None:
    patch.setattr(calls, "_open_call", lambda found: None)


def no_unique_open_call(patch: Patch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX call_open_once")


def results_of_cancelled_runs_welcome(patch: Patch) -> None:
    patch.setattr(batches, "RESULTS_WELCOME", ("running", "paused", "cancelled"))


def paused_runs_go_on_asking(patch: Patch) -> None:
    patch.setattr(runner, "permit_for", lambda run: lambda: None)


def results_and_items_in_two_transactions(patch: Patch) -> None:
    settle = batches.settle

    def torn(
        run: AutomationRun, stage: Stage, working: batches.Working, decision: object, used: Any
    ) -> None:
        assert stage.process is not None
        with transaction.atomic():
            outcome = stage.process.write(decision, frozenset(working.ids))
        written = replace(stage.process, write=lambda decision, held: outcome)
        settle(run, replace(stage, process=written), working, decision, used)

    patch.setattr(batches, "settle", torn)


def lost_answers_used_all_the_same(patch: Patch) -> None:
    def book(call_id: int, *booked: Any) -> None:
        AICall.objects.filter(pk=call_id).update(state="sent")
        booking.book_answer(call_id, *booked)

    patch.setattr(inquiry, "book_answer", book)


MUTANTS = (
    Mutant(fence_without_lease, bodies_run_twice_early),
    Mutant(fence_without_life, zombies_wake_up_early),
    Mutant(answers_booked_at_settle, power_fails),
    Mutant(queue_taken_again_and_again, late_rows_stay_out),
    Mutant(attempts_not_given_back, people_pause_again_and_again),
    Mutant(rows_not_freed, power_fails),
    Mutant(items_not_queued_again, power_fails),
    Mutant(dead_workers_not_replaced, power_fails),
    Mutant(answers_not_used_up, power_fails),
    Mutant(stored_answers_not_looked_for, power_fails),
    Mutant(no_unique_open_call, one_open_call_a_key),
    Mutant(results_of_cancelled_runs_welcome, people_cancel),
    Mutant(paused_runs_go_on_asking, people_pause_and_resume),
    Mutant(results_and_items_in_two_transactions, power_fails),
    Mutant(lost_answers_used_all_the_same, zombies_wake_up),
)


@pytest.mark.parametrize("mutant", [*MUTANTS, *MORE_MUTANTS], ids=lambda m: m.drop.__name__)
def test_a_dropped_rule_is_caught(
    mutant: Mutant, provider: Watched, no_engine: Workflows, monkeypatch: Patch
) -> None:
    world = SmallWorld(provider, no_engine)
    with pytest.raises((Violation, DatabaseError)):  # noqa: PT012 - the undisturbed run may notice
        mutant.drop(monkeypatch)
        world.run_undisturbed()
        mutant.caught_by(world)


@pytest.mark.parametrize(
    "check", [late_rows_stay_out, one_open_call_a_key, *CHECKS], ids=lambda c: c.__name__
)
def test_the_checks_that_only_mutants_need_pass_without_them(
    check: Callable[[SmallWorld], None], provider: Watched, no_engine: Workflows
) -> None:
    world = SmallWorld(provider, no_engine)
    world.run_undisturbed()

    check(world)
