"""What a person did to clusters and keywords, after a later run."""

from collections.abc import Callable, Iterable

import pytest

from igny8.automation.models import AutomationRun, RunItem
from igny8.automation.runs import start_run
from igny8.planner.cluster_edits import lock_cluster, merge_cluster, split_cluster, unlock_cluster
from igny8.planner.edits import delete_cluster, ignore_keywords, move_keywords, rename_cluster
from igny8.planner.models import Cluster, ContentIdea, Keyword
from igny8.sites.models import Site
from tests.automation.world import Watched, add_keywords, phrases, site_with
from tests.clustering.garden import GARDEN

pytestmark = pytest.mark.django_db
Drive = Callable[[AutomationRun], AutomationRun]
Later = Callable[[Iterable[str]], AutomationRun]


@pytest.fixture
def site(provider: Watched, drive: Drive) -> Site:
    """Grouped once: basil, mint and others."""
    made = site_with(list(GARDEN), stage_1_batch_size=200, ideas_per_cluster=10)
    drive(start_run(made, stop_after=1))
    return made


@pytest.fixture
def later(site: Site, drive: Drive) -> Later:
    """Imports keywords and lets a run place them."""

    def run(keywords: Iterable[str]) -> AutomationRun:
        add_keywords(site, list(keywords))
        return drive(start_run(site, stop_after=1))

    return run


def cluster_of(text: str) -> Cluster:
    cluster = Keyword.objects.get(keyword=text).cluster
    assert cluster is not None
    return cluster


def members(cluster: Cluster) -> set[str]:
    return set(cluster.keywords.values_list("keyword", flat=True))


def ids(*texts: str) -> list[int]:
    return list(Keyword.objects.filter(keyword__in=texts).values_list("pk", flat=True))


BASIL, MINT = "how to grow basil", "types of mint"
NEW_OF_BASIL = ("how to prune basil plants", "basil plant watering")


def test_new_keywords_join_the_cluster_they_belong_to(site: Site, later: Later) -> None:
    later(NEW_OF_BASIL)

    assert {cluster_of(text) for text in NEW_OF_BASIL} == {cluster_of(BASIL)}


def test_a_renamed_cluster_keeps_its_name_and_still_grows(site: Site, later: Later) -> None:
    rename_cluster(cluster_of(BASIL), "Everything Basil")

    later(NEW_OF_BASIL)

    assert cluster_of(BASIL).name == "Everything Basil"
    assert set(NEW_OF_BASIL) <= members(cluster_of(BASIL))


def test_a_cluster_renamed_while_its_run_goes_on_keeps_its_name_and_takes_the_rest(
    provider: Watched, drive: Drive
) -> None:
    made = site_with(list(GARDEN), stage_1_batch_size=5, slug="busy")
    renamed: list[str] = []

    def rename() -> None:
        first = Cluster.objects.filter(site=made).order_by("pk").first()
        assert first is not None
        rename_cluster(first, "By Hand")
        renamed.append(first.name)

    provider.during("auto_cluster", rename, nth=3)
    drive(start_run(made, stop_after=1))

    assert renamed
    assert Cluster.objects.get(name="By Hand").keywords.count() > 5
    assert not Cluster.objects.filter(site=made, name=renamed[0]).exists()


def test_a_name_that_a_person_took_meanwhile_is_not_given_twice(
    provider: Watched, drive: Drive, site: Site
) -> None:
    add_keywords(site, ["electric car charger", "ev charger at home"])

    def take() -> None:
        rename_cluster(cluster_of(MINT), "Electric Car Charger")

    provider.during("auto_cluster", take)
    drive(start_run(site, stop_after=1))

    assert cluster_of(MINT).name == "Electric Car Charger"
    assert cluster_of("electric car charger").name == "Electric Car Charger (2)"


def test_moved_keywords_stay_where_they_were_put(site: Site, later: Later) -> None:
    moved = "growing mint in pots"
    move_keywords(site, ids(moved), to=cluster_of(BASIL))
    page = Keyword.objects.get(keyword=moved).page

    later(["growing mint in a pot outdoors", "mint in containers", *NEW_OF_BASIL])

    assert cluster_of(moved) == cluster_of(BASIL) != cluster_of(MINT)
    assert Keyword.objects.get(keyword=moved).page == page


def test_a_twin_of_a_moved_keyword_follows_it(site: Site, later: Later) -> None:
    move_keywords(site, ids("growing mint in pots"), to=cluster_of(BASIL))

    later(["In pots: growing mint"])

    assert cluster_of("In pots: growing mint") == cluster_of(BASIL)


def test_an_ignored_keyword_stays_out(site: Site, later: Later) -> None:
    ignore_keywords(site, ids("pruning basil"))

    later(NEW_OF_BASIL)

    ignored = Keyword.objects.get(keyword="pruning basil")
    assert (ignored.status, ignored.cluster) == (Keyword.Status.IGNORED, None)


def test_a_merged_cluster_never_splits_and_takes_in_what_belongs_to_either(
    site: Site, later: Later
) -> None:
    basil, mint = cluster_of(BASIL), cluster_of(MINT)
    both = members(basil) | members(mint)
    merge_cluster(mint, into=basil, by="ann")

    later([*NEW_OF_BASIL, "mint varieties list", "mint companion plants"])

    assert both <= members(basil)
    assert {"mint varieties list", *NEW_OF_BASIL} <= members(basil)
    assert not Cluster.objects.filter(pk=mint.pk).exists()


def test_a_split_cluster_stays_split_and_both_parts_grow(site: Site, later: Later) -> None:
    basil = cluster_of(BASIL)
    watering = ("how often to water basil", "how much water does basil need")
    made = split_cluster(basil, ids(*watering), name="Watering Basil")

    later(["how much water do basil plants need", "how to prune basil plants"])

    assert members(made) == {*watering, "how much water do basil plants need"}
    assert "how to prune basil plants" in members(basil)
    assert not members(basil) & set(watering)


