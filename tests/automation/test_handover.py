from collections.abc import Callable

import pytest

from igny8.automation.models import AutomationRun
from igny8.automation.runs import start_run
from igny8.core.clock import ManualClock
from igny8.core.errors import UserError
from igny8.planner.models import Cluster, ContentIdea, Keyword
from igny8.sites.models import Site
from igny8.writer.models import Content, Image, Task
from tests.automation.world import (
    Watched,
    add_keywords,
    cluster_of,
    configure,
    content_of,
    idea_of,
    images_of,
    lines,
    phrases,
    site_with,
    states,
    task_of,
    until_it_rests,
    until_stage,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("worker")]


def test_a_whole_run_logs_the_six_verified_lines_with_true_counts(provider: Watched) -> None:
    run = until_it_rests(start_run(site_with(phrases(9), images_per_article=2)))

    ideas, images = ContentIdea.objects.count(), Image.objects.count()
    assert images == 3 * ideas
    assert [line for line in lines(run) if "Verified" in line] == [
        f"Stage 1 → Stage 2: Verified: 0 keywords pending, {Cluster.objects.count()}"
        " clusters created",
        f"Stage 2 → Stage 3: Verified: 0 clusters pending, {ideas} ideas created",
        f"Stage 3 → Stage 4: Verified: 0 ideas pending, {ideas} tasks created",
        f"Stage 4 → Stage 5: Verified: 0 tasks pending, {ideas} content pieces created",
        f"Stage 5 → Stage 6: Verified: 0 content without images, {images} prompts created",
        f"Stage 6 → Stage 7: Verified: 0 pending images, {images} images generated",
    ]
    assert f"Stage 5: Found {ideas} content pieces without images" in lines(run)
    assert lines(run)[-1] == f"Stage 7: {ideas} content pieces wait for review"


def test_a_whole_run_leaves_every_row_in_its_last_status(provider: Watched) -> None:
    run = until_it_rests(start_run(site_with(phrases(9), images_per_article=1)))

    assert (run.status, run.current_stage, run.percent) == ("completed", 7, 100)
    assert set(Keyword.objects.values_list("status", flat=True)) == {"mapped"}
    assert set(Cluster.objects.values_list("status", flat=True)) == {"mapped"}
    assert set(ContentIdea.objects.values_list("status", flat=True)) == {"in_progress"}
    assert set(Task.objects.values_list("status", flat=True)) == {"completed"}
    assert set(Content.objects.values_list("status", flat=True)) == {"review"}
    assert set(Image.objects.values_list("status", flat=True)) == {"generated"}


def test_a_cluster_is_created_new(provider: Watched) -> None:
    until_it_rests(start_run(site_with(phrases(3)), stop_after=1))

    assert set(Cluster.objects.values_list("status", flat=True)) == {"new"}


def test_with_nothing_pending_every_stage_is_skipped_and_the_run_completes(
    clock: ManualClock,
) -> None:
    run = until_it_rests(start_run(site_with(between_stage_delay=10, within_stage_delay=10)))

    assert (run.status, run.percent, run.current_stage) == ("completed", 100, 7)
    assert [run.result(n)["status"] for n in range(1, 7)] == ["skipped"] * 6
    assert lines(run)[1:] == [
        "Stage 1: No keywords pending, skipping",
        "Stage 2: No clusters pending, skipping",
        "Stage 3: No ideas pending, skipping",
        "Stage 4: No tasks pending, skipping",
        "Stage 5: Found 0 content pieces without images, skipping",
        "Stage 6: No images pending, skipping",
        "Nothing to do",
    ]
    assert clock.slept == []


def test_twenty_keywords_that_all_join_existing_clusters_verify_none_created(
    provider: Watched,
) -> None:
    site = site_with(["how to plant tomato seeds", "tomato seeds how to plant"])
    until_it_rests(start_run(site))
    made = Cluster.objects.count()
    add_keywords(site, ["how to plant tomato seeds now"])

    run = until_it_rests(start_run(site, stop_after=1))

    assert Cluster.objects.count() == made
    assert "Stage 1 → Stage 2: Verified: 0 keywords pending, 0 clusters created" in lines(run)


PENDING: dict[int, Callable[[Site], object]] = {
    1: lambda site: add_keywords(site, ["soil"]),
    2: lambda site: cluster_of(site, "Soil", pages=[["soil"]]),
    3: lambda site: idea_of(site, "How to improve soil"),
    4: task_of,
    5: content_of,
}


@pytest.mark.parametrize("incomplete", PENDING)
def test_a_run_from_a_later_stage_fails_over_rows_that_wait_before_it(incomplete: int) -> None:
    site = site_with()
    PENDING[incomplete](site)

    run = until_it_rests(start_run(site, first_stage=incomplete + 1))

    sentence = f"Stage {incomplete} incomplete, cannot proceed to Stage {incomplete + 1}"
    assert (run.status, run.reason, run.reason_code) == ("failed", sentence, "incomplete")
    assert lines(run, level="error") == [sentence]
    assert run.ended_at is not None
    assert run.percent < 100


def test_a_run_from_stage_5_names_the_highest_incomplete_stage_before_it() -> None:
    site = site_with(phrases(2))
    task_of(site)

    run = until_it_rests(start_run(site, first_stage=5))

    assert run.reason == "Stage 4 incomplete, cannot proceed to Stage 5"


