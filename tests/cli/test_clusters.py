"""`igny8 clusters`: a person's hand on what the grouping made."""

import json

import pytest

from igny8.planner.models import Cluster, Keyword
from igny8.sites.models import Site
from tests.automation.world import cluster_of, site_with
from tests.cli.conftest import Command

HERBS, ROSES = "Herbs", "Roses"


@pytest.fixture
def grouped(db: None) -> Site:
    site = site_with([])
    cluster_of(site, HERBS, pages=[["mint tea", "fresh mint tea"], ["dry basil"]])
    cluster_of(site, ROSES, pages=[["prune roses"]])
    return site


def names(site: Site, cluster: str) -> set[str]:
    return set(
        Keyword.objects.filter(site=site, cluster__name=cluster).values_list("keyword", flat=True)
    )


def test_the_list_is_largest_first(igny8: Command, grouped: Site) -> None:
    told = json.loads(igny8("clusters", "list", "--site", grouped.slug, "--json").stdout)

    assert [(row["cluster"], row["keywords"]) for row in told] == [(HERBS, 3), (ROSES, 1)]


def test_the_table_names_each_cluster(igny8: Command, grouped: Site) -> None:
    told = igny8("clusters", "list", "--site", grouped.slug).stdout

    assert HERBS in told
    assert ROSES in told


def test_a_cluster_is_shown_page_by_page(igny8: Command, grouped: Site) -> None:
    told = igny8("clusters", "show", "herbs", "--site", grouped.slug).stdout

    assert told.count("Page ") == 2
    assert "mint tea" in told


def test_a_cluster_is_renamed_by_its_name_in_any_case(igny8: Command, grouped: Site) -> None:
    result = igny8("clusters", "rename", "HERBS", "Kitchen herbs", "--site", grouped.slug)

    assert result.exit_code == 0
    assert len(names(grouped, "Kitchen herbs")) == 3


def test_keywords_move_to_another_cluster(igny8: Command, grouped: Site) -> None:
    result = igny8("clusters", "move", "dry basil", "--to", ROSES, "--site", grouped.slug)

    assert result.stdout == "1 keyword moved to “Roses”.\n"
    assert names(grouped, ROSES) == {"prune roses", "dry basil"}


def test_a_cluster_is_merged_into_another(igny8: Command, grouped: Site) -> None:
    igny8("clusters", "merge", ROSES, "--into", HERBS, "--site", grouped.slug)

    assert len(names(grouped, HERBS)) == 4
    assert not Cluster.objects.filter(site=grouped, name=ROSES).exists()


def test_a_cluster_is_not_merged_into_itself(igny8: Command, grouped: Site) -> None:
    result = igny8("clusters", "merge", HERBS, "--into", "herbs", "--site", grouped.slug)

    assert result.exit_code == 2
    assert len(names(grouped, HERBS)) == 3


def test_keywords_are_split_off(igny8: Command, grouped: Site) -> None:
    words = ("clusters", "split", HERBS, "dry basil", "--as", "Basil", "--site", grouped.slug)

    assert igny8(*words).stdout == "“Basil” has 1 keyword of “Herbs”.\n"
    assert names(grouped, "Basil") == {"dry basil"}


def test_a_cluster_is_locked_and_unlocked(igny8: Command, grouped: Site) -> None:
    igny8("clusters", "lock", HERBS, "--site", grouped.slug)
    assert Cluster.objects.get(name=HERBS).locked
    igny8("clusters", "unlock", HERBS, "--site", grouped.slug)
    assert not Cluster.objects.get(name=HERBS).locked


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show", "Tulips"), "has no cluster “Tulips”. See them: igny8 clusters list"),
        (("move", "oak", "--to", HERBS), "has no keyword “oak”."),
    ],
)
def test_what_is_not_there_is_named(
    igny8: Command, grouped: Site, words: tuple[str, ...], sentence: str
) -> None:
    result = igny8("clusters", *words, "--site", grouped.slug)

    assert result.exit_code == 2
    assert sentence in " ".join(result.stderr.split())
