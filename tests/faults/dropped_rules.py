"""More rules of the protocol that are not kept, and what each of them must be noticed by."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.db.models import F, Q

from igny8.ai import booking, calls, gate, inquiry
from igny8.ai.connections import Step
from igny8.ai.costs import Cost
from igny8.ai.errors import DeclinedError
from igny8.ai.expecting import Purse
from igny8.ai.models import AICall, AIConnection
from igny8.ai.providers import Reply
from igny8.automation import batches, fence, generations, reconcile, runs
from igny8.automation.generations import take_lease
from igny8.automation.models import AutomationRun, RunItem
from igny8.automation.runner import advance
from igny8.automation.runs import cancel_run, start_run
from igny8.credits.ledger import book
from igny8.credits.models import CreditEntry
from igny8.jobs.models import Worker
from igny8.jobs.workers import me
from igny8.planner.models import ContentIdea
from igny8.writer.models import Content, Task
from tests.automation.world import site_with, task_of, until_stage
from tests.faults.disturbances import bodies_run_twice_early, power_fails
from tests.faults.small_world import SmallWorld, Violation

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Mutant:
    """A rule of the protocol that is not kept, and what must notice it."""

    drop: Callable[[Patch], None]
    caught_by: Callable[[SmallWorld], None]


def refused(write: Callable[[], object], what: str) -> None:
    """The database itself must refuse this."""
    with suppress(DatabaseError), transaction.atomic():
        write()
        raise Violation(what)


def one_active_run_a_site(world: SmallWorld) -> None:
    world.begin_again()
    run = AutomationRun(site=world.run.site, current_stage=1, config={})
    refused(run.save, "two active runs of a site")


def one_item_a_row(world: SmallWorld) -> None:
    item = RunItem.objects.latest("pk")
    item.pk = None
    refused(item.save, "two items of one row")


def one_line_a_call(world: SmallWorld) -> None:
    line = CreditEntry.objects.latest("pk")
    line.pk = None
    refused(line.save, "two ledger lines of one call")


def the_ledger_only_grows(world: SmallWorld) -> None:
    refused(lambda: CreditEntry.objects.update(credits=7), "a ledger line was changed")


def rows_taken_away_stay_as_they_are(world: SmallWorld) -> None:
    """A row that is no longer held when its result comes is skipped."""
    world.begin_again()
    world.boot()
    world.provider.during("write_introduction", lambda: Task.objects.update(held_by=None))
    world.carry()
    if Content.objects.exists():
        raise Violation("the result was written over a row that was taken away")


def three_crashes_park_a_row(world: SmallWorld) -> None:
    """An item that kills its worker again and again does not stop the run for ever."""
    world.begin_again()
    for _ in range(4):
        world.boot()
        world.reconcile()
        AICall.objects.all().delete()
        world.provider.during("write_introduction", _kill)
        with suppress(KeyboardInterrupt):
            world.carry()
    if not Task.objects.filter(parked_code="poison").exists():
        raise Violation("a poison row was tried for ever")


def _kill() -> None:
    raise KeyboardInterrupt


def changed_questions_are_asked_anew(world: SmallWorld) -> None:
    """The stored answer to another question is never used."""
    world.begin_again()
    world.boot()
    run = world.run
    world.provider.during("write_metadata", lambda: cancel_run(run))
    world.carry()
    world.reconcile()
    ContentIdea.objects.update(target_words=900)
    asked = world.provider.count("write_introduction")
    world.run_id = start_run(run.site, first_stage=4, stop_after=4).pk
    world.carry()
    world.run_id = run.pk
    if AICall.objects.filter(key__endswith="/section-1").count() < 2 or asked != 1:
        raise Violation("the answer to an older question was used")


def a_refusal_that_was_counted_is_paid(world: SmallWorld) -> None:
    world.begin_again()
    world.boot()
    world.provider.during("write_introduction", _decline)
    world.carry()
    [refused] = AICall.objects.filter(error_code="declined")
    if not CreditEntry.objects.filter(call_id=refused.pk, credits__gt=0).exists():
        raise Violation("the provider counted a refusal, and we did not")


def _decline() -> None:
    raise DeclinedError("not this").counting(
        Reply(raw=b"", model="m", input_tokens=9, output_tokens=1)
    )


def the_dead_take_no_lease(world: SmallWorld) -> None:
    world.begin_again()
    world.boot()
    Worker.objects.filter(pk=me()).update(dead_at=F("seen_at"))
    if take_lease(world.run_id, world.run.generation) is not None:
        raise Violation("a dead worker took the lease")


def the_oldest_waiting_run_is_first(world: SmallWorld) -> None:
    """A run that asks on and on does not take the turn of one that came meanwhile."""
    world.begin_again()
    world.boot()
    AIConnection.objects.update(max_concurrent=1)
    lease = until_stage(world.run, 4)
    other = site_with(slug="orchard")
    task_of(other, "How to prune apple trees", sections=1)
    busy = start_run(other, first_stage=4, stop_after=4)
    world.provider.during("write_section", lambda: advance(world.run_id, lease) and None)
    lease_of_busy = until_stage(busy, 4)
    advance(busy.pk, lease_of_busy)
    if not world.run.waiting_for or world.provider.count() != 1:
        raise Violation("the run that waited longest was passed")


def drop_constraint(model: type[models.Model], name: str) -> Callable[[Patch], None]:
    def drop(patch: Patch) -> None:
        [constraint] = [one for one in model._meta.constraints if one.name == name]
        rest = [one for one in model._meta.constraints if one.name != name]
        patch.setattr(model._meta, "constraints", rest)
        with connection.schema_editor() as editor:
            editor.remove_constraint(model, constraint)

    drop.__name__ = f"no_{name}"
    return drop


def ledger_may_change(patch: Patch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER igny8_credit_entries_append_only_update")


def ledger_line_after_the_answer(patch: Patch) -> None:
    """Swapped commit order: what is paid for is booked in a second transaction."""
    waiting: list[tuple[Any, ...]] = []

    def book(call_id: int, reply: Reply, origin: Any, cost: Cost) -> None:
        with patch.context() as only_here:
            only_here.setattr(booking, "_book", lambda *line: waiting.append(line))
            booking.book_answer(call_id, reply, origin, cost)
        booking._book(*waiting.pop())

    patch.setattr(inquiry, "book_answer", book)


def lease_only_by_age(patch: Patch) -> None:
    """Whoever was here lately may write."""
    recent = "%s IS NOT NULL AND run.updated_at > '2000-01-01'"
    patch.setattr(fence, "_LIVE", fence._LIVE.replace("run.lease = %s", recent))


def generation_stays(patch: Patch) -> None:
    """The old workflow's id is used again, which starts nothing."""

    def next_generation(run_id: int, where: Q) -> bool:
        found = AutomationRun.objects.filter(where, pk=run_id)
        return bool(found.update(lease=F("lease") + 1, worker=None))

    for module in (generations, runs, reconcile):
        patch.setattr(module, "next_generation", next_generation)


