"""Grouping a site's new keywords once, over the whole queue, before the first batch."""

from collections.abc import Iterator, Sequence
from typing import Any

from igny8.ai.ask import Ask
from igny8.ai.operation import Planned
from igny8.clustering import Granularity, Grouping, Phrase, Placed, Topic, group
from igny8.clustering.embedding import PackagedEmbedder
from igny8.planner.functions.embed_keywords import EndpointEmbedder, endpoint_embedder
from igny8.planner.models import GroupingMemory, Keyword
from igny8.sites.models import Site

NAMED_AFTER = 30


def plan_grouping(site: Site, ids: Sequence[int], ask: Ask) -> list[Planned]:
    """The keywords in the order of their groups, the most wanted first; no keyword that already
    has its place moves.

    With an endpoint's vectors all or nothing is planned: `ask` raises Halted, NotBefore or Stop.
    """
    phrases = _phrases(site, ids)
    grouping = _grouping(site, phrases, _embedder(site, ask))
    _remember(site, grouping)
    texts = {phrase.id: phrase.text for phrase in phrases}
    return [p for number, topic in enumerate(grouping.topics) for p in _plan(topic, number, texts)]


def group_waiting(site: Site, ids: Sequence[int]) -> Grouping:
    """The groups these keywords would form, with the vectors that are built in; nothing is kept."""
    return _grouping(site, _phrases(site, ids), None)


def _grouping(site: Site, phrases: list[Phrase], embedder: EndpointEmbedder | None) -> Grouping:
    return group(
        phrases,
        _placed(site),
        granularity=Granularity(site.granularity),
        taken_names=frozenset(site.clusters.values_list("name", flat=True)),
        brands=frozenset(site.brands),
        mean=_remembered_mean(site, embedder),
        embedder=embedder,
    )


def _embedder(site: Site, ask: Ask) -> EndpointEmbedder | None:
    """None for the vectors that are built in."""
    if site.embeddings == Site.Embeddings.BUILT_IN:
        return None
    return endpoint_embedder(site, ask)


def _remembered_mean(site: Site, embedder: EndpointEmbedder | None) -> bytes | None:
    """The mean of another model's vectors says nothing about these."""
    wanted = embedder.id if embedder else PackagedEmbedder.id
    memory = GroupingMemory.objects.filter(site=site, embedder=wanted).first()
    return bytes(memory.mean) if memory else None


def _phrases(site: Site, ids: Sequence[int]) -> list[Phrase]:
    wanted = set(ids)
    rows = Keyword.objects.filter(site=site, status=Keyword.Status.NEW).values_list(
        "pk", "keyword", "volume", "volume_max", "intents"
    )
    return [
        Phrase(id=pk, text=text, volume=volume or upper, intents=tuple(intents))
        for pk, text, volume, upper, intents in rows.order_by("pk")
        if pk in wanted
    ]


def _placed(site: Site) -> list[Placed]:
    rows = Keyword.objects.filter(site=site, status=Keyword.Status.MAPPED, cluster__locked=False)
    values = rows.order_by("pk").values_list("pk", "keyword", "cluster_id", "page", "volume")
    return [
        Placed(id=pk, text=text, cluster=cluster, page=page, volume=volume)
        for pk, text, cluster, page, volume in values
        if cluster is not None and page is not None
    ]


def _remember(site: Site, grouping: Grouping) -> None:
    """The mean changes when a site has grown to twice its size."""
    GroupingMemory.objects.update_or_create(
        site=site, defaults={"embedder": grouping.embedder, "mean": grouping.mean}
    )


def _plan(topic: Topic, number: int, texts: dict[int, str]) -> Iterator[Planned]:
    name = f"cluster:{topic.cluster}" if topic.cluster else f"new:{number + 1}"
    for place, member in enumerate(topic.members):
        plan: dict[str, Any] = {
            "group": name,
            "cluster": topic.cluster,
            "page": member.page,
            "similarity": member.similarity,
            "name": topic.name,
            "provisional": topic.provisional,
            "intent": str(topic.intent),
            "confidence": topic.confidence,
        }
        if place == 0:
            plan["keywords"] = [texts[m.id][:120] for m in topic.members[:NAMED_AFTER]]
        yield Planned(row_id=member.id, group=name, plan=plan)