def test_a_run_from_stage_5_is_not_stopped_by_a_parked_task(
    clock: ManualClock, provider: Watched
) -> None:
    site = site_with()
    Task.objects.filter(pk=task_of(site).pk).update(parked_at=clock.now(), parked_code="bad_answer")

    assert until_it_rests(start_run(site, first_stage=5)).status == "completed"


def test_a_row_that_falls_back_between_two_stages_fails_the_run(provider: Watched) -> None:
    site = site_with()
    task = task_of(site)
    run = start_run(site, first_stage=4, stop_after=5)
    lease_before_settling: list[str] = []
    provider.during("write_metadata", lambda: lease_before_settling.append("seen"))
    until_stage(run, 5)
    AutomationRun.objects.filter(pk=run.pk).update(
        stage_5_result={**run.result(5), "opened": False}
    )
    Task.objects.filter(pk=task.pk).update(status="pending")

    until_it_rests(run)

    assert run.status == "failed"
    assert run.reason == "Stage 4 incomplete, cannot proceed to Stage 5"


def test_the_run_waits_after_a_stage_but_not_after_a_skipped_one_nor_before_the_gate(
    clock: ManualClock, provider: Watched
) -> None:
    site = site_with(between_stage_delay=7, images_per_article=0)
    task_of(site)

    run = until_it_rests(start_run(site))

    waits = [line for line in lines(run) if "Waiting" in line or "Delay" in line]
    assert waits == 2 * [
        "Waiting 7 seconds before next stage...",
        "Delay complete, resuming processing",
    ]
    assert sum(clock.slept) == pytest.approx(14)
    before = {log.message: log.stage for log in run.log.all() if "Waiting" in log.message}
    assert set(before.values()) <= {4, 5}


def test_the_wait_between_stages_stays_in_the_result_of_the_stage_it_led_to(
    clock: ManualClock, provider: Watched
) -> None:
    site = site_with(between_stage_delay=7)
    task_of(site)

    run = until_it_rests(start_run(site))

    assert [run.result(n)["waited"] for n in (4, 5, 6)] == [0, 7, 7]


def test_no_wait_follows_the_stage_the_run_stops_after(
    clock: ManualClock, provider: Watched
) -> None:
    site = site_with(phrases(3), between_stage_delay=7)

    run = until_it_rests(start_run(site, stop_after=1))

    assert clock.slept == []
    assert (run.status, run.current_stage, run.percent) == ("completed", 1, 100)


def test_the_sites_own_stop_after_counts_when_none_is_asked_for(provider: Watched) -> None:
    site = site_with(phrases(3), stop_after=2)

    run = until_it_rests(start_run(site))

    assert (run.status, run.current_stage) == ("completed", 2)
    assert not Task.objects.exists()


def test_a_run_from_a_stage_beyond_the_sites_stop_goes_on_to_the_gate(provider: Watched) -> None:
    site = site_with(stop_after=2)
    task_of(site)

    run = until_it_rests(start_run(site, first_stage=4))

    assert run.current_stage == 7
    assert Content.objects.get().status == "review"


def test_stopping_before_the_first_stage_is_refused_in_words() -> None:
    with pytest.raises(UserError, match="stage 3 lies before stage 5"):
        start_run(site_with(), first_stage=5, stop_after=3)


def test_a_long_delay_is_waited_for_by_a_later_generation(
    clock: ManualClock, provider: Watched
) -> None:
    site = site_with(phrases(4), stage_1_batch_size=2, within_stage_delay=300)

    run = until_it_rests(start_run(site, stop_after=1))

    assert run.status == "completed"
    assert run.generation > 2
    assert run.result(1)["waited"] == 300
    assert lines(run).count("Delay complete, resuming processing") == 1


def test_articles_without_images_reach_the_gate_at_once_when_none_are_wanted(
    provider: Watched,
) -> None:
    site = site_with(wants_images=False)
    content_of(site)

    run = until_it_rests(start_run(site, first_stage=5))

    assert Content.objects.get().status == "review"
    assert Content.objects.get().findings == []
    assert not Image.objects.exists()
    assert provider.count() == 0
    assert run.result(6)["status"] == "skipped"
    assert "Stage 5 → Stage 6: Verified: 0 content without images, 0 prompts created" in lines(run)


def test_an_article_reaches_the_gate_with_its_last_image(provider: Watched) -> None:
    site = site_with()
    content = content_of(site)
    images_of(content, 2)
    run = start_run(site, first_stage=6)
    seen: list[str] = []
    provider.during("generate_images", lambda: seen.append(Content.objects.get().status), nth=2)

    until_it_rests(run)

    assert seen == ["draft"]
    assert Content.objects.get().status == "review"
    assert states(run, 6) == ["done", "done"]


def test_a_changed_configuration_applies_to_the_next_run(provider: Watched) -> None:
    site = site_with(phrases(4), stage_1_batch_size=2)
    until_it_rests(start_run(site, stop_after=1))
    configure(site, stage_1_batch_size=50)
    add_keywords(site, ["compost heap", "rain barrel", "garden fence"])

    run = until_it_rests(start_run(site, stop_after=1))

    assert run.result(1)["batches"] == 1
