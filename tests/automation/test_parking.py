import json

import pytest

from igny8.ai.models import AICall
from igny8.automation.models import AutomationRun
from igny8.automation.parking import retry_parked, retry_rows
from igny8.automation.runs import start_run
from igny8.automation.stages import STAGES
from igny8.core.clock import ManualClock
from igny8.credits.models import CreditEntry
from igny8.planner.models import Cluster, ContentIdea, Keyword
from igny8.writer.models import Content, Image, Task
from tests.automation.world import (
    add_keywords,
    answered_more_than_once,
    cluster_of,
    content_of,
    images_of,
    items,
    lines,
    phrases,
    site_with,
    states,
    task_of,
    until_it_rests,
)
from tests.provider_faults import status
from tests.provider_server import ProviderServer, When

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "worker")]

TITLES = [f"How to grow tomatoes, part {n}" for n in (1, 2, 3)]


def tells(text: str) -> When:
    """Picks the calls whose question contains this text."""
    return lambda asked: asked.question is not None and text in asked.question.model_dump_json()


def shows(text: str) -> When:
    """Picks the calls for an image whose prompt holds this text."""
    return lambda asked: asked.path.endswith("/images/generations") and text in asked.prompt


def names_asked(server: ProviderServer) -> list[int]:
    """How many groups each question for names was about."""
    told = [one.question for one in server.asked if one.function_name == "auto_cluster"]
    return [len(json.loads(one.model_dump_json())["groups"]) for one in told if one]


def test_a_batch_with_a_bad_answer_is_tried_whole_then_one_by_one(server: ProviderServer) -> None:
    site = site_with(["poison ivy", "best tomato fertilizer", "rain barrel pump"])
    server.fail("wrong_schema", when=tells("poison"))

    run = until_it_rests(start_run(site, stop_after=1))

    assert "Batch of 3 keywords had no usable answer, trying one by one" in lines(run)
    assert sorted(states(run, 1)) == ["done", "done", "failed"]
    parked = Keyword.objects.exclude(parked_at=None).get()
    assert (parked.keyword, parked.status, parked.parked_code) == (
        "poison ivy",
        "new",
        "bad_answer",
    )
    assert Keyword.objects.filter(status="mapped").count() == 2


@pytest.mark.parametrize("place", [0, 2])
def test_a_poison_keyword_parks_at_most_itself_among_keywords_of_its_own_group(
    place: int, server: ProviderServer
) -> None:
    words = ["indoors", "outdoors", "now"]
    words.insert(place, "poison")
    site = site_with([f"how to plant tomato seeds {word}" for word in words])
    server.fail("wrong_schema", when=tells("poison"))

    run = until_it_rests(start_run(site, stop_after=1))

    parked = Keyword.objects.exclude(parked_at=None).values_list("keyword", flat=True)
    assert set(parked) <= {"how to plant tomato seeds poison"}
    assert Keyword.objects.filter(status="mapped").count() + len(parked) == 4
    assert states(run, 1).count("done") >= 3
    assert Cluster.objects.count() == 1


def test_a_declined_keyword_is_parked_without_being_asked_again(server: ProviderServer) -> None:
    site = site_with(["poison ivy"])
    server.fail("refusal")

    until_it_rests(start_run(site, stop_after=1))

    assert server.count() == 1
    assert Keyword.objects.get().parked_code == "declined"


def test_the_line_of_parked_rows_follows_the_verified_line(server: ProviderServer) -> None:
    site = site_with()
    for title in TITLES:
        task_of(site, title)
    server.fail("wrong_schema", when=tells("part 2"))

    run = until_it_rests(start_run(site, first_stage=4, stop_after=4))

    verified = "Stage 4 → Stage 5: Verified: 0 tasks pending, 2 content pieces created"
    said = lines(run)
    assert said[said.index(verified) + 1] == "Stage 4 → Stage 5: 1 task parked, see errors"
    assert (run.status, run.reason) == ("completed", "Completed with 1 error")


def test_a_failing_task_stops_no_sibling_and_its_error_is_recorded(server: ProviderServer) -> None:
    site = site_with(attempts=2)
    for title in TITLES:
        task_of(site, title)
    server.fail("wrong_schema", when=tells("part 2"))

    run = until_it_rests(start_run(site, first_stage=4))

    assert states(run, 4) == ["done", "failed", "done"]
    assert Content.objects.filter(status="review").count() == 2
    [error] = run.result(4)["errors"]
    assert error["item"] == TITLES[1]
    assert error["object"] == f"task:{Task.objects.get(title=TITLES[1]).pk}"
    assert (error["code"], error["attempts"]) == ("bad_answer", 2)
    assert error["message"].startswith("No usable answer in 2 tries: ")
    assert error["at"]


