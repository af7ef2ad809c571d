from datetime import UTC, datetime

import pytest

from igny8.core.clock import ManualClock
from igny8.core.editing import BusyError
from igny8.core.errors import UserError
from igny8.planner.edits import (
    delete_cluster,
    delete_idea,
    ignore_keywords,
    move_keywords,
    rename_cluster,
    restore_keywords,
)
from igny8.planner.models import Cluster, ContentIdea, Keyword
from igny8.planner.places import free_page
from igny8.sites.models import Site, Trash
from igny8.sites.trash import restore
from tests.factories import (
    make_cluster,
    make_idea,
    make_keyword,
    make_mapped_keyword,
    make_site,
    make_task,
)

pytestmark = pytest.mark.django_db

MAPPED = Cluster.Status.MAPPED


@pytest.fixture
def site() -> Site:
    return make_site()


@pytest.fixture
def hoes(site: Site) -> Cluster:
    return make_cluster(site, "Garden Hoes", status=MAPPED)


def hold(row: Keyword | Cluster | ContentIdea) -> None:
    type(row).objects.filter(pk=row.pk).update(held_by="run:12")


def park(row: Keyword | Cluster) -> None:
    type(row).objects.filter(pk=row.pk).update(
        parked_at=datetime(2026, 1, 1, tzinfo=UTC), parked_code="bad_answer", parked_reason="Bad."
    )


def place(keyword: Keyword) -> tuple[str, int | None, int | None, int | None, str]:
    keyword.refresh_from_db()
    return keyword.status, keyword.cluster_id, keyword.page, keyword.idea_id, keyword.role


NOWHERE = (None, None, None, "")


def test_ignored_keywords_leave_their_cluster_and_their_idea(hoes: Cluster) -> None:
    idea = make_idea(hoes)
    first, second = (make_mapped_keyword(hoes, idea=idea) for _ in range(2))
    waiting = make_keyword(hoes.site)

    assert ignore_keywords(hoes.site, [first.pk, waiting.pk]) == 2

    assert place(first) == place(waiting) == ("ignored", *NOWHERE)
    assert place(second) == ("mapped", hoes.pk, 1, idea.pk, "primary")


def test_an_idea_that_loses_its_primary_keyword_gets_the_most_wanted_of_the_others(
    hoes: Cluster,
) -> None:
    idea = make_idea(hoes)
    first = make_mapped_keyword(hoes, idea=idea, volume=900)
    unknown = make_mapped_keyword(hoes, idea=idea)
    wanted = make_mapped_keyword(hoes, idea=idea, volume=50)

    ignore_keywords(hoes.site, [first.pk])

    assert [place(one)[-1] for one in (unknown, wanted)] == ["secondary", "primary"]


def test_ignored_keywords_that_come_back_wait_for_a_cluster(site: Site) -> None:
    ignored = make_keyword(site, status=Keyword.Status.IGNORED)
    mapped = make_mapped_keyword(make_cluster(site))

    assert restore_keywords(site, [ignored.pk, mapped.pk]) == 1

    assert place(ignored) == ("new", *NOWHERE)
    assert place(mapped)[0] == "mapped"


def test_keywords_of_another_site_are_out_of_reach(site: Site) -> None:
    foreign = make_keyword(make_site())

    assert ignore_keywords(site, [foreign.pk]) == 0
    assert place(foreign)[0] == "new"


def test_a_keyword_that_a_run_works_on_is_not_changed_and_neither_are_the_others(
    site: Site,
) -> None:
    held, free = make_keyword(site), make_keyword(site)
    hold(held)

    with pytest.raises(BusyError, match="by run 12; try again in a moment"):
        ignore_keywords(site, [free.pk, held.pk])

    assert place(free)[0] == place(held)[0] == "new"


def test_an_edit_takes_the_mark_off_and_is_seen_in_updated_at(
    site: Site, clock: ManualClock
) -> None:
    keyword = make_keyword(site)
    park(keyword)
    clock.time = datetime(2030, 1, 1, tzinfo=UTC)

    ignore_keywords(site, [keyword.pk])

    keyword.refresh_from_db()
    assert (keyword.parked_at, keyword.parked_code, keyword.parked_reason) == (None, "", "")
    assert keyword.updated_at == clock.time