def hold_not_looked_at(patch: Patch) -> None:
    patch.setattr(batches, "_held", lambda run, stage, working: frozenset(working.ids))


def poison_never_given_up(patch: Patch) -> None:
    patch.setattr(batches, "CRASH_LIMIT", 10**6)


def hash_not_compared(patch: Patch) -> None:
    reuse = calls._reuse_or_close

    def any_answer(call: AICall, asked: calls.Asked, at: Step) -> calls.Claim | None:
        if call.state == AICall.State.ANSWERED:
            return calls.Claim(call_id=call.pk, step=0, answer=bytes(call.raw or b""))
        return reuse(call, asked, at)

    patch.setattr(calls, "_reuse_or_close", any_answer)


def leases_for_the_dead(patch: Patch) -> None:
    patch.setattr(Worker.objects, "alive", Worker.objects.all)


def nobody_stands_in_line(patch: Patch) -> None:
    patch.setattr(gate, "_ahead_of", lambda *run: 0)


def lost_calls_keep_what_was_set_aside(patch: Patch) -> None:
    patch.setattr(booking, "release", lambda key: False)


def answers_leave_their_reservation_open(patch: Patch) -> None:
    patch.setattr(booking, "settle", lambda key, account_id, spending: book(account_id, spending))


def refusals_are_free(patch: Patch) -> None:
    patch.setattr(Purse, "counted_cost", lambda *counted: None)


MORE_MUTANTS = (
    Mutant(drop_constraint(AutomationRun, "run_active_once"), one_active_run_a_site),
    Mutant(drop_constraint(RunItem, "item_object_once"), one_item_a_row),
    Mutant(drop_constraint(CreditEntry, "ledger_call_kind_once"), one_line_a_call),
    Mutant(ledger_may_change, the_ledger_only_grows),
    Mutant(ledger_line_after_the_answer, power_fails),
    Mutant(lease_only_by_age, bodies_run_twice_early),
    Mutant(generation_stays, power_fails),
    Mutant(hold_not_looked_at, rows_taken_away_stay_as_they_are),
    Mutant(poison_never_given_up, three_crashes_park_a_row),
    Mutant(hash_not_compared, changed_questions_are_asked_anew),
    Mutant(leases_for_the_dead, the_dead_take_no_lease),
    Mutant(nobody_stands_in_line, the_oldest_waiting_run_is_first),
    Mutant(lost_calls_keep_what_was_set_aside, power_fails),
    Mutant(answers_leave_their_reservation_open, power_fails),
    Mutant(refusals_are_free, a_refusal_that_was_counted_is_paid),
)
CHECKS = (
    one_active_run_a_site,
    one_item_a_row,
    one_line_a_call,
    the_ledger_only_grows,
    rows_taken_away_stay_as_they_are,
    three_crashes_park_a_row,
    changed_questions_are_asked_anew,
    the_dead_take_no_lease,
    the_oldest_waiting_run_is_first,
    a_refusal_that_was_counted_is_paid,
)
