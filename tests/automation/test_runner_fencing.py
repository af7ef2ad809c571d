"""A worker that lost its lease, or is thought dead, writes nothing: one test a way to write."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from django.apps import apps
from django.db.models import Q

from igny8.ai.ask import Ask
from igny8.ai.connections import route_for
from igny8.ai.errors import Bad, Halted, NotBefore, Stop
from igny8.ai.functions import Form
from igny8.ai.models import AICall
from igny8.ai.operation import Batch
from igny8.ai.origin import Origin
from igny8.automation import batches, runner
from igny8.automation.batches import Working
from igny8.automation.fence import permit_for
from igny8.automation.generations import ANY, leave, next_generation, take_lease
from igny8.automation.handover import close_stage
from igny8.automation.models import AutomationRun
from igny8.automation.opening import open_stage
from igny8.automation.runner import LEFT, advance
from igny8.automation.runs import cancel_run, pause_run, start_run
from igny8.automation.stages import STAGES
from igny8.core import clock as product_clock
from igny8.jobs.models import Worker
from igny8.jobs.workers import me
from igny8.writer.models import Content, Task
from tests.automation.world import (
    Watched,
    another_worker,
    fresh,
    items,
    lease_of,
    phrases,
    site_with,
    states,
    task_of,
    until_it_rests,
    until_stage,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "worker")]

STAGE = STAGES[3]
BAD = Bad("bad_answer", "No usable answer")
Loss = Callable[[AutomationRun], None]


def everything() -> dict[str, list[dict[str, object]]]:
    """Every row of the product except who works."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.app_label.startswith("igny8") and model is not Worker
    }


@contextmanager
def nothing_is_written() -> Iterator[None]:
    before = everything()
    with suppress(Halted):
        yield
    assert everything() == before


def lose_the_lease(run: AutomationRun) -> None:
    next_generation(run.pk, Q())


def be_thought_dead(run: AutomationRun) -> None:
    Worker.objects.filter(pk=me()).update(dead_at=product_clock.now())


LOSSES = pytest.mark.parametrize("lose", [lose_the_lease, be_thought_dead])


@pytest.fixture
def run() -> AutomationRun:
    site = site_with()
    task_of(site)
    return start_run(site, first_stage=4, stop_after=4)


def opened(run: AutomationRun) -> AutomationRun:
    until_stage(run, 4)
    return fresh(run)


def working(run: AutomationRun) -> Working:
    current = opened(run)
    found = batches.begin(current, STAGE, batches.next_batch(current, STAGE))
    assert found is not None
    return found


def ask_of(run: AutomationRun) -> Ask:
    return Ask(
        Origin(
            account_id=run.site.account_id,
            site_id=run.site_id,
            site_slug=run.site.slug,
            run_ref=run.ref,
            stage=4,
            worker=me(),
            attempts=3,
            permit=permit_for(run),
        )
    )


ENDS: dict[str, Callable[[AutomationRun, Working, Ask], None]] = {
    "give_back": lambda run, work, ask: batches.give_back(run, STAGE, work, ask),
    "later": lambda run, work, ask: batches.later(
        run, STAGE, work, NotBefore(product_clock.now() + timedelta(seconds=9), "busy"), ask
    ),
    "pause_for": lambda run, work, ask: batches.pause_for(
        run, STAGE, work, Stop("quota", "empty"), ask
    ),
    "park": lambda run, work, ask: batches.split_or_park(run, STAGE, work, BAD),
}


@LOSSES
def test_no_queue_is_taken(lose: Loss, run: AutomationRun) -> None:
    lease_of(run)
    current = fresh(run)
    lose(run)

    with nothing_is_written():
        open_stage(current, STAGE, Ask(runner._origin(current, STAGE)))


@LOSSES
def test_no_batch_is_begun(lose: Loss, run: AutomationRun) -> None:
    current = opened(run)
    found = batches.next_batch(current, STAGE)
    lose(run)

    with nothing_is_written():
        batches.begin(current, STAGE, found)