def test_moved_keywords_become_a_new_page_that_awaits_an_idea(site: Site, hoes: Cluster) -> None:
    make_mapped_keyword(hoes, page=4)
    make_idea(hoes, page=6)
    free = free_page(hoes)
    waiting, elsewhere = make_keyword(site), make_mapped_keyword(make_cluster(site))

    assert move_keywords(site, [waiting.pk, elsewhere.pk], to=hoes) == 2

    assert place(waiting) == place(elsewhere) == ("mapped", hoes.pk, free, None, "")
    assert free > 6
    hoes.refresh_from_db()
    assert hoes.status == Cluster.Status.NEW


def test_keywords_moved_to_the_page_of_an_idea_join_it(site: Site, hoes: Cluster) -> None:
    idea = make_idea(hoes, page=2)
    make_mapped_keyword(hoes, page=2, idea=idea)
    keyword = make_keyword(site)

    move_keywords(site, [keyword.pk], to=hoes, page=2)

    assert place(keyword) == ("mapped", hoes.pk, 2, idea.pk, "secondary")
    hoes.refresh_from_db()
    assert hoes.status == MAPPED


def test_keywords_moved_away_leave_their_idea_a_primary_one(site: Site, hoes: Cluster) -> None:
    idea = make_idea(hoes)
    first, second = (make_mapped_keyword(hoes, idea=idea) for _ in range(2))

    move_keywords(site, [first.pk], to=make_cluster(site))

    assert place(first)[-2:] == (None, "")
    assert place(second)[-2:] == (idea.pk, "primary")


def test_nothing_moves_to_a_cluster_that_a_run_works_on(site: Site, hoes: Cluster) -> None:
    keyword = make_keyword(site)
    hold(hoes)

    with pytest.raises(BusyError):
        move_keywords(site, [keyword.pk], to=hoes)


def test_nothing_moves_to_a_cluster_of_another_site(site: Site) -> None:
    keyword, foreign = make_keyword(site), make_cluster(make_site())

    with pytest.raises(UserError, match="removed meanwhile"):
        move_keywords(site, [keyword.pk], to=foreign)

    assert place(keyword)[0] == "new"


def test_a_name_that_a_person_chose_is_not_provisional(site: Site) -> None:
    cluster = make_cluster(site)
    Cluster.objects.update(name_is_provisional=True)

    rename_cluster(cluster, "  Watering \n Cans ")

    cluster.refresh_from_db()
    assert (cluster.name, cluster.name_folded) == ("Watering Cans", "watering cans")
    assert not cluster.name_is_provisional


def test_two_clusters_of_a_site_have_two_names(site: Site, hoes: Cluster) -> None:
    other = make_cluster(site, "Rakes")

    with pytest.raises(UserError, match="“garden hoes” already; choose another"):
        rename_cluster(other, "garden hoes")

    rename_cluster(hoes, "GARDEN HOES")
    assert make_cluster(make_site(), "Garden Hoes").pk


@pytest.mark.parametrize("name", ["", " \n ", "x" * 121])
def test_a_cluster_needs_a_name_that_fits(hoes: Cluster, name: str) -> None:
    with pytest.raises(UserError, match="1 to 120 characters"):
        rename_cluster(hoes, name)


@pytest.mark.parametrize("becomes", [Keyword.Status.NEW, Keyword.Status.IGNORED])
def test_a_deleted_cluster_goes_to_trash_with_its_ideas_and_frees_its_keywords(
    hoes: Cluster, becomes: Keyword.Status
) -> None:
    idea = make_idea(hoes)
    keywords = [make_mapped_keyword(hoes, idea=idea), make_mapped_keyword(hoes, page=2)]

    trash = delete_cluster(hoes, by="ann@example.com", keywords_become=becomes)  # type: ignore[arg-type]  # a parameter of this test

    assert not Cluster.objects.exists()
    assert not ContentIdea.objects.exists()
    assert {place(keyword) for keyword in keywords} == {(str(becomes), *NOWHERE)}
    assert (trash.kind, trash.title, trash.removed_by) == (
        *("cluster", "Garden Hoes"),
        "ann@example.com",
    )


