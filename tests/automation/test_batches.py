import pytest

from igny8.automation.models import RunItem
from igny8.automation.runs import start_run, start_selection
from igny8.automation.stages import STAGES
from igny8.core.clock import ManualClock
from igny8.planner.models import Cluster, Keyword
from igny8.writer.models import Content
from tests.automation.world import (
    Watched,
    add_keywords,
    cluster_of,
    configure,
    content_of,
    hold,
    images_of,
    items,
    lines,
    phrases,
    site_with,
    states,
    task_of,
    until_it_rests,
    until_stage,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("worker")]


def sizes(run_items: list[RunItem]) -> list[int]:
    numbers = [item.batch_no for item in run_items]
    return [numbers.count(number) for number in sorted(set(numbers))]


def processing(said: list[str]) -> list[str]:
    return [line for line in said if line.startswith("Processing batch")]


def test_seven_keywords_at_batch_size_twenty_make_one_batch_of_seven(provider: Watched) -> None:
    run = until_it_rests(start_run(site_with(phrases(7)), stop_after=1))

    assert sizes(items(run, 1)) == [7]
    assert processing(lines(run)) == ["Processing batch 1/1: 7 keywords"]
    assert run.result(1)["batches"] == 1


def test_47_keywords_make_20_and_20_and_7_with_the_contracts_sentences(
    clock: ManualClock, provider: Watched
) -> None:
    run = until_it_rests(start_run(site_with(phrases(47), within_stage_delay=3), stop_after=1))

    assert sizes(items(run, 1)) == [20, 20, 7]
    opened = Cluster.objects.count()
    assert lines(run, stage=1)[1:] == [
        "Stage 1: 47 keywords to process",
        "Processing batch 1/3: 20 keywords",
        "Waiting 3 seconds before next batch...",
        "Delay complete, resuming processing",
        "Processing batch 2/3: 20 keywords",
        "Waiting 3 seconds before next batch...",
        "Delay complete, resuming processing",
        "Processing batch 3/3: 7 keywords",
        f"Stage 1 → Stage 2: Verified: 0 keywords pending, {opened} clusters created",
        "Stopped after stage 1, as asked",
    ]
    assert sum(clock.slept) == pytest.approx(6)
    assert run.result(1)["waited"] == 6


def test_one_keyword_is_named_in_the_singular(provider: Watched) -> None:
    run = until_it_rests(start_run(site_with(phrases(1)), stop_after=1))

    assert processing(lines(run)) == ["Processing batch 1/1: 1 keyword"]


def test_keywords_of_one_group_in_two_batches_share_its_cluster(provider: Watched) -> None:
    site = site_with([f"how to plant tomato seeds {n}" for n in range(5)], stage_1_batch_size=2)

    until_it_rests(start_run(site, stop_after=1))

    assert Keyword.objects.values_list("cluster").distinct().count() == Cluster.objects.count()
    assert Keyword.objects.filter(status="mapped").count() == 5


@pytest.mark.parametrize(("stage", "rows"), [(4, task_of), (6, content_of)])
def test_writing_and_drawing_take_one_item_at_a_time(
    stage: int, rows: object, provider: Watched
) -> None:
    site = site_with()
    for number in range(3):
        if stage == 4:
            task_of(site, f"How to grow tomatoes, part {number}")
        else:
            images_of(content_of(site, f"How to grow tomatoes, part {number}"), 1)

    run = until_it_rests(start_run(site, first_stage=stage, stop_after=stage))

    assert sizes(items(run, stage)) == [1, 1, 1]
    noun = STAGES[stage - 1].takes[0]
    assert processing(lines(run)) == [f"Processing batch {n}/3: 1 {noun}" for n in (1, 2, 3)]


def test_the_settings_are_those_of_the_runs_start(provider: Watched) -> None:
    site = site_with(phrases(6), stage_1_batch_size=3)
    run = start_run(site, stop_after=1)
    configure(site, stage_1_batch_size=6, within_stage_delay=300, ideas_per_cluster=1)

    until_it_rests(run)

    assert sizes(items(run, 1)) == [3, 3]
    assert run.config["ideas_per_cluster"] == 3
    assert run.result(1)["waited"] == 0