@LOSSES
def test_no_call_is_claimed(lose: Loss, run: AutomationRun, provider: Watched) -> None:
    work, current = working(run), fresh(run)
    assert STAGE.process is not None
    ask = ask_of(current)
    route_for(run.site.account, Form.TEXT)
    lose(run)

    batch = Batch(site=run.site, rows=work.rows, ask=ask, settings=run.config, run_id=run.pk)
    with nothing_is_written():
        STAGE.process.decide(batch)

    assert provider.count() == 0


@LOSSES
def test_no_result_is_settled(lose: Loss, run: AutomationRun, provider: Watched) -> None:
    work, current = working(run), fresh(run)
    assert STAGE.process is not None
    ask = ask_of(current)
    batch = Batch(site=run.site, rows=work.rows, ask=ask, settings=run.config, run_id=run.pk)
    decision = STAGE.process.decide(batch)
    lose(run)

    with nothing_is_written():
        batches.settle(current, STAGE, work, decision, ask)

    assert not Content.objects.exists()


@LOSSES
@pytest.mark.parametrize("end", ENDS)
def test_no_other_end_of_a_batch_is_written(lose: Loss, end: str, run: AutomationRun) -> None:
    work, current = working(run), fresh(run)
    lose(run)

    with nothing_is_written():
        ENDS[end](current, work, ask_of(current))


@LOSSES
def test_no_stage_is_closed(lose: Loss, run: AutomationRun) -> None:
    current = opened(run)
    current.items.update(state="skipped")
    lose(run)

    with nothing_is_written():
        close_stage(current, STAGE)


@LOSSES
def test_no_delay_is_ended(lose: Loss, run: AutomationRun) -> None:
    AutomationRun.objects.update(waiting_for="delay:3")
    lease_of(run)
    current = fresh(run)
    lose(run)

    with nothing_is_written():
        runner._next_step(current)


@LOSSES
def test_no_run_is_completed(lose: Loss, run: AutomationRun) -> None:
    AutomationRun.objects.update(current_stage=7, stop_after=None)
    lease_of(run)
    current = fresh(run)
    lose(run)

    with nothing_is_written():
        runner._next_step(current)


@LOSSES
def test_no_generation_is_begun_by_leaving(lose: Loss, run: AutomationRun) -> None:
    lease = lease_of(run)
    lose(run)

    with nothing_is_written():
        assert not leave(run.pk, lease, where=ANY)


@LOSSES
def test_the_next_step_tells_the_worker_to_go(lose: Loss, run: AutomationRun) -> None:
    lease = lease_of(run)
    lose(run)

    with nothing_is_written():
        assert advance(run.pk, lease) == LEFT


def test_a_worker_thought_dead_takes_no_lease(run: AutomationRun) -> None:
    be_thought_dead(run)

    with nothing_is_written():
        assert take_lease(run.pk, run.generation) is None


def test_the_workflow_of_an_old_generation_takes_no_lease(run: AutomationRun) -> None:
    lose_the_lease(run)

    with nothing_is_written():
        assert take_lease(run.pk, 1) is None
    assert take_lease(run.pk, 2) is not None


def test_a_body_that_runs_again_takes_the_lease_from_the_one_before(run: AutomationRun) -> None:
    first = lease_of(run)
    second = lease_of(run)

    assert advance(run.pk, first) == LEFT
    assert advance(run.pk, second) != LEFT


def test_the_lease_names_its_worker(run: AutomationRun) -> None:
    with another_worker() as other:
        lease_of(run)

    assert fresh(run).worker == other


def test_a_new_generation_frees_what_the_old_one_held_and_keeps_its_attempts(
    run: AutomationRun,
) -> None:
    working(run)

    next_generation(run.pk, Q())

    [item] = items(run, 4)
    assert (item.state, item.attempt) == ("queued", 1)
    assert Task.objects.get().held_by is None
    assert (fresh(run).worker, run.generation) == (None, 2)


