"""What decides on clusters in a run, and what does not."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from igny8.ai import ask
from igny8.ai.models import AIConnection
from igny8.ai.providers import PROVIDERS, Reply, Request
from igny8.automation.models import AutomationRun
from igny8.automation.runs import start_run
from igny8.planner.functions.auto_cluster import NamedGroup, Names, NamesQuestion
from igny8.planner.models import Cluster, Keyword
from igny8.sites.models import Site
from tests.automation.world import Watched, site_with
from tests.clustering.garden import GARDEN

pytestmark = pytest.mark.django_db
Drive = Callable[[AutomationRun], AutomationRun]


@dataclass
class Namer(Watched):
    """Finds another name and intent for every group."""

    def reply(self, connection: AIConnection, request: Request) -> Reply:
        question = request.question
        if not isinstance(question, NamesQuestion):
            return super().reply(connection, request)
        names = Names(
            groups=[
                NamedGroup(id=group.id, name=f"All About {group.name}"[:60], intent="navigational")
                for group in question.groups
            ]
        )
        return Reply(raw=request.function.dump(names), model="namer")


def together(site: Site) -> set[frozenset[str]]:
    """Which keywords share a page of which cluster."""
    places: dict[tuple[int | None, int | None], set[str]] = {}
    for keyword in Keyword.objects.filter(site=site):
        places.setdefault((keyword.cluster_id, keyword.page), set()).add(keyword.keyword)
    return {frozenset(texts) for texts in places.values()}


def test_a_model_gives_names_and_intents_and_never_decides_who_belongs_together(
    provider: Watched, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_rule = site_with(list(GARDEN))
    drive(start_run(by_rule, stop_after=1))
    named = site_with(list(GARDEN), slug="named")
    monkeypatch.setattr(ask, "PROVIDERS", {**PROVIDERS, AIConnection.Kind.SAMPLE: Namer()})

    drive(start_run(named, stop_after=1))

    assert together(named) == together(by_rule)
    assert {cluster.name for cluster in named.clusters.all()} == {
        f"All About {cluster.name}" for cluster in by_rule.clusters.all()
    }
    assert set(named.clusters.values_list("intent", flat=True)) == {"navigational"}


@pytest.mark.parametrize("size", [1, 7, 200])
def test_the_size_of_the_batches_does_not_matter(
    provider: Watched, drive: Drive, size: int
) -> None:
    usual = site_with(list(GARDEN))
    drive(start_run(usual, stop_after=1))
    other = site_with(list(GARDEN), slug="other", stage_1_batch_size=size)

    drive(start_run(other, stop_after=1))

    assert together(other) == together(usual)
    assert other.clusters.count() == usual.clusters.count()


def test_a_run_takes_the_granularity_of_its_site(provider: Watched, drive: Drive) -> None:
    counts = []
    for granularity in ("broad", "balanced", "fine"):
        site = site_with(list(GARDEN), slug=granularity)
        Site.objects.filter(pk=site.pk).update(granularity=granularity)
        drive(start_run(site, stop_after=1))
        counts.append(Cluster.objects.filter(site=site).count())

    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_a_finer_granularity_later_moves_nothing(provider: Watched, drive: Drive) -> None:
    site = site_with(list(GARDEN))
    drive(start_run(site, stop_after=1))
    before = together(site)
    Site.objects.update(granularity="fine")

    drive(start_run(site, stop_after=1))

    assert together(site) == before
