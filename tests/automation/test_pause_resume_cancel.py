from datetime import timedelta

import pytest

from igny8.ai.models import AICall
from igny8.automation.models import AutomationRun, RunItem
from igny8.automation.runner import LEFT, advance
from igny8.automation.runs import calls_in_flight, cancel_run, pause_run, resume_run, start_run
from igny8.core import clock as product_clock
from igny8.core.clock import ManualClock
from igny8.core.errors import UserError
from igny8.credits.models import CreditEntry
from igny8.planner.models import Keyword
from igny8.writer.models import Content, Task
from tests.automation.world import (
    Watched,
    answered_more_than_once,
    fresh,
    items,
    lease_of,
    lines,
    phrases,
    site_with,
    states,
    task_of,
    until_it_rests,
    until_stage,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("worker")]

CALLS_AN_ARTICLE = 6


def writing() -> AutomationRun:
    """A run that is about to write one article of six calls."""
    site = site_with()
    task_of(site)
    return start_run(site, first_stage=4, stop_after=4)


def test_an_article_is_several_calls(provider: Watched) -> None:
    until_it_rests(writing())

    assert provider.count() == CALLS_AN_ARTICLE


def test_a_pause_takes_effect_before_the_next_call(provider: Watched) -> None:
    run = writing()
    provider.during("write_section", lambda: pause_run(run))

    until_it_rests(run)

    assert (run.status, run.reason_code, run.reason) == (
        "paused",
        "by_person",
        "Paused by a person",
    )
    assert provider.count() == 1
    assert (run.worker, run.generation) == (None, 2)
    [item] = items(run, 4)
    assert (item.state, item.attempt) == ("queued", 0)
    assert Task.objects.get().held_by is None


def test_the_answer_in_flight_at_a_pause_is_kept_and_not_paid_again(provider: Watched) -> None:
    run = writing()
    provider.during("write_section", lambda: pause_run(run), nth=2)
    until_it_rests(run)
    assert AICall.objects.filter(state="answered").count() == 2

    resume_run(run)
    until_it_rests(run)

    assert run.status == "completed"
    assert provider.count() == CALLS_AN_ARTICLE
    assert CreditEntry.objects.count() == CALLS_AN_ARTICLE
    assert set(AICall.objects.values_list("state", flat=True)) == {"used"}


def test_a_pause_during_the_last_call_keeps_the_article(provider: Watched) -> None:
    run = writing()
    provider.during("write_metadata", lambda: pause_run(run))

    until_it_rests(run)

    assert run.status == "paused"
    assert Content.objects.count() == 1
    assert states(run, 4) == ["done"]


def test_pause_and_resume_during_a_call_leave_one_call_and_one_worker(provider: Watched) -> None:
    run = writing()

    def pause_and_resume() -> None:
        pause_run(run)
        resume_run(run)

    provider.during("write_introduction", pause_and_resume)
    lease = lease_of(run)
    while advance(run.pk, lease) != LEFT:
        pass

    assert fresh(run).status == "completed"
    assert provider.count() == CALLS_AN_ARTICLE
    assert run.generation == 2, "only leaving at the end began a new generation"
    assert answered_more_than_once() == []


def test_a_worker_that_would_leave_a_paused_run_stays_when_it_was_resumed(
    provider: Watched,
) -> None:
    from igny8.automation.generations import leave

    run = writing()
    lease = lease_of(run)
    pause_run(run)
    resume_run(run)

    assert not leave(run.pk, lease)
    assert fresh(run).generation == 1


def test_resuming_a_run_that_nobody_carries_begins_a_new_generation(provider: Watched) -> None:
    run = writing()
    provider.during("write_introduction", lambda: pause_run(run))
    until_it_rests(run)
    before = run.generation

    resume_run(run)

    assert (fresh(run).status, run.generation) == ("running", before + 1)
    assert (run.reason_code, run.reason, run.crashes) == ("", "", 0)


def test_a_cancelled_run_writes_no_result_and_lets_its_rows_go(provider: Watched) -> None:
    run = writing()
    provider.during("write_metadata", lambda: cancel_run(run))

    until_it_rests(run)

    assert run.status == "cancelled"
    assert not Content.objects.exists()
    assert states(run, 4) == ["queued"]
    assert Task.objects.get().held_by is None
    assert run.worker is None