def test_a_bad_answer_that_is_followed_by_a_good_one_is_a_retry_not_an_error(
    server: ProviderServer,
) -> None:
    site = site_with()
    task_of(site)
    server.fail("wrong_schema", when=lambda one: one.function_name == "write_metadata", times=1)

    run = until_it_rests(start_run(site, first_stage=4, stop_after=4))

    assert (run.result(4)["retries"], run.result(4)["failed"]) == (1, 0)
    assert run.reason == ""
    assert AICall.objects.filter(state="rejected").count() == 1
    assert CreditEntry.objects.count() == server.count()


def test_a_parked_task_is_left_alone_by_the_next_run(server: ProviderServer) -> None:
    site = site_with()
    task = task_of(site)
    server.fail("wrong_schema")
    until_it_rests(start_run(site, first_stage=4))
    server.recover()
    asked = server.count()

    run = until_it_rests(start_run(site))

    assert lines(run)[-1] == "Nothing to do"
    assert server.count() == asked
    assert Task.objects.get(pk=task.pk).status == "pending"


def test_retry_brings_a_parked_task_back_and_the_next_run_finishes_it(
    server: ProviderServer,
) -> None:
    site = site_with()
    task = task_of(site)
    server.fail("wrong_schema", when=lambda asked: asked.function_name == "write_metadata")
    until_it_rests(start_run(site, first_stage=4))
    server.recover()
    asked = server.count("write_introduction")

    assert retry_parked(site)[4] == 1
    run = until_it_rests(start_run(site))

    assert run.status == "completed"
    assert Content.objects.get(task=task).status == "review"
    assert server.count("write_introduction") == asked, "what was answered is not paid again"
    assert answered_more_than_once() == []


def test_retry_can_be_for_chosen_rows_only(server: ProviderServer) -> None:
    site = site_with()
    first, second = task_of(site, TITLES[0]), task_of(site, TITLES[1])
    server.fail("wrong_schema")
    until_it_rests(start_run(site, first_stage=4))

    assert retry_rows(site, STAGES[3], [first.pk]) == 1

    assert list(Task.objects.parked()) == [second]


def test_a_whole_batch_that_was_parked_is_asked_whole_again_after_retry(
    server: ProviderServer,
) -> None:
    site = site_with(["best tomato fertilizer", "rain barrel pump", "chicken coop plans"])
    server.fail("wrong_schema")
    until_it_rests(start_run(site, stop_after=1))
    server.recover()
    before = len(names_asked(server))
    retry_parked(site)

    until_it_rests(start_run(site, stop_after=1))

    assert len(names_asked(server)) == before + 1
    assert Keyword.objects.filter(status="mapped").count() == 3


def test_an_image_that_cannot_be_made_leaves_its_article_a_finding_at_the_gate(
    server: ProviderServer,
) -> None:
    site = site_with()
    content = content_of(site)
    images_of(content, 3)
    server.fail(status(400, error_code="content_policy_violation"), when=shows("view 1"))

    run = until_it_rests(start_run(site, first_stage=6))

    content.refresh_from_db()
    parked = Image.objects.exclude(parked_at=None).get()
    assert content.status == "review"
    assert content.findings == [
        {"code": "images_missing", "message": f"1 of 3 images missing: {parked.parked_reason}"}
    ]
    assert run.reason == "Completed with 1 error"


def test_the_finding_goes_when_the_missing_image_was_retried(server: ProviderServer) -> None:
    site = site_with()
    content = content_of(site)
    images_of(content, 2)
    server.fail(status(400, error_code="content_policy_violation"), when=shows("view 1"))
    until_it_rests(start_run(site, first_stage=6))
    server.recover()

    retry_parked(site)
    until_it_rests(start_run(site))

    content.refresh_from_db()
    assert (content.status, content.findings) == ("review", [])
    assert Image.objects.filter(status="generated").count() == 2


def test_an_article_whose_prompts_are_parked_reaches_the_gate_with_the_finding(
    server: ProviderServer,
) -> None:
    site = site_with()
    content = content_of(site)
    server.fail("wrong_schema")

    until_it_rests(start_run(site, first_stage=5))

    content.refresh_from_db()
    assert (content.status, content.parked_code) == ("review", "bad_answer")
    [finding] = content.findings
    assert finding["message"] == f"All images missing: {content.parked_reason}"


def test_parked_prompts_that_are_retried_get_their_images_at_the_gate(
    server: ProviderServer,
) -> None:
    site = site_with(images_per_article=1)
    content = content_of(site)
    server.fail("wrong_schema")
    until_it_rests(start_run(site, first_stage=5))
    server.recover()

    retry_parked(site)
    until_it_rests(start_run(site))

    content.refresh_from_db()
    assert (content.status, content.findings) == ("review", [])
    assert Image.objects.filter(status="generated").count() == 2