def test_a_locked_cluster_neither_gains_nor_loses_keywords(site: Site, later: Later) -> None:
    basil = cluster_of(BASIL)
    before = members(basil)
    lock_cluster(basil)

    later([*NEW_OF_BASIL, "basil plants caring"])

    assert members(basil) == before
    assert all(cluster_of(text) != basil for text in NEW_OF_BASIL)


def test_an_unlocked_cluster_grows_again(site: Site, later: Later) -> None:
    lock_cluster(cluster_of(BASIL))
    unlock_cluster(cluster_of(BASIL))

    later(NEW_OF_BASIL)

    assert set(NEW_OF_BASIL) <= members(cluster_of(BASIL))


def test_a_cluster_locked_while_a_run_is_on_its_way_to_it_gains_nothing(
    provider: Watched, drive: Drive, site: Site
) -> None:
    basil, before = cluster_of(BASIL), members(cluster_of(BASIL))
    add_keywords(site, [*NEW_OF_BASIL, "electric car charger"])
    provider.during("auto_cluster", lambda: lock_cluster(basil))

    run = drive(start_run(site, stop_after=1))

    assert members(basil) == before
    skipped = RunItem.objects.filter(run=run, state="skipped")
    assert set(skipped.values_list("reason", flat=True)) == {"its cluster was locked meanwhile"}
    assert Keyword.objects.filter(status=Keyword.Status.NEW).count() == len(NEW_OF_BASIL)
    drive(start_run(site, stop_after=1))
    assert not Keyword.objects.filter(status=Keyword.Status.NEW).exists()


def test_a_cluster_merged_while_a_run_is_on_its_way_to_it_leaves_its_newcomers_waiting(
    provider: Watched, drive: Drive, site: Site
) -> None:
    basil, mint = cluster_of(BASIL), cluster_of(MINT)
    add_keywords(site, [*NEW_OF_BASIL, "electric car charger"])
    provider.during("auto_cluster", lambda: merge_cluster(basil, into=mint, by="ann") and None)

    drive(start_run(site, stop_after=1))
    assert not set(NEW_OF_BASIL) & members(mint)
    drive(start_run(site, stop_after=1))

    assert set(NEW_OF_BASIL) <= members(mint)


def test_a_page_that_a_run_is_about_to_open_is_not_the_one_a_person_makes(
    provider: Watched, drive: Drive, site: Site
) -> None:
    mint, moved = cluster_of(MINT), "rosemary cuttings"
    add_keywords(site, ["mint tea recipe", "electric car charger"])
    provider.during("auto_cluster", lambda: move_keywords(site, ids(moved), to=mint) and None)

    drive(start_run(site, stop_after=1))

    assert cluster_of("mint tea recipe") == cluster_of(moved) == mint
    pages = Keyword.objects.filter(keyword__in=("mint tea recipe", moved))
    assert len(set(pages.values_list("page", flat=True))) == 2


def test_a_deleted_cluster_does_not_come_back_with_keywords_that_are_ignored(
    site: Site, later: Later
) -> None:
    delete_cluster(cluster_of(MINT), by="ann", keywords_become=Keyword.Status.IGNORED)

    later(NEW_OF_BASIL)

    assert Keyword.objects.get(keyword=MINT).status == Keyword.Status.IGNORED


def test_a_keyword_that_falls_into_the_page_of_an_idea_joins_it_as_a_secondary_one(
    site: Site, drive: Drive
) -> None:
    drive(start_run(site, stop_after=2))
    led = ContentIdea.objects.get(keywords__keyword="how to prune basil")
    [new] = add_keywords(site, ["how to prune basil plants"])

    run = drive(start_run(site, stop_after=2))

    joined = fresh_keyword(new)
    assert (joined.idea, joined.role) == (led, Keyword.Role.SECONDARY)
    assert joined.cluster is not None
    assert joined.cluster.status == Cluster.Status.MAPPED
    assert run.result(2).get("total") == 0


def test_a_mapped_cluster_awaits_ideas_again_when_keywords_join_that_none_of_it_covers(
    site: Site, drive: Drive
) -> None:
    drive(start_run(site, stop_after=2))
    mint = cluster_of(MINT)
    assert mint.status == Cluster.Status.MAPPED
    [new] = add_keywords(site, ["mint tea recipe"])

    drive(start_run(site, stop_after=1))
    assert cluster_of(new.keyword) == mint
    assert cluster_of(MINT).status == Cluster.Status.NEW

    before = set(ContentIdea.objects.values_list("pk", flat=True))
    drive(start_run(site, stop_after=2))

    assert cluster_of(MINT).status == Cluster.Status.MAPPED
    assert (
        fresh_keyword(new).idea_id in set(ContentIdea.objects.values_list("pk", flat=True)) - before
    )


def test_no_keyword_has_two_ideas_and_no_page_either(site: Site, drive: Drive) -> None:
    drive(start_run(site, stop_after=2))
    add_keywords(site, sorted({*phrases(60)} - {*GARDEN}))
    drive(start_run(site, stop_after=2))

    pages = list(ContentIdea.objects.values_list("cluster", "page"))
    assert len(pages) == len(set(pages))
    for keyword in Keyword.objects.exclude(idea=None).select_related("idea"):
        assert keyword.idea is not None
        assert (keyword.cluster_id, keyword.page) == (keyword.idea.cluster_id, keyword.idea.page)


def fresh_keyword(keyword: Keyword) -> Keyword:
    keyword.refresh_from_db()
    return keyword