def test_after_a_cancel_a_new_run_asks_nothing_that_was_answered(provider: Watched) -> None:
    run = writing()
    provider.during("write_metadata", lambda: cancel_run(run))
    until_it_rests(run)

    following = until_it_rests(start_run(run.site, first_stage=4, stop_after=4))

    assert following.status == "completed"
    assert Content.objects.count() == 1
    assert provider.count() == CALLS_AN_ARTICLE
    assert CreditEntry.objects.count() == CALLS_AN_ARTICLE


@pytest.mark.parametrize("turn", [pause_run, cancel_run])
def test_at_most_one_call_ends_after_a_pause_or_cancel_and_none_starts(
    turn: object, provider: Watched
) -> None:
    site = site_with(phrases(6), stage_1_batch_size=1)
    run = start_run(site)
    provider.during("write_section", lambda: turn(run), nth=3)  # type: ignore[operator]

    until_it_rests(run)

    assert provider.count("write_section") == 3
    assert provider.asked[-1][0] == "write_section"


def test_a_run_says_while_its_last_call_is_still_in_flight(provider: Watched) -> None:
    run, seen = writing(), []

    def pause_and_look() -> None:
        pause_run(run)
        seen.append(calls_in_flight(run))

    provider.during("write_introduction", pause_and_look)
    until_it_rests(run)

    assert (seen, calls_in_flight(run)) == ([True], False)


def test_a_pause_ends_a_delay_within_a_slice(clock: ManualClock, provider: Watched) -> None:
    run = start_run(site_with(phrases(4), stage_1_batch_size=2, within_stage_delay=50))
    lease = until_stage(run, 1)
    advance(run.pk, lease)
    assert fresh(run).waiting_for == "delay:50"
    sleep = clock.sleep

    def sleep_once_then_pause(seconds: float) -> None:
        sleep(seconds)
        if fresh(run).status == "running":
            pause_run(run)

    clock.sleep = sleep_once_then_pause  # type: ignore[method-assign]
    while advance(run.pk, lease) != LEFT:
        pass

    assert run.status == "paused"
    assert sum(clock.slept) <= 0.25


def test_a_run_paused_by_a_person_during_a_delay_waits_for_that_person(
    clock: ManualClock, provider: Watched, no_engine: None
) -> None:
    from igny8.automation.reconcile import reconcile

    run = start_run(site_with(phrases(4), stage_1_batch_size=2, within_stage_delay=5))
    lease = until_stage(run, 1)
    advance(run.pk, lease)
    pause_run(run)
    while advance(run.pk, lease) != LEFT:
        pass
    clock.time += timedelta(hours=1)

    reconcile()

    assert fresh(run).status == "paused"


def test_resuming_ends_what_was_left_of_a_delay(clock: ManualClock, provider: Watched) -> None:
    run = start_run(
        site_with(phrases(4), stage_1_batch_size=2, within_stage_delay=50), stop_after=1
    )
    lease = until_stage(run, 1)
    advance(run.pk, lease)
    pause_run(run)

    resume_run(run)

    assert (fresh(run).wake_at, run.waiting_for) == (None, "")
    until_it_rests(run)
    assert clock.slept == []
    assert Keyword.objects.filter(status="mapped").count() == 4


def test_only_a_running_run_can_be_paused_and_only_a_paused_one_resumed(provider: Watched) -> None:
    run = writing()

    with pytest.raises(UserError, match="only a paused run can be resumed"):
        resume_run(run)
    pause_run(run)
    with pytest.raises(UserError, match="only a running run can be paused"):
        pause_run(run)
    cancel_run(run)
    with pytest.raises(UserError, match="it is over already"):
        cancel_run(run)


def test_a_cancelled_run_is_final_and_ended(clock: ManualClock, provider: Watched) -> None:
    run = writing()
    clock.sleep(60)
    cancel_run(run)

    assert run.ended_at == product_clock.now()
    assert "Cancelled by a person" in lines(run)
    until_it_rests(start_run(run.site, first_stage=4))
    assert fresh(run).status == "cancelled"


def test_a_pause_between_claim_and_settle_loses_no_attempt(provider: Watched) -> None:
    run = writing()
    around = ("write_introduction", "write_conclusion", "write_metadata")
    for function in (*["write_section"] * 3, *around):
        provider.during(function, lambda: pause_run(run))
        until_it_rests(run)
        resume_run(run)

    until_it_rests(run)

    assert run.status == "completed"
    assert RunItem.objects.get(run=run).state == "done"
    assert answered_more_than_once() == []


def test_each_change_by_a_person_raises_the_version_of_the_run() -> None:
    run = writing()
    versions = [run.version]
    for turn in (pause_run, resume_run, cancel_run):
        turn(run)
        versions.append(fresh(run).version)

    assert versions == sorted(set(versions))
