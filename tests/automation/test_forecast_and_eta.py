import json
from datetime import UTC, datetime, timedelta

import pytest

from igny8.automation.estimates import estimate
from igny8.automation.models import AutomationRun, Pace, RunItem
from igny8.automation.pace import (
    EVERYWHERE,
    eta_of_run,
    learn_pace,
    measured,
    seconds_an_item,
    seconds_left,
)
from igny8.automation.results import is_forecast
from igny8.automation.runner import LEFT, advance
from igny8.automation.runs import config_of, pause_run, resume_run, start_run
from igny8.automation.stages import STAGES, WORK_STAGES
from igny8.core.clock import ManualClock
from igny8.planner.models import Cluster
from tests.automation.world import (
    Watched,
    add_keywords,
    fresh,
    idea_of,
    lease_of,
    phrases,
    site_with,
    task_of,
    until_it_rests,
    until_stage,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("worker")]

RESULT_KEYS = {
    "status", "total", "forecast", "processed", "created", "failed", "skipped", "batches",
    "retries", "credits", "waited", "started_at", "ended_at", "errors",
}  # fmt: skip


def forecasts(run: AutomationRun) -> list[int]:
    return [run.result(stage.number).get("forecast", 0) for stage in WORK_STAGES]


def percents(run: AutomationRun) -> list[int]:
    """The percentage after each step of the whole run."""
    seen, lease = [run.percent], lease_of(run)
    while advance(run.pk, lease) != LEFT:
        seen.append(fresh(run).percent)
    return seen


def finished_items(run: AutomationRun, stage: int, batches: list[tuple[int, float]]) -> None:
    """Done items of batches, each of so many items that together took so many seconds."""
    start, position = datetime(2026, 1, 5, tzinfo=UTC), 0
    for number, (size, seconds) in enumerate(batches, 1):
        for _ in range(size):
            position += 1
            RunItem.objects.create(
                run=run,
                stage=stage,
                object_id=position,
                position=position,
                batch_no=number,
                state="done",
                started_at=start + timedelta(hours=number),
                ended_at=start + timedelta(hours=number, seconds=seconds),
            )


def test_forecasts_follow_what_waits_and_what_is_handed_over() -> None:
    site = site_with(phrases(20), ideas_per_cluster=4, images_per_article=2)
    idea_of(site, "How to improve soil")
    task_of(site)

    run = start_run(site)

    clusters = 2
    ideas = 4 * clusters
    assert forecasts(run) == [20, clusters, ideas + 1, ideas + 2, ideas + 2, 3 * (ideas + 2)]


def test_forecasts_are_corrected_when_the_queue_is_taken(provider: Watched) -> None:
    run = start_run(site_with(phrases(20), ideas_per_cluster=2))
    lease = until_stage(run, 1)
    groups = len(set(RunItem.objects.filter(run=run).values_list("group", flat=True)))
    assert forecasts(run)[:3] == [20, groups, 2 * groups]

    while not fresh(run).result(3).get("opened"):
        advance(run.pk, lease)

    assert Cluster.objects.count() == groups
    assert forecasts(run)[2:5] == [run.result(3)["total"]] * 3
    assert is_forecast(run)


def test_the_percentage_never_falls_and_is_100_only_when_completed(provider: Watched) -> None:
    run = start_run(site_with(phrases(12), stage_1_batch_size=5, images_per_article=1))

    seen = percents(run)

    assert seen == sorted(seen)
    assert len(set(seen)) > 10
    assert seen[-1] == 100
    assert seen.count(100) == 1, "only the completed run"


def test_the_percentage_stays_while_a_paused_run_is_resumed(provider: Watched) -> None:
    run = start_run(site_with(phrases(12), stage_1_batch_size=3))
    lease = until_stage(run, 1)
    advance(run.pk, lease)
    before = fresh(run).percent
    assert 0 < before < 100

    pause_run(run)
    resume_run(run)

    assert fresh(run).percent == before


def test_a_run_that_stops_early_counts_only_its_own_stages(provider: Watched) -> None:
    run = start_run(site_with(phrases(4), stage_1_batch_size=2), stop_after=1)
    lease = until_stage(run, 1)

    advance(run.pk, lease)

    assert fresh(run).percent == 50


def test_each_stage_result_has_the_contracts_keys(provider: Watched) -> None:
    run = until_it_rests(start_run(site_with(phrases(3), images_per_article=1)))

    for stage in WORK_STAGES:
        assert set(run.result(stage.number)) >= RESULT_KEYS
        assert run.result(stage.number)["status"] == "done"
    assert set(run.result(7)) >= RESULT_KEYS
    assert (run.result(7)["status"], run.result(7)["total"]) == ("waiting", 3)


def test_the_stage_results_are_plain_json_with_times_in_utc(
    clock: ManualClock, provider: Watched
) -> None:
    provider.seconds = 2
    run = until_it_rests(start_run(site_with(phrases(3)), stop_after=2))

    result = json.loads(json.dumps(run.stage_1_result))

    started, ended = (datetime.fromisoformat(result[k]) for k in ("started_at", "ended_at"))
    assert started.utcoffset() == ended.utcoffset() == timedelta(0)
    assert (ended - started).total_seconds() == 2
    assert result["credits"] == "0"
    assert result["errors"] == []


def test_counts_add_up_after_every_step(provider: Watched) -> None:
    site = site_with(phrases(6), stage_1_batch_size=2)
    run, lease = start_run(site), 0
    lease = lease_of(run)
    while advance(run.pk, lease) != LEFT:
        for stage in WORK_STAGES:
            result = fresh(run).result(stage.number)
            if result.get("opened"):
                assert result["processed"] + result["left"] == result["total"]


