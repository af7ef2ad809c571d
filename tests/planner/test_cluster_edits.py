import pytest

from igny8.core.editing import BusyError
from igny8.core.errors import UserError
from igny8.planner.cluster_edits import lock_cluster, merge_cluster, split_cluster, unlock_cluster
from igny8.planner.models import Cluster, ContentIdea, Keyword
from igny8.sites.models import Site
from igny8.sites.trash import restore
from tests.factories import make_cluster, make_idea, make_mapped_keyword, make_site, make_task

pytestmark = pytest.mark.django_db

MAPPED, NEW = Cluster.Status.MAPPED, Cluster.Status.NEW


@pytest.fixture
def site() -> Site:
    return make_site()


@pytest.fixture
def hoes(site: Site) -> Cluster:
    return make_cluster(site, "Garden Hoes", status=MAPPED)


@pytest.fixture
def rakes(site: Site) -> Cluster:
    return make_cluster(site, "Rakes", status=MAPPED)


def place(keyword: Keyword) -> tuple[int | None, int | None, int | None, str]:
    keyword.refresh_from_db()
    return keyword.cluster_id, keyword.page, keyword.idea_id, keyword.role


def status(cluster: Cluster) -> str:
    cluster.refresh_from_db()
    return str(cluster.status)


def test_a_merged_clusters_pages_come_after_the_others_with_their_ideas(
    hoes: Cluster, rakes: Cluster
) -> None:
    kept = make_mapped_keyword(rakes, idea=make_idea(rakes))
    ideas = [make_idea(hoes, page=page) for page in (1, 2)]
    keywords = [make_mapped_keyword(hoes, page=idea.page, idea=idea) for idea in ideas]
    before = place(kept)

    merge_cluster(hoes, into=rakes, by="ann")

    places = [place(keyword) for keyword in keywords]
    assert place(kept) == before
    assert [(cluster, idea, role) for cluster, _, idea, role in places] == [
        (rakes.pk, idea.pk, "primary") for idea in ideas
    ]
    assert len({1, *(page for _, page, _, _ in places)}) == 3
    assert list(ContentIdea.objects.filter(pk__in=[i.pk for i in ideas]).values_list("page")) == [
        (page,) for _, page, _, _ in places
    ]
    assert status(rakes) == MAPPED
    assert not Cluster.objects.filter(pk=hoes.pk).exists()


def test_a_cluster_awaits_ideas_when_one_that_did_is_merged_into_it(
    site: Site, rakes: Cluster
) -> None:
    waiting = make_cluster(site)
    make_mapped_keyword(waiting)

    merge_cluster(waiting, into=rakes, by="ann")

    assert status(rakes) == NEW


def test_a_merge_is_undone_from_the_trash(hoes: Cluster, rakes: Cluster) -> None:
    idea = make_idea(hoes, page=2)
    keywords = [make_mapped_keyword(hoes), make_mapped_keyword(hoes, page=2, idea=idea)]
    before = [place(keyword) for keyword in keywords]

    restore(merge_cluster(hoes, into=rakes, by="ann"))

    assert [place(keyword) for keyword in keywords] == before
    idea.refresh_from_db()
    assert (idea.cluster, idea.page) == (hoes, 2)
    assert status(hoes) == MAPPED


def test_a_cluster_with_planned_ideas_can_be_merged(hoes: Cluster, rakes: Cluster) -> None:
    task = make_task(make_idea(hoes))

    merge_cluster(hoes, into=rakes, by="ann")

    task.refresh_from_db()
    assert task.idea.cluster == rakes


def test_a_cluster_is_not_merged_into_itself_or_into_another_sites(hoes: Cluster) -> None:
    for other in (hoes, make_cluster(make_site())):
        with pytest.raises(UserError, match="removed meanwhile"):
            merge_cluster(hoes, into=other, by="ann")

    assert Cluster.objects.filter(pk=hoes.pk).exists()


@pytest.mark.parametrize("held", ["hoes", "rakes", "idea", "keyword"])
def test_nothing_is_merged_while_a_run_works_on_it(
    hoes: Cluster, rakes: Cluster, held: str
) -> None:
    idea = make_idea(hoes)
    keyword = make_mapped_keyword(hoes, idea=idea)
    row = {"hoes": hoes, "rakes": rakes, "idea": idea, "keyword": keyword}[held]
    type(row)._default_manager.filter(pk=row.pk).update(held_by="run:12")

    with pytest.raises(BusyError):
        merge_cluster(hoes, into=rakes, by="ann")

    assert place(keyword)[0] == hoes.pk


def test_a_page_that_goes_whole_takes_its_idea_along(site: Site, hoes: Cluster) -> None:
    stays = make_mapped_keyword(hoes, idea=make_idea(hoes))
    idea = make_idea(hoes, page=2)
    goes = [make_mapped_keyword(hoes, page=2, idea=idea) for _ in range(2)]

    made = split_cluster(hoes, [one.pk for one in goes], name=" Dutch  Hoes ")

    assert (made.name, made.name_is_provisional, status(made)) == ("Dutch Hoes", False, MAPPED)
    assert [place(one) for one in goes] == [
        (made.pk, 2, idea.pk, "primary"),
        (made.pk, 2, idea.pk, "secondary"),
    ]
    idea.refresh_from_db()
    assert idea.cluster == made
    assert place(stays)[0] == hoes.pk


def test_of_a_page_that_is_parted_the_idea_stays_and_gets_another_primary_keyword(
    hoes: Cluster,
) -> None:
    idea = make_idea(hoes)
    first, second = (make_mapped_keyword(hoes, idea=idea) for _ in range(2))

    made = split_cluster(hoes, [first.pk], name="Dutch Hoes")

    assert place(first) == (made.pk, 1, None, "")
    assert place(second) == (hoes.pk, 1, idea.pk, "primary")
    assert (status(made), status(hoes)) == (NEW, MAPPED)


def test_some_keywords_go_and_some_stay(site: Site, hoes: Cluster, rakes: Cluster) -> None:
    own, foreign = make_mapped_keyword(hoes), make_mapped_keyword(rakes)

    with pytest.raises(UserError, match="Leave at least one keyword in “Garden Hoes”"):
        split_cluster(hoes, [own.pk], name="Dutch Hoes")
    for none in ([], [foreign.pk]):
        with pytest.raises(UserError, match="Choose the keywords"):
            split_cluster(hoes, none, name="Dutch Hoes")


@pytest.mark.parametrize(
    ("name", "complaint"), [("rakes", "“rakes” already"), (" ", "1 to 120 characters")]
)
def test_the_new_cluster_needs_a_name_of_its_own(
    hoes: Cluster, rakes: Cluster, name: str, complaint: str
) -> None:
    first, _ = (make_mapped_keyword(hoes) for _ in range(2))

    with pytest.raises(UserError, match=complaint):
        split_cluster(hoes, [first.pk], name=name)

    assert place(first)[0] == hoes.pk
    assert Cluster.objects.count() == 2


def test_a_cluster_is_locked_and_unlocked(hoes: Cluster) -> None:
    lock_cluster(hoes)
    hoes.refresh_from_db()
    assert hoes.locked

    unlock_cluster(hoes)
    hoes.refresh_from_db()
    assert not hoes.locked