def test_a_cluster_without_usable_ideas_is_parked_and_the_others_go_on(
    server: ProviderServer,
) -> None:
    site = site_with(stage_2_batch_size=2)
    cluster_of(site, "Poison", pages=[["poison ivy"]])
    cluster_of(site, "Soil", pages=[["potting soil"]])
    server.fail("wrong_schema", when=tells("poison ivy"))

    run = until_it_rests(start_run(site, first_stage=2, stop_after=2))

    assert Cluster.objects.parked().get().name == "Poison"
    assert ContentIdea.objects.get().cluster.name == "Soil"
    assert server.count() == 4
    assert run.status == "completed"


def test_a_refused_key_pauses_the_run_and_costs_its_items_nothing(server: ProviderServer) -> None:
    site = site_with()
    task_of(site)
    server.fail(status(401))

    run = until_it_rests(start_run(site, first_stage=4))

    assert (run.status, run.reason_code, run.wake_at) == ("paused", "credentials", None)
    assert server.count() == 1
    [item] = items(run, 4)
    assert (item.state, item.attempt) == ("queued", 0)
    assert Task.objects.get().held_by is None
    assert lines(run, level="error")[0].startswith("Paused: ")


def test_a_rate_limit_cools_the_connection_down_and_costs_no_attempt(
    server: ProviderServer, clock: ManualClock
) -> None:
    site = site_with(attempts=1)
    task_of(site)
    server.fail(status(429, retry_after="17"), times=1)

    run = until_it_rests(start_run(site, first_stage=4, stop_after=4))

    assert run.status == "completed"
    assert sum(clock.slept) == pytest.approx(17, abs=0.5)
    [item] = items(run, 4)
    assert (item.state, item.attempt) == ("done", 1)
    assert run.result(4)["failed"] == 0


def test_a_provider_that_is_down_pauses_the_run_after_its_back_off(
    server: ProviderServer, clock: ManualClock
) -> None:
    site = site_with()
    task_of(site)
    server.fail(status(503))

    run = until_it_rests(start_run(site, first_stage=4))

    assert (run.status, run.reason_code) == ("paused", "provider_down")
    assert 630 <= sum(clock.slept) < 800
    assert run.wake_at is not None
    assert server.count() == 5
    assert [item.attempt for item in items(run, 4)] == [0]


def test_retries_before_a_wait_are_counted_too(server: ProviderServer, clock: ManualClock) -> None:
    site = site_with()
    task_of(site)
    server.fail("reset", times=2)

    run = until_it_rests(start_run(site, first_stage=4, stop_after=4))

    assert (run.status, run.result(4)["retries"]) == ("completed", 2)


def test_short_trouble_with_the_provider_costs_neither_an_item_nor_a_pause(
    server: ProviderServer, clock: ManualClock
) -> None:
    site = site_with(attempts=1)
    task_of(site)
    server.fail("reset", times=2)

    run = until_it_rests(start_run(site, first_stage=4, stop_after=4))

    assert (run.status, run.result(4)["done"]) == ("completed", 1)


def test_a_second_import_leads_to_ideas_for_the_uncovered_pages_only(
    server: ProviderServer,
) -> None:
    site = site_with()
    cluster = cluster_of(site, "Soil", pages=[["potting soil"], ["clay soil"]])
    until_it_rests(start_run(site, first_stage=2, stop_after=2))
    before = dict(ContentIdea.objects.values_list("page", "title"))
    [late] = add_keywords(site, ["sandy soil"])
    Keyword.objects.filter(pk=late.pk).update(status="mapped", cluster=cluster, page=3)
    Cluster.objects.filter(pk=cluster.pk).update(status="new")

    run = until_it_rests(start_run(site, first_stage=2, stop_after=2))

    after = dict(ContentIdea.objects.values_list("page", "title"))
    assert sorted(before) == [1, 2]
    assert sorted(after) == [1, 2, 3]
    assert before.items() <= after.items()
    assert run.result(2)["created"] == 1


def test_a_keyword_in_the_page_of_an_idea_joins_it_as_secondary(server: ProviderServer) -> None:
    site = site_with(["how to plant tomato seeds", *phrases(6)[2:]])
    until_it_rests(start_run(site, stop_after=3))
    ideas = ContentIdea.objects.count()
    [late] = add_keywords(site, ["how to plant the tomato seeds"])

    run = until_it_rests(start_run(site))

    late.refresh_from_db()
    assert (late.status, late.role) == ("mapped", "secondary")
    assert late.idea is not None
    assert late.idea.keywords.filter(role="primary").get().keyword == "how to plant tomato seeds"
    assert ContentIdea.objects.count() == ideas
    assert Cluster.objects.filter(status="new").count() == 0
    assert run.status == AutomationRun.Status.COMPLETED