def test_a_full_batch_and_its_rest_have_the_same_pace() -> None:
    run = start_run(site_with())

    finished_items(run, 1, [(20, 40.0), (20, 40.0), (7, 14.0)])

    assert measured(run, STAGES[0]) == pytest.approx((47, 2.0))


def test_a_batch_smaller_than_its_size_is_not_taken_for_a_full_one() -> None:
    run = start_run(site_with(stage_1_batch_size=20))

    finished_items(run, 1, [(7, 14.0)])

    assert measured(run, STAGES[0]) == pytest.approx((7, 2.0))


def test_seconds_an_item_are_defaults_until_three_items_are_done() -> None:
    run = start_run(site_with())
    assert [seconds_an_item(run, s)[0] for s in WORK_STAGES] == [0.5, 10, 0.05, 90, 12, 20]
    assert not seconds_an_item(run, STAGES[3])[1]

    finished_items(run, 4, [(1, 40.0), (1, 40.0), (1, 40.0)])

    assert seconds_an_item(run, STAGES[3]) == pytest.approx((40.0, True))


def test_what_was_done_last_weighs_most() -> None:
    run = start_run(site_with())

    finished_items(run, 4, [*[(1, 90.0)] * 40, *[(1, 30.0)] * 20])

    items, seconds = measured(run, STAGES[3])
    assert items == 60
    assert 30 < seconds < 60


def test_the_pace_of_a_finished_stage_is_kept_for_the_site_and_for_all() -> None:
    run = start_run(site_with())
    finished_items(run, 4, [(1, 30.0)] * 3)

    learn_pace(run, STAGES[3])

    assert set(Pace.objects.values_list("site_id", "seconds")) == {
        (run.site_id, 30.0),
        (EVERYWHERE, 30.0),
    }
    cancelled = AutomationRun.objects.filter(pk=run.pk).update(status="cancelled")
    assert cancelled
    assert seconds_an_item(start_run(run.site), STAGES[3]) == (30.0, True)
    assert seconds_an_item(start_run(site_with(slug="new")), STAGES[3]) == (30.0, True)


def test_newer_stages_weigh_more_than_older_ones_but_not_all() -> None:
    first = start_run(site_with(slug="first"))
    finished_items(first, 4, [(1, 100.0)] * 3)
    learn_pace(first, STAGES[3])
    second = start_run(site_with(slug="second"))
    finished_items(second, 4, [(1, 50.0)] * 3)

    learn_pace(second, STAGES[3])

    assert Pace.objects.get(site_id=EVERYWHERE).seconds == pytest.approx(85.0)


def test_the_offline_providers_pace_feeds_no_real_model(monkeypatch: pytest.MonkeyPatch) -> None:
    offline = start_run(site_with(slug="offline"))
    finished_items(offline, 4, [(1, 0.1)] * 3)
    learn_pace(offline, STAGES[3])
    monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("IGNY8_TEXT_MODEL", "real-model")

    real = start_run(site_with(slug="real"))

    assert seconds_an_item(real, STAGES[3]) == (90, False)


def test_offline_images_feed_no_real_image_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("IGNY8_TEXT_MODEL", "real-model")
    drawn = start_run(site_with(slug="drawn"))
    finished_items(drawn, 6, [(1, 0.1)] * 3)
    learn_pace(drawn, STAGES[5])
    monkeypatch.setenv("IGNY8_IMAGE_MODEL", "real-image-model")

    real = start_run(site_with(slug="real"))

    assert seconds_an_item(real, STAGES[5]) == (20, False)
    assert seconds_an_item(start_run(site_with(slug="other")), STAGES[5]) == (20, False)


def test_the_eta_of_a_stage_is_its_items_and_the_delays_between_its_batches(
    provider: Watched,
) -> None:
    site = site_with(within_stage_delay=10)
    for number in range(4):
        task_of(site, f"How to plant tomatoes, part {number}")
    run = start_run(site, first_stage=4)
    until_stage(run, 4)

    pace, _ = seconds_an_item(run, STAGES[3])
    assert seconds_left(run, STAGES[3], pace) == 4 * 90 + 3 * 10


def test_the_eta_of_a_run_adds_the_stages_ahead_and_the_delays_between_them(
    provider: Watched,
) -> None:
    site = site_with(between_stage_delay=7, images_per_article=1)
    task_of(site)
    run = start_run(site, first_stage=4)
    until_stage(run, 4)

    assert eta_of_run(run) == 90 + 12 + 2 * 20 + 2 * 7


def test_the_eta_falls_with_each_item_and_is_none_at_the_end(
    clock: ManualClock, provider: Watched
) -> None:
    provider.seconds = 6
    site = site_with()
    for number in range(5):
        task_of(site, f"How to plant tomatoes, part {number}")
    run = start_run(site, first_stage=4, stop_after=4)
    lease, seen = until_stage(run, 4), []
    while fresh(run).status == "running":
        seen.append(eta_of_run(run) or 0)
        advance(run.pk, lease)

    assert seen[0] == 450
    assert seen[3] == pytest.approx(2 * 36)
    assert seen == sorted(seen, reverse=True)
    assert eta_of_run(run) is None


def test_delays_are_a_line_of_their_own_in_the_estimate() -> None:
    site = site_with(phrases(47), within_stage_delay=3, between_stage_delay=5)

    expected = estimate(site, config_of(site), stop_after=1)

    assert expected.delay_seconds == 6
    assert expected.totals == {1: 47}


def test_rows_that_arrive_later_change_no_total(provider: Watched) -> None:
    site = site_with(phrases(4), stage_1_batch_size=2)
    run = start_run(site)
    lease = until_stage(run, 1)
    add_keywords(site, ["garden gate"])

    advance(run.pk, lease)

    assert fresh(run).result(1)["total"] == 4
