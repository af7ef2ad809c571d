"""What edits of keywords and clusters share: pages, ideas and who leads them."""

from collections.abc import Iterable, Sequence

from django.db.models import F, Max

from igny8.core import clock
from igny8.core.editing import lock_for_edit
from igny8.core.models import WorkedQuerySet
from igny8.planner.models import Cluster, Keyword
from igny8.sites.models import Site

# A run that is under way has planned its new pages right after a cluster's last one.
PAGES_LEFT_TO_RUNS = 10_000


def locked_keywords(
    site: Site, ids: Sequence[int], allowed: Sequence[Keyword.Status]
) -> WorkedQuerySet[Keyword]:
    wanted = Keyword.objects.filter(site=site, pk__in=ids, status__in=allowed)
    return Keyword.objects.filter(pk__in=lock_for_edit(wanted))


def free_page(cluster: Cluster) -> int:
    """A number after the last page, and after those that a run may be about to add."""
    of_keywords = cluster.keywords.aggregate(last=Max("page"))["last"]
    of_ideas = cluster.ideas.aggregate(last=Max("page"))["last"]
    return max(of_keywords or 0, of_ideas or 0) + PAGES_LEFT_TO_RUNS


def reopen(clusters: WorkedQuerySet[Cluster]) -> None:
    mapped = clusters.filter(status=Cluster.Status.MAPPED)
    mapped.update(status=Cluster.Status.NEW, updated_at=clock.now())


def ideas_led_by(keywords: WorkedQuerySet[Keyword]) -> list[int | None]:
    leading = keywords.filter(role=Keyword.Role.PRIMARY)
    return list(leading.values_list("idea_id", flat=True))


def give_primary(ideas: Iterable[int | None]) -> None:
    """Ideas that lost their primary keyword get the most wanted of those they have left."""
    for idea in ideas:
        left = Keyword.objects.filter(idea=idea)
        heir = left.order_by(F("volume").desc(nulls_last=True), "pk").first()
        if heir is not None:
            left.filter(pk=heir.pk).update(role=Keyword.Role.PRIMARY, updated_at=clock.now())
