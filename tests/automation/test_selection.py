import pytest

from igny8.automation.runs import start_run, start_selection
from igny8.automation.stages import STAGES
from igny8.planner.models import Cluster, Keyword
from igny8.writer.models import Content, Task
from tests.automation.world import (
    Watched,
    answered_more_than_once,
    content_of,
    items,
    lines,
    phrases,
    site_with,
    states,
    task_of,
    until_it_rests,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("worker")]

CLUSTERING, WRITING, PROMPTS = STAGES[0], STAGES[3], STAGES[4]
NO_TIMES = ("status", "page", "role", "keyword", "cluster__name", "cluster__status")


def test_a_selection_works_on_the_chosen_rows_only(provider: Watched) -> None:
    site = site_with()
    chosen, other = task_of(site, "How to plant basil"), task_of(site, "How to plant chives")

    run = until_it_rests(start_selection(site, WRITING, [chosen.pk]))

    assert (run.kind, run.status, run.percent) == ("selection", "completed", 100)
    assert Content.objects.get().task == chosen
    assert Task.objects.get(pk=other.pk).status == "pending"


def test_clustering_by_hand_leaves_the_same_rows_as_in_a_run(provider: Watched) -> None:
    by_hand, in_a_run = site_with(phrases(8)), site_with(phrases(8), slug="second")
    ids = list(Keyword.objects.filter(site=by_hand).values_list("pk", flat=True))

    until_it_rests(start_selection(by_hand, CLUSTERING, ids))
    until_it_rests(start_run(in_a_run, stop_after=1))

    first, second = (
        list(Keyword.objects.filter(site=site).order_by("keyword").values_list(*NO_TIMES))
        for site in (by_hand, in_a_run)
    )
    assert first == second
    assert {row[0] for row in first} == {"mapped"}
    assert {row[5] for row in first} == {"new"}


def test_a_selection_ignores_what_waits_in_earlier_stages(provider: Watched) -> None:
    site = site_with(phrases(2))
    task = task_of(site)

    run = until_it_rests(start_selection(site, WRITING, [task.pk]))

    assert run.status == "completed"
    assert Keyword.objects.filter(status="new").count() == 2


def test_a_selection_may_run_beside_the_pipeline(provider: Watched) -> None:
    site = site_with()
    task = task_of(site)
    pipeline = start_run(site, first_stage=4, stop_after=4)

    until_it_rests(start_selection(site, WRITING, [task.pk]))

    assert until_it_rests(pipeline).status == "completed"
    assert Content.objects.count() == 1


def test_the_pipeline_and_a_selection_on_one_task_make_one_article_and_the_other_skips(
    provider: Watched,
) -> None:
    site = site_with()
    task = task_of(site)
    pipeline = start_run(site, first_stage=4, stop_after=4)
    by_hand = start_selection(site, WRITING, [task.pk])
    provider.during("write_introduction", lambda: until_it_rests(by_hand) and None)

    until_it_rests(pipeline)

    assert provider.count("write_introduction") == 1
    assert answered_more_than_once() == []
    assert states(pipeline, 4) == ["done"]
    assert states(by_hand, 4) == ["skipped"]
    assert items(by_hand, 4)[0].reason == f"being worked on by run {pipeline.pk}"
    assert f"Skipped {task.title}: being worked on by run {pipeline.pk}" in lines(by_hand)
    assert by_hand.status == "completed"


def test_the_pipeline_skips_a_task_that_a_selection_took_after_its_queue(
    provider: Watched,
) -> None:
    site = site_with()
    first, second = task_of(site, "How to plant basil"), task_of(site, "How to plant chives")
    pipeline = start_run(site, first_stage=4, stop_after=4)
    by_hand = start_selection(site, WRITING, [second.pk])
    provider.during("write_metadata", lambda: until_it_rests(pipeline) and None, nth=1)

    until_it_rests(by_hand)

    reasons = {item.object_id: item.reason for item in items(pipeline, 4)}
    assert reasons == {first.pk: ""}, "what was held when the queue was taken is not in it"
    assert Content.objects.count() == 2


def test_every_chosen_row_that_cannot_be_taken_is_named_with_its_reason(provider: Watched) -> None:
    site = site_with()
    done, parked, ready = (task_of(site, f"How to plant {plant}") for plant in ("a", "b", "c"))
    until_it_rests(start_selection(site, WRITING, [done.pk]))
    Task.objects.filter(pk=parked.pk).update(parked_at="2026-01-01T00:00Z", parked_code="x")

    run = until_it_rests(start_selection(site, WRITING, [done.pk, parked.pk, ready.pk]))

    assert {item.object_id: item.reason for item in items(run, 4)} == {
        done.pk: "its status is completed by now",
        parked.pk: "it needs attention",
        ready.pk: "",
    }
    assert (run.result(4)["total"], run.result(4)["skipped"]) == (3, 2)


def test_a_chosen_keyword_that_has_its_cluster_already_is_skipped(provider: Watched) -> None:
    site = site_with(phrases(3))
    until_it_rests(start_run(site, stop_after=1))
    clusters = Cluster.objects.count()
    ids = list(Keyword.objects.values_list("pk", flat=True))

    run = until_it_rests(start_selection(site, CLUSTERING, ids))

    assert states(run, 1) == ["skipped"] * 3
    assert Cluster.objects.count() == clusters


def test_rows_of_another_site_are_no_part_of_a_selection(provider: Watched) -> None:
    site, other = site_with(), site_with(slug="other")
    foreign = content_of(other)

    run = until_it_rests(start_selection(site, PROMPTS, [foreign.pk]))

    assert items(run, 5) == []
    assert Content.objects.get().image_plan_at is None


def test_a_selection_says_at_its_end_what_became_of_it(provider: Watched) -> None:
    site = site_with()
    task = task_of(site)

    run = until_it_rests(start_selection(site, WRITING, [task.pk]))

    assert lines(run)[-1] == "Completed"


def test_two_starts_at_once_make_one_pipeline_run() -> None:
    site = site_with(phrases(1))

    assert start_run(site) == start_run(site)


def test_a_run_of_one_site_leaves_the_rows_of_another_alone(provider: Watched) -> None:
    site, other = site_with(phrases(2)), site_with(phrases(2), slug="other")

    until_it_rests(start_run(site, stop_after=1))

    assert set(Keyword.objects.filter(site=other).values_list("status", flat=True)) == {"new"}
