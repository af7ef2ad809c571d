"""Counts of a site agree with its rows, and need indexes only."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from igny8.automation.figures import _statement, figures_of
from igny8.automation.stages import WORK_STAGES
from igny8.core import clock
from igny8.planner.models import Keyword
from igny8.writer.models import Content, Image
from tests.automation.world import (
    add_keywords,
    cluster_of,
    content_of,
    hold,
    idea_of,
    images_of,
    site_with,
    task_of,
)

pytestmark = pytest.mark.django_db


def test_a_total_is_what_is_processed_and_what_is_pending() -> None:
    site = site_with()
    parked, *_ = add_keywords(site, ["one", "two", "three"])
    Keyword.objects.filter(pk=parked.pk).update(parked_at=clock.now())
    cluster_of(site, "Coffee", pages=[["moka pot"]])

    keywords = figures_of(site).counts["keywords"]
    assert (keywords.total, keywords.processed, keywords.pending) == (3, 1, 2)
    assert keywords.attention == 1


def test_ignored_keywords_are_not_counted() -> None:
    site = site_with()
    [keyword] = add_keywords(site, ["one"])
    Keyword.objects.filter(pk=keyword.pk).update(status=Keyword.Status.IGNORED)

    assert figures_of(site).counts["keywords"].total == 0


def test_content_is_processed_when_all_its_images_are_there() -> None:
    site = site_with()
    finished, half, unplanned = content_of(site, "A"), content_of(site, "B"), content_of(site, "C")
    for image in [*images_of(finished, 2), *images_of(half, 2)[:1]]:
        Image.objects.filter(pk=image.pk).update(status="generated", file="x.webp")
    Content.objects.filter(pk=unplanned.pk).update(status=Content.Status.REVIEW)

    found = figures_of(site)
    assert (found.counts["content"].processed, found.counts["content"].pending) == (1, 2)
    assert (found.counts["images"].processed, found.counts["images"].pending) == (3, 1)
    assert found.review == 1


def test_what_waits_is_what_each_stage_would_take_now() -> None:
    site = site_with(["one", "two", "three"])
    parked, held, _ = Keyword.objects.filter(site=site).order_by("pk")
    Keyword.objects.filter(pk=parked.pk).update(parked_at=clock.now())
    hold(held, "run:1")
    idea_of(site, "An idea")
    task_of(site)
    images_of(content_of(site, "B"), 3)

    expected = {stage.number: stage.pending(site).count() for stage in WORK_STAGES}
    assert dict(figures_of(site).waiting) == expected
    assert expected[1] == 1


def test_one_query_of_covering_indexes() -> None:
    site = site_with(["one"])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        figures_of(site)
    assert len(queries) == 1


@pytest.mark.sqlite
def test_no_part_of_it_scans_a_table() -> None:
    statement, values = _statement(site_with(["one"]), None)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
        plan = [row[3] for row in cursor.fetchall()]
    assert not [step for step in plan if step.startswith("SCAN igny8")]
    big = [step for step in plan if step.startswith("SEARCH igny8_keywords")]
    assert big
    assert all("COVERING INDEX" in step for step in big)
