"""The state of a site as other programs read it."""

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from igny8.ai.errors import DeclinedError
from igny8.automation.models import AutomationRun
from igny8.automation.runs import pause_run, start_run, start_selection
from igny8.automation.stages import stage_number
from igny8.automation.status import status_of
from igny8.core import clock
from igny8.planner.models import Keyword
from igny8.writer.models import Image
from tests.automation.world import (
    Watched,
    cluster_of,
    content_of,
    images_of,
    phrases,
    site_with,
    task_of,
    until_stage,
)

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
Drive = Callable[[AutomationRun], AutomationRun]

COUNTED = ("keywords", "clusters", "ideas", "tasks", "content", "images")
RUN = {
    *("run_id", "kind", "trigger", "status", "reason_code", "reason", "current_stage"),
    *("credits_estimated", "credits_used", "percent", "eta_seconds"),
    *("started_at", "ended_at", "stages"),
}
STAGE = {
    *("number", "title", "status", "total", "processed", "created", "failed", "skipped"),
    *("batches", "retries", "credits_used", "started_at", "ended_at", "errors"),
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def test_a_new_site_has_nothing_and_no_run() -> None:
    nothing = {"total": 0, "processed": 0, "pending": 0, "attention": 0}
    assert status_of(site_with()) == {
        "site": "garden",
        **dict.fromkeys(COUNTED, nothing),
        "review": 0,
        "run": None,
    }


def test_after_a_run_all_is_processed_and_waits_for_review(drive: Drive, provider: Watched) -> None:
    site = site_with(phrases(8))
    drive(start_run(site))
    found = status_of(site)
    for name in COUNTED:
        assert found[name]["processed"] == found[name]["total"] > 0
        assert found[name]["pending"] == found[name]["attention"] == 0
    assert found["review"] == found["content"]["total"]


def test_a_run_has_the_keys_and_forms_of_the_contract(drive: Drive, provider: Watched) -> None:
    run = drive(start_run(site_with(phrases(3))))
    found = status_of(run.site)["run"]
    assert set(found) == RUN
    assert [set(stage) for stage in found["stages"]] == [STAGE] * 7
    assert (found["run_id"], found["status"], found["percent"]) == (run.pk, "completed", 100)
    assert found["credits_estimated"] == {"low": "0", "high": "0"}
    assert (found["credits_used"], found["eta_seconds"]) == ("0", None)
    assert MOMENT.fullmatch(found["started_at"])
    assert MOMENT.fullmatch(found["stages"][0]["ended_at"])
    assert json.loads(json.dumps(found)) == found


def test_each_stage_says_what_it_took_and_made(drive: Drive, provider: Watched) -> None:
    run = drive(start_run(site_with(phrases(47))))
    first, *_, gate = status_of(run.site)["run"]["stages"]
    assert (first["total"], first["processed"], first["batches"]) == (47, 47, 3)
    assert (first["status"], first["title"]) == ("done", "Keywords → Clusters")
    assert (gate["number"], gate["status"]) == (7, "waiting")


def test_a_declined_item_is_an_error_of_its_stage_and_needs_attention(
    drive: Drive, provider: Watched
) -> None:
    def decline() -> None:
        raise DeclinedError("not this one")

    site = site_with()
    task = task_of(site)
    provider.during("write_introduction", decline)
    drive(start_run(site))
    found = status_of(site)
    assert found["tasks"] == {"total": 0, "processed": 0, "pending": 0, "attention": 1}
    [error] = found["run"]["stages"][3]["errors"]
    assert set(error) == {"item", "object", "code", "message", "attempts", "at"}
    assert (error["item"], error["object"]) == (task.title, f"task:{task.pk}")
    assert MOMENT.fullmatch(error["at"])
    assert found["run"]["stages"][3]["failed"] == 1


def test_ignored_keywords_are_not_counted() -> None:
    site = site_with(phrases(5))
    Keyword.objects.filter(pk=Keyword.objects.earliest("pk").pk).update(status="ignored")
    assert status_of(site)["keywords"]["total"] == 4


def test_a_parked_row_is_neither_pending_nor_in_the_total() -> None:
    site = site_with(phrases(5))
    Keyword.objects.filter(pk=Keyword.objects.earliest("pk").pk).update(parked_at=clock.now())
    expected = {"total": 4, "processed": 0, "pending": 4, "attention": 1}
    assert status_of(site)["keywords"] == expected


def test_a_cluster_is_processed_once_it_has_ideas() -> None:
    site = site_with()
    cluster_of(site, "Herbs", pages=[["basil"]])
    task_of(site)
    assert status_of(site)["clusters"] == {
        "total": 2, "processed": 1, "pending": 1, "attention": 0
    }  # fmt: skip


def test_an_article_is_pending_until_all_its_images_are_there() -> None:
    site = site_with()
    first, second = images_of(content_of(site), 2)
    content_of(site, "An article without a plan")
    made = {"status": Image.Status.GENERATED, "file": "a.webp"}
    Image.objects.filter(pk=first.pk).update(**made)
    assert status_of(site)["content"]["pending"] == 2
    Image.objects.filter(pk=second.pk).update(**made)
    assert status_of(site)["content"]["processed"] == 1


def test_the_active_run_goes_before_a_newer_selection() -> None:
    site = site_with(phrases(3))
    active = start_run(site)
    start_selection(site, stage_number(1), [])
    assert status_of(site)["run"]["run_id"] == active.pk


def test_a_paused_run_is_paused_at_its_stage_and_waits_behind_it(
    worker: str, provider: Watched
) -> None:
    run = start_run(site_with(phrases(3)))
    until_stage(run, 2)
    pause_run(run)
    found = status_of(run.site)["run"]
    assert [s["status"] for s in found["stages"][:3]] == ["done", "paused", "waiting"]
    assert (found["status"], found["reason_code"]) == ("paused", "by_person")
    assert found["eta_seconds"] > 0


def test_unknown_credits_are_null_and_never_nought() -> None:
    site = site_with(phrases(3))
    run = start_run(site)
    AutomationRun.objects.filter(pk=run.pk).update(estimate={"credits": None})
    assert status_of(site)["run"]["credits_estimated"] == {"low": None, "high": None}


def test_credits_are_plain_decimals() -> None:
    site = site_with(phrases(3))
    start_run(site)
    AutomationRun.objects.update(credits_used="120.5000")
    assert status_of(site)["run"]["credits_used"] == "120.5"
    AutomationRun.objects.update(credits_used="1000")
    assert status_of(site)["run"]["credits_used"] == "1000"


def test_it_takes_few_queries_however_many_rows(
    drive: Drive,
    provider: Watched,
    django_assert_max_num_queries: "DjangoAssertNumQueries",
) -> None:
    site = site_with(phrases(12))
    drive(start_run(site))
    with django_assert_max_num_queries(9):
        status_of(site)