def test_a_new_generation_frees_no_row_of_another_run(run: AutomationRun) -> None:
    working(run)
    Task.objects.update(held_by="run:999")

    next_generation(run.pk, Q())

    assert Task.objects.get().held_by == "run:999"


@pytest.mark.parametrize("turn", [pause_run, cancel_run])
def test_a_stopped_run_opens_begins_and_closes_nothing(turn: Loss, run: AutomationRun) -> None:
    current = opened(run)
    found = batches.next_batch(current, STAGE)
    turn(run)

    for step in (
        lambda: open_stage(current, STAGE, Ask(runner._origin(current, STAGE))),
        lambda: batches.begin(current, STAGE, found),
        lambda: close_stage(current, STAGE),
    ):
        with nothing_is_written():
            step()  # type: ignore[no-untyped-call]  # lambdas


def test_a_late_answer_of_a_zombie_is_one_line_of_waste_and_never_used(
    run: AutomationRun, provider: Watched
) -> None:
    from igny8.ai.booking import give_up_lost_calls
    from igny8.credits.models import CreditEntry

    def die_and_be_replaced() -> None:
        be_thought_dead(run)
        give_up_lost_calls()
        with another_worker():
            next_generation(run.pk, Q(generation=1))
            until_it_rests(run)

    provider.during("write_introduction", die_and_be_replaced)
    lease = lease_of(run)
    while advance(run.pk, lease) != LEFT:
        pass

    assert fresh(run).status == "completed"
    assert Content.objects.count() == 1
    assert AICall.objects.filter(state="late").count() == 1
    assert CreditEntry.objects.filter(kind="waste").count() == 1
    assert CreditEntry.objects.filter(kind="charge").count() == 6


def test_a_zombie_that_settles_after_its_replacement_finished_changes_nothing(
    run: AutomationRun, provider: Watched
) -> None:
    from igny8.ai.booking import give_up_lost_calls

    seen: list[object] = []

    def die_and_be_replaced() -> None:
        be_thought_dead(run)
        give_up_lost_calls()
        with another_worker():
            next_generation(run.pk, Q(generation=1))
            until_it_rests(run)
        seen.append((Content.objects.values().get(), states(run, 4)))

    provider.during("write_metadata", die_and_be_replaced)
    lease = lease_of(run)
    while advance(run.pk, lease) != LEFT:
        pass

    assert seen == [(Content.objects.values().get(), states(run, 4))]


def test_a_batch_that_was_given_to_nobody_else_is_not_settled_at_an_older_attempt(
    run: AutomationRun, provider: Watched
) -> None:
    work, current = working(run), fresh(run)
    assert STAGE.process is not None
    ask = ask_of(current)
    batch = Batch(site=run.site, rows=work.rows, ask=ask, settings=run.config, run_id=run.pk)
    decision = STAGE.process.decide(batch)
    current.items.update(attempt=2)

    with nothing_is_written(), pytest.raises(Halted):
        batches.settle(current, STAGE, work, decision, ask)


def test_no_transaction_is_open_while_a_call_is_made(run: AutomationRun, provider: Watched) -> None:
    from django.db import connection

    depth = len(connection.savepoint_ids)
    seen: list[int] = []
    for function in ("write_introduction", "write_section", "write_metadata"):
        provider.during(function, lambda: seen.append(len(connection.savepoint_ids)))

    until_it_rests(run)

    assert seen == [depth] * 3


def test_a_run_of_several_batches_gives_each_worker_only_its_own_part(provider: Watched) -> None:
    site = site_with(phrases(6), stage_1_batch_size=2)
    run = start_run(site, stop_after=1)
    lease = until_stage(run, 1)
    advance(run.pk, lease)
    be_thought_dead(run)

    with another_worker():
        next_generation(run.pk, Q(generation=1))
        until_it_rests(run)

    assert states(run, 1) == ["done"] * 6
    assert advance(run.pk, lease) == LEFT
