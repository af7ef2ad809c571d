from collections.abc import Callable

import pytest

from igny8.automation.models import AutomationRun
from igny8.automation.parking import retry_parked
from igny8.automation.runs import start_run
from igny8.planner.edits import delete_cluster, delete_idea, ignore_keywords, move_keywords
from igny8.planner.models import Cluster, ContentIdea, Keyword
from igny8.sites.trash import restore
from igny8.writer.edits import delete_content
from igny8.writer.models import Content
from tests.automation.world import Watched, cluster_of, content_of, site_with
from tests.factories import make_keyword

pytestmark = pytest.mark.django_db
Drive = Callable[[AutomationRun], AutomationRun]


def test_a_deleted_article_is_written_again_only_after_retry(
    provider: Watched, drive: Drive
) -> None:
    content = content_of(site_with())
    delete_content(content, by="ann")
    drive(start_run(content.site))
    assert not Content.objects.exists()

    assert retry_parked(content.site)[3] == 1
    drive(start_run(content.site))

    assert Content.objects.get().status == Content.Status.REVIEW


def test_a_page_whose_idea_was_deleted_gets_another_in_the_next_run(
    provider: Watched, drive: Drive
) -> None:
    site = site_with()
    cluster_of(site, "Hoes", pages=[["sharp hoe", "best hoe"]])
    drive(start_run(site, stop_after=2))
    first = ContentIdea.objects.get()

    trash = delete_idea(first, by="ann")
    drive(start_run(site, stop_after=2))

    assert ContentIdea.objects.get().pk != first.pk
    assert set(Keyword.objects.values_list("idea", flat=True)) == {ContentIdea.objects.get().pk}
    assert trash.rows["tables"][0]["rows"][0]["id"] == first.pk


def test_an_idea_that_came_back_is_not_asked_for_again(provider: Watched, drive: Drive) -> None:
    site = site_with()
    cluster_of(site, "Hoes", pages=[["sharp hoe", "best hoe"]])
    drive(start_run(site, stop_after=2))

    restore(delete_idea(ContentIdea.objects.get(), by="ann"))
    asked = provider.count("generate_ideas")
    drive(start_run(site, stop_after=2))

    assert provider.count("generate_ideas") == asked
    assert Cluster.objects.get().status == Cluster.Status.MAPPED


def test_keywords_moved_by_hand_get_an_idea_of_their_own(provider: Watched, drive: Drive) -> None:
    site = site_with()
    hoes = cluster_of(site, "Hoes", pages=[["sharp hoe", "best hoe"]])
    drive(start_run(site, stop_after=2))
    rake = make_keyword(site, "leaf rake")

    move_keywords(site, [rake.pk], to=hoes)
    drive(start_run(site, stop_after=2))

    rake.refresh_from_db()
    assert (rake.page == 1, rake.role) == (False, Keyword.Role.PRIMARY)
    assert ContentIdea.objects.count() == 2


def test_keywords_of_a_deleted_cluster_are_sorted_anew_and_ignored_ones_are_not(
    provider: Watched, drive: Drive
) -> None:
    site = site_with()
    cluster = cluster_of(site, "Hoes", pages=[["sharp hoe", "best hoe"], ["hoe handle"]])
    ignore_keywords(site, list(Keyword.objects.filter(page=2).values_list("pk", flat=True)))
    delete_cluster(cluster, by="ann")

    drive(start_run(site, stop_after=1))

    statuses = Keyword.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["mapped", "mapped", "ignored"]
    assert not Cluster.objects.filter(pk=cluster.pk).exists()
