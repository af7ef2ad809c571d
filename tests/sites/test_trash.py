from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import ProtectedError, QuerySet

from igny8.core.clock import ManualClock
from igny8.core.errors import UserError
from igny8.planner.models import Cluster, ContentIdea, Keyword
from igny8.sites.models import ContentTaxonomy, Site, Trash
from igny8.sites.trash import Change, move_to_trash, purge, restore
from igny8.writer.models import Content
from tests.factories import (
    make_cluster,
    make_content,
    make_idea,
    make_image,
    make_keyword,
    make_mapped_keyword,
    make_site,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return make_site()


def throw(site: Site, *rows: QuerySet[Any], files: tuple[str, ...] = ()) -> Trash:
    return move_to_trash(site, kind="test", title="Old things", by="ann", rows=rows, files=files)


def test_rows_come_back_with_every_column_as_it_was(site: Site) -> None:
    keyword = make_keyword(site, "größe « ☂")
    Keyword.objects.update(
        volume=10**12,
        difficulty=0.1 + 0.2,
        intents=["informational", None],
        parked_at=datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC),
    )
    [before] = Keyword.objects.values()

    trash = throw(site, Keyword.objects.filter(pk=keyword.pk))
    assert not Keyword.objects.exists()
    trash.refresh_from_db()
    restore(trash)

    assert list(Keyword.objects.values()) == [before]


def test_rows_that_refer_to_each_other_go_and_come_back_together(site: Site) -> None:
    cluster = make_cluster(site)
    make_idea(cluster)
    make_idea(cluster, page=2)

    trash = throw(site, Cluster.objects.all(), ContentIdea.objects.all())
    assert not ContentIdea.objects.exists()
    restore(trash)

    assert list(ContentIdea.objects.values_list("cluster", "page")) == [
        (cluster.pk, 1),
        (cluster.pk, 2),
    ]


def test_what_is_restored_is_no_longer_in_the_trash(site: Site) -> None:
    make_keyword(site)
    trash = throw(site, Keyword.objects.all())
    restore(trash)

    with pytest.raises(UserError, match="“Old things” is no longer in the Trash"):
        restore(trash)

    assert Keyword.objects.count() == 1


def test_a_place_that_is_taken_is_not_taken_back(site: Site) -> None:
    make_keyword(site, "sharp hoe")
    make_keyword(site, "blunt hoe")
    trash = throw(site, Keyword.objects.all())
    make_keyword(site, "sharp hoe")

    with pytest.raises(UserError, match=r"another keyword has taken its place\. Remove that one"):
        restore(trash)

    assert Keyword.objects.count() == 1
    assert Trash.objects.count() == 1


def test_a_reference_that_may_be_empty_is_so_when_what_it_named_is_gone(site: Site) -> None:
    taxonomy = ContentTaxonomy.objects.create(site=site, name="Tools", slug="tools")
    idea = make_idea(make_cluster(site))
    ContentIdea.objects.update(taxonomy=taxonomy)
    trash = throw(site, ContentIdea.objects.all())
    taxonomy.delete()

    restore(trash)

    idea.refresh_from_db()
    assert idea.taxonomy is None


def test_nothing_goes_that_would_not_come_back(site: Site) -> None:
    make_image(make_content(site))

    with pytest.raises(ProtectedError, match="would be lost"):
        throw(site, Content.objects.all())

    assert Content.objects.exists()
    assert not Trash.objects.exists()


def test_a_change_is_undone_only_where_it_still_holds(site: Site, clock: ManualClock) -> None:
    cluster = make_cluster(site)
    same, moved, held = (make_mapped_keyword(cluster) for _ in range(3))
    nowhere = {"status": "new", "cluster_id": None, "page": None}
    trash = move_to_trash(
        site,
        kind="test",
        title="A cluster",
        by="ann",
        rows=[Cluster.objects.all()],
        changes=[Change(rows=Keyword.objects.filter(cluster=cluster), values=nowhere)],
    )
    Keyword.objects.filter(pk=moved.pk).update(status=Keyword.Status.IGNORED)
    Keyword.objects.filter(pk=held.pk).update(held_by="run:3")
    clock.time = datetime(2031, 1, 1, tzinfo=UTC)

    restore(trash)

    statuses = Keyword.objects.order_by("pk").values_list("status", "cluster")
    assert list(statuses) == [("mapped", cluster.pk), ("ignored", None), ("new", None)]
    same.refresh_from_db()
    assert same.updated_at == clock.time


def test_a_purge_names_the_files_that_nothing_else_in_the_trash_needs(site: Site) -> None:
    make_keyword(site)
    first = throw(site, Keyword.objects.all(), files=("a.webp", "b.webp", ""))
    second = throw(site, Keyword.objects.all(), files=("b.webp",))

    assert purge(first) == ["a.webp"]
    assert purge(second) == ["b.webp"]
    assert not Trash.objects.exists()


def test_long_titles_are_cut_to_their_column(site: Site) -> None:
    trash = move_to_trash(site, kind="test", title="x" * 300, by="ann", rows=[])

    assert len(trash.title) == 255
