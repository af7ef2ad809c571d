"""What grouping would make of the keywords that wait, seen beforehand; nothing is stored."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from igny8.clustering import Topic
from igny8.planner.grouping import group_waiting
from igny8.planner.models import Cluster, ContentIdea, Keyword
from igny8.sites.models import Site

KEYWORDS_AT_MOST, MAPPED_AT_MOST, CLUSTERS_AT_MOST = 1000, 2000, 2000


@dataclass(frozen=True, kw_only=True)
class Lookahead:
    """`clusters` that the waiting keywords open or reopen, `namings` the batches in which clusters
    get their names, `ideas` of those clusters and of the ones that wait; None where there are too
    many rows to look at."""

    clusters: int | None
    namings: int | None
    ideas: int | None


def look_ahead(site: Site, *, ideas_per_cluster: int, batch_size: int) -> Lookahead:
    """As stages 1 and 2 will find them, if nothing arrives meanwhile."""
    waiting = _pages_waiting(site)
    topics = _topics(site)
    if topics is None:
        return Lookahead(clusters=None, namings=None, ideas=None)
    known = set(waiting or ())
    pages = {name: number for name, number in _pages_of(topics, site) if name not in known}
    ideas = None
    if waiting is not None:
        every = [*pages.values(), *waiting.values()]
        ideas = sum(min(number, ideas_per_cluster) for number in every)
    return Lookahead(clusters=len(pages), namings=_namings(topics, batch_size), ideas=ideas)


def _topics(site: Site) -> list[Topic] | None:
    """None for many keywords, and where vectors would have to be asked for."""
    queue = Keyword.objects.awaiting_cluster().filter(site=site).free()
    ids = list(queue.order_by("pk").values_list("pk", flat=True)[: KEYWORDS_AT_MOST + 1])
    if not ids:
        return []
    mapped = Keyword.objects.filter(site=site, status=Keyword.Status.MAPPED)
    is_much = len(ids) > KEYWORDS_AT_MOST or mapped.count() > MAPPED_AT_MOST
    if is_much or site.embeddings != Site.Embeddings.BUILT_IN:
        return None
    return list(group_waiting(site, ids).topics)


def _pages_of(topics: list[Topic], site: Site) -> Iterator[tuple[int | str, int]]:
    """Cluster, or a new one, and how many of its pages no idea covers yet."""
    reached = [topic.cluster for topic in topics if topic.cluster is not None]
    covered = _covered(site, reached)
    for number, topic in enumerate(topics):
        pages = {member.page for member in topic.members}
        if topic.cluster is None:
            yield f"new:{number}", len(pages)
        elif uncovered := pages - covered[topic.cluster]:
            yield topic.cluster, len(uncovered)


def _pages_waiting(site: Site) -> dict[int, int] | None:
    """Clusters that wait for ideas, and how many of their pages no idea covers yet."""
    queue = Cluster.objects.awaiting_ideas().filter(site=site).free()
    ids = list(queue.order_by("pk").values_list("pk", flat=True)[: CLUSTERS_AT_MOST + 1])
    if len(ids) > CLUSTERS_AT_MOST:
        return None
    covered, found = _covered(site, ids), defaultdict[int, set[int]](set)
    mapped = Keyword.objects.filter(site=site, cluster__in=ids, page__isnull=False)
    for cluster, page in mapped.values_list("cluster", "page").distinct():
        found[cluster or 0].add(page or 0)
    return {pk: len(found[pk] - covered[pk]) for pk in ids}


def _covered(site: Site, clusters: list[int]) -> Mapping[int, set[int]]:
    found = defaultdict[int, set[int]](set)
    ideas = ContentIdea.objects.filter(site=site, cluster__in=clusters)
    for cluster, page in ideas.values_list("cluster", "page"):
        found[cluster].add(page)
    return found


def _namings(topics: list[Topic], batch_size: int) -> int:
    """Batches that touch a new group first; the queue is worked on in the order of its groups."""
    batches, position = set(), 0
    for topic in topics:
        if topic.cluster is None:
            batches.add(position // batch_size)
        position += len(topic.members)
    return len(batches)