def test_the_queue_is_taken_once_and_later_rows_belong_to_the_next_run(provider: Watched) -> None:
    site = site_with(phrases(3))
    run = start_run(site)
    until_stage(run, 1)
    add_keywords(site, ["watering can", "garden hose"])

    until_it_rests(run)

    assert run.status == "completed"
    assert run.result(1)["total"] == 3
    assert Keyword.objects.filter(status="new").count() == 2
    following = until_it_rests(start_run(site))
    assert following.result(1)["total"] == 2


def test_rows_that_arrive_for_a_stage_already_closed_do_not_halt_the_run(
    provider: Watched,
) -> None:
    site = site_with(phrases(2))
    run = start_run(site)
    until_stage(run, 3)
    cluster_of(site, "Late one", pages=[["late keyword"]])
    add_keywords(site, ["later keyword"])

    until_it_rests(run)

    assert run.status == "completed"
    assert Cluster.objects.get(name="Late one").status == "new"


def test_a_row_held_by_another_run_is_not_taken(provider: Watched) -> None:
    site = site_with()
    held, free = task_of(site, "How to plant basil"), task_of(site, "How to plant chives")
    other = start_selection(site, STAGES[2], [])
    hold(held, other.ref)

    run = until_it_rests(start_run(site, first_stage=4, stop_after=4))

    assert run.status == "completed"
    assert [item.object_id for item in items(run, 4)] == [free.pk]


def test_a_row_taken_by_another_run_after_the_queue_was_is_skipped_and_named(
    provider: Watched,
) -> None:
    site = site_with()
    task = task_of(site)
    other = start_selection(site, STAGES[2], [])
    run = start_run(site, first_stage=4, stop_after=4)
    until_stage(run, 4)
    hold(task, other.ref)

    until_it_rests(run)

    assert states(run, 4) == ["skipped"]
    assert items(run, 4)[0].reason == f"being worked on by run {other.pk}"
    assert f"Skipped {task.title}: being worked on by run {other.pk}" in lines(run)
    assert run.result(4)["skipped"] == 1


def test_a_row_that_vanished_or_changed_is_skipped_never_an_error(provider: Watched) -> None:
    site = site_with(phrases(3))
    gone, ignored, _left = Keyword.objects.order_by("pk")
    run = start_run(site, stop_after=1)
    until_stage(run, 1)
    gone.delete()
    Keyword.objects.filter(pk=ignored.pk).update(status="ignored")

    until_it_rests(run)

    reasons = {item.object_id: item.reason for item in items(run, 1)}
    assert reasons[ignored.pk] == "its status is ignored by now"
    assert "it was removed meanwhile" in reasons.values()
    assert run.result(1)["skipped"] == 2
    assert run.result(1)["failed"] == 0
    assert run.status == "completed"


def test_a_row_changed_during_its_call_is_skipped_and_keeps_the_change(provider: Watched) -> None:
    site = site_with()
    task = task_of(site)
    run = start_run(site, first_stage=4, stop_after=4)
    provider.during("write_metadata", lambda: hold(task, "run:999"))

    until_it_rests(run)

    assert states(run, 4) == ["skipped"]
    assert not Content.objects.exists()


def test_an_item_that_crashed_three_times_is_parked_as_poison_at_the_fourth(
    provider: Watched,
) -> None:
    site = site_with()
    task = task_of(site)
    run = start_run(site, first_stage=4, stop_after=4)
    until_stage(run, 4)
    RunItem.objects.filter(run=run).update(attempt=3)

    until_it_rests(run)

    task.refresh_from_db()
    assert task.parked_code == "poison"
    assert run.status == "completed"
    assert run.reason == "Completed with 1 error"
    assert provider.count() == 0


def test_a_batch_that_crashed_three_times_is_tried_one_by_one(provider: Watched) -> None:
    site = site_with(phrases(4))
    run = start_run(site, stop_after=1)
    until_stage(run, 1)
    RunItem.objects.filter(run=run).update(attempt=3)

    until_it_rests(run)

    assert states(run, 1) == ["done"] * 4
    assert not Keyword.objects.exclude(parked_at=None).exists()


def test_a_poison_row_that_another_run_holds_stays_with_that_run(provider: Watched) -> None:
    site = site_with()
    task = task_of(site)
    other = start_selection(site, STAGES[2], [])
    run = start_run(site, first_stage=4, stop_after=4)
    until_stage(run, 4)
    RunItem.objects.filter(run=run).update(attempt=3)
    hold(task, other.ref)

    until_it_rests(run)

    task.refresh_from_db()
    assert (task.held_by, task.parked_at) == (other.ref, None)
    assert states(run, 4) == ["skipped"]