def test_a_cluster_comes_back_with_its_ideas_and_the_keywords_that_are_still_free(
    site: Site, hoes: Cluster
) -> None:
    idea = make_idea(hoes)
    first, moved = make_mapped_keyword(hoes, idea=idea), make_mapped_keyword(hoes, page=2)
    trash = delete_cluster(hoes, by="ann")
    rakes = make_cluster(site, "Rakes")
    move_keywords(site, [moved.pk], to=rakes)

    restore(trash)

    assert place(first) == ("mapped", hoes.pk, 1, idea.pk, "primary")
    assert place(moved)[:2] == ("mapped", rakes.pk)
    hoes.refresh_from_db()
    assert hoes.status == MAPPED


def test_a_cluster_does_not_come_back_beside_another_of_its_name(site: Site, hoes: Cluster) -> None:
    trash = delete_cluster(hoes, by="ann")
    make_cluster(site, "Garden Hoes")

    with pytest.raises(UserError, match="another cluster has taken its place"):
        restore(trash)

    assert Trash.objects.filter(pk=trash.pk).exists()


def test_a_cluster_whose_ideas_are_planned_is_not_deleted(hoes: Cluster) -> None:
    make_task(make_idea(hoes))
    make_idea(hoes, page=2)

    with pytest.raises(UserError, match="1 of the ideas of “Garden Hoes” have a task"):
        delete_cluster(hoes, by="ann")

    assert ContentIdea.objects.count() == 2


def test_a_cluster_is_not_deleted_while_a_run_works_on_it_or_on_its_ideas(hoes: Cluster) -> None:
    idea = make_idea(hoes)
    hold(idea)

    with pytest.raises(BusyError):
        delete_cluster(hoes, by="ann")

    ContentIdea.objects.update(held_by=None)
    hold(hoes)
    with pytest.raises(BusyError):
        delete_cluster(hoes, by="ann")


def test_a_deleted_idea_leaves_its_keywords_waiting_for_another(hoes: Cluster) -> None:
    idea = make_idea(hoes, "Ten hoes compared")
    keyword = make_mapped_keyword(hoes, idea=idea)

    trash = delete_idea(idea, by="ann")

    assert place(keyword) == ("mapped", hoes.pk, 1, None, "")
    hoes.refresh_from_db()
    assert hoes.status == Cluster.Status.NEW
    assert trash.title == "Ten hoes compared"


def test_an_idea_that_nobody_wants_takes_its_keywords_along(hoes: Cluster) -> None:
    idea = make_idea(hoes)
    keyword = make_mapped_keyword(hoes, idea=idea)

    delete_idea(idea, by="ann", keywords_become=Keyword.Status.IGNORED)

    assert place(keyword) == ("ignored", *NOWHERE)
    hoes.refresh_from_db()
    assert hoes.status == MAPPED


def test_an_idea_comes_back_with_its_keywords(hoes: Cluster) -> None:
    idea = make_idea(hoes)
    keywords = [make_mapped_keyword(hoes, idea=idea) for _ in range(3)]
    before = [place(keyword) for keyword in keywords]

    restore(delete_idea(idea, by="ann"))

    assert [place(keyword) for keyword in keywords] == before


def test_an_idea_does_not_come_back_once_another_covers_its_page(hoes: Cluster) -> None:
    trash = delete_idea(make_idea(hoes), by="ann")
    make_idea(hoes)

    with pytest.raises(UserError, match="another content idea has taken its place"):
        restore(trash)


def test_an_idea_does_not_come_back_without_its_cluster(hoes: Cluster) -> None:
    trash = delete_idea(make_idea(hoes, "Sharp hoes"), by="ann")
    delete_cluster(hoes, by="ann")

    with pytest.raises(UserError, match="“Sharp hoes” cannot be put back: its cluster is gone"):
        restore(trash)


def test_an_idea_with_a_task_is_not_deleted(hoes: Cluster) -> None:
    idea = make_idea(hoes)
    make_task(idea)

    with pytest.raises(UserError, match="has a task or an article"):
        delete_idea(idea, by="ann")
