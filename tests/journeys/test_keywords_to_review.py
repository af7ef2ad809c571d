"""From a keyword file to the review gate, and what a site owner does on the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.models import Count

from igny8.ai.models import AICall
from igny8.automation.parking import retry_parked
from igny8.automation.runs import pause_run, resume_run, start_run, start_selection
from igny8.automation.stages import STAGES
from igny8.credits.models import CreditEntry
from igny8.planner.models import Cluster, ContentIdea, Keyword
from igny8.sites.models import Site
from igny8.writer.models import Content, Image, Task
from tests.automation.conftest import provider, server
from tests.automation.world import (
    Watched,
    add_keywords,
    answered_more_than_once,
    fresh,
    lines,
    phrases,
    site_with,
    until_it_rests,
)
from tests.faults.invariants import broken
from tests.provider_faults import status
from tests.provider_server import ProviderServer

__all__ = ["provider", "server"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "worker")]


@pytest.fixture(autouse=True)
def nothing_is_broken_at_the_end(db: None) -> Iterator[None]:
    yield
    assert broken() == []
    assert answered_more_than_once() == []


def what_waits(site: Site) -> dict[int, int]:
    return {stage.number: stage.pending(site).count() for stage in STAGES[:6]}


def articles_of(site: Site) -> list[tuple[str, str, int]]:
    """What each article is about, its status, and how many pictures it has."""
    counted = Content.objects.filter(site=site).annotate(pictures=Count("images"))
    return sorted(counted.values_list("primary_keyword", "status", "pictures"))


def test_a_keyword_list_becomes_illustrated_articles_at_the_gate(
    provider: Watched, media_folder: Path
) -> None:
    site = site_with(phrases(8), images_per_article=1)

    run = until_it_rests(start_run(site))

    assert run.status == "completed"
    assert set(what_waits(site).values()) == {0}
    articles = Content.objects.filter(status="review").count()
    assert articles == Task.objects.count() == ContentIdea.objects.count() >= 2
    pictures = Image.objects.filter(status="generated")
    assert pictures.count() == 2 * articles
    assert all((media_folder / image.file).is_file() for image in pictures)
    assert run.reason == ""


def test_each_stage_by_hand_leads_to_the_same_articles(provider: Watched) -> None:
    by_hand, in_a_run = site_with(phrases(3)), site_with(phrases(3), slug="second")
    for stage in STAGES[:6]:
        ids = list(stage.pending(by_hand).values_list("pk", flat=True))
        assert until_it_rests(start_selection(by_hand, stage, ids)).status == "completed"

    until_it_rests(start_run(in_a_run))

    assert articles_of(by_hand) == articles_of(in_a_run) != []
    assert not Image.objects.exclude(status="generated").exists()


def test_a_second_import_adds_articles_and_leaves_the_first_ones_alone(provider: Watched) -> None:
    site = site_with(phrases(6))
    until_it_rests(start_run(site))
    before = list(Content.objects.order_by("pk").values("pk", "title", "body", "updated_at"))
    add_keywords(site, phrases(14)[6:])

    run = until_it_rests(start_run(site))

    assert run.status == "completed"
    assert (
        list(Content.objects.order_by("pk").values("pk", "title", "body", "updated_at"))[
            : len(before)
        ]
        == before
    )
    assert Content.objects.count() > len(before)
    assert not Keyword.objects.exclude(status="mapped").exists()
    assert not Cluster.objects.exclude(status="mapped").exists()


def test_a_run_after_a_finished_one_finds_nothing_to_do(provider: Watched) -> None:
    site = site_with(phrases(4))
    until_it_rests(start_run(site))
    asked = provider.count()

    run = until_it_rests(start_run(site))

    assert lines(run)[-1] == "Nothing to do"
    assert provider.count() == asked


def test_looking_first_then_going_on_makes_the_same_as_one_run(provider: Watched) -> None:
    in_steps, at_once = site_with(phrases(3)), site_with(phrases(3), slug="second")
    for number in range(1, 7):
        until_it_rests(start_run(in_steps, stop_after=number))

    until_it_rests(start_run(at_once))

    assert articles_of(in_steps) == articles_of(at_once) != []


def test_a_key_that_is_refused_then_replaced_costs_nothing_twice(server: ProviderServer) -> None:
    site = site_with(phrases(3))
    server.fail(status(401), when=lambda asked: asked.function_name == "write_section", times=1)
    run = until_it_rests(start_run(site))
    assert (run.status, run.reason_code) == ("paused", "credentials")

    resume_run(run)
    until_it_rests(run)

    assert run.status == "completed"
    assert Content.objects.filter(status="review").exists()
    assert server.count() == AICall.objects.count()
    assert CreditEntry.objects.count() == server.count() - 1
    assert set(server.times_asked().values()) <= {1, 2}


def test_a_run_over_a_stormy_provider_still_brings_every_article_to_the_gate(
    server: ProviderServer,
) -> None:
    site = site_with(phrases(5))
    for number, fault in enumerate(("reset", "not_json", "empty_choices", "html", "cut"), 1):
        server.fail_call(3 * number, fault)
    server.fail_call(20, status(429, retry_after="5"))

    run = until_it_rests(start_run(site))

    assert (run.status, run.reason) == ("completed", "")
    assert Content.objects.count() == ContentIdea.objects.count()
    assert sum(run.result(number)["retries"] for number in range(1, 7)) >= 3


def test_pausing_often_changes_nothing_but_the_time(provider: Watched) -> None:
    run = start_run(site_with(phrases(3)))
    for function in ("auto_cluster", "generate_ideas", "write_section", "generate_images"):
        provider.during(function, lambda: pause_run(run))
        until_it_rests(run)
        assert fresh(run).status == "paused"
        resume_run(run)

    until_it_rests(run)

    assert run.status == "completed"
    assert len(provider.asked) == len(set(provider.asked)), "nothing was asked twice"


def test_errors_are_retried_in_a_later_run_until_nothing_is_left(server: ProviderServer) -> None:
    site = site_with(phrases(6), attempts=1)
    server.fail("wrong_schema", when=lambda asked: asked.function_name == "write_metadata", times=1)
    server.fail(
        "wrong_schema", when=lambda asked: asked.function_name == "generate_image_prompts", times=1
    )
    run = until_it_rests(start_run(site))
    assert run.reason == "Completed with 2 errors"
    server.recover()

    assert sum(retry_parked(site).values()) == 2
    until_it_rests(start_run(site))

    assert set(Content.objects.values_list("status", flat=True)) == {"review"}
    assert Content.objects.count() == ContentIdea.objects.count()
    assert not any(content.findings for content in Content.objects.all())
