"""What people do to clusters as a whole; each verb is one short transaction.

Runs never move a keyword that has its place, so what is done here stays done. A cluster, idea or
keyword that a run works on is not changed: every verb raises BusyError.
"""

from collections.abc import Iterator, Sequence

from django.db import transaction

from igny8.core import clock
from igny8.core.editing import lock_for_edit, lock_one_for_edit
from igny8.core.errors import UserError
from igny8.core.models import WorkedQuerySet
from igny8.planner.models import Cluster, ContentIdea, Keyword
from igny8.planner.names import checked_name, name_taken
from igny8.planner.places import (
    free_page,
    give_primary,
    ideas_led_by,
    locked_keywords,
    reopen,
)
from igny8.planner.plain import same
from igny8.planner.unparking import unpark
from igny8.sites.models import Trash
from igny8.sites.trash import Change, move_to_trash

Status = Cluster.Status


def lock_cluster(cluster: Cluster) -> None:
    """No run gives it a keyword from now on; its ideas are made as before."""
    _set_locked(cluster, locked=True)


def unlock_cluster(cluster: Cluster) -> None:
    _set_locked(cluster, locked=False)


def merge_cluster(cluster: Cluster, *, into: Cluster, by: str) -> Trash:
    """Its keywords and ideas become pages of the other cluster, page by page; it goes to Trash."""
    with transaction.atomic():
        rows = Cluster.objects.filter(pk=cluster.pk)
        target = Cluster.objects.filter(site=cluster.site_id, pk=into.pk).exclude(pk=cluster.pk)
        lock_one_for_edit(rows)
        lock_one_for_edit(target)
        lock_for_edit(ContentIdea.objects.filter(cluster=cluster))
        lock_for_edit(Keyword.objects.filter(cluster=cluster))
        awaits_ideas = rows.filter(status=Status.NEW).exists()
        trash = move_to_trash(
            cluster.site,
            kind="cluster",
            title=cluster.name,
            by=by,
            rows=[rows],
            changes=list(_page_by_page(cluster, into)),
        )
        if awaits_ideas:
            reopen(target)
    return trash


def split_cluster(cluster: Cluster, ids: Sequence[int], *, name: str) -> Cluster:
    """These keywords of it become a cluster of their own.

    A page that goes whole takes its idea along; of a page that is parted the idea stays.
    """
    with transaction.atomic():
        lock_one_for_edit(Cluster.objects.filter(pk=cluster.pk))
        chosen = locked_keywords(cluster.site, ids, (Keyword.Status.MAPPED,)).filter(
            cluster=cluster
        )
        _refuse_all_or_none(cluster, chosen)
        made = _named(Cluster(site=cluster.site, intent=cluster.intent), name)
        unpark(chosen, cluster.site_id)
        for page in set(filter(None, chosen.values_list("page", flat=True))):
            _move_page(cluster, page, chosen.filter(page=page), made)
        if not made.keywords.filter(idea=None).exists():
            made.status = Status.MAPPED
            made.save(update_fields=("status", "updated_at"))
    return made


def _set_locked(cluster: Cluster, *, locked: bool) -> None:
    with transaction.atomic():
        rows = Cluster.objects.filter(pk=cluster.pk)
        lock_one_for_edit(rows)
        rows.update(locked=locked, updated_at=clock.now())


def _page_by_page(cluster: Cluster, into: Cluster) -> Iterator[Change]:
    """Each page under a number that is free in the other cluster."""
    keywords = Keyword.objects.filter(cluster=cluster)
    ideas = ContentIdea.objects.filter(cluster=cluster)
    pages = {*keywords.values_list("page", flat=True), *ideas.values_list("page", flat=True)}
    for number, page in enumerate(sorted(filter(None, pages)), free_page(into)):
        place = {"cluster_id": into.pk, "page": number}
        yield Change(rows=ideas.filter(page=page), values=place)
        yield Change(rows=keywords.filter(page=page), values={**place, "similarity": None})


def _refuse_all_or_none(cluster: Cluster, chosen: WorkedQuerySet[Keyword]) -> None:
    if not chosen.exists():
        raise UserError(f"Choose the keywords of “{cluster.name}” that are to go.")
    if chosen.count() == cluster.keywords.count():
        raise UserError(f"Leave at least one keyword in “{cluster.name}”, or rename it.")


def _move_page(cluster: Cluster, page: int, chosen: WorkedQuerySet[Keyword], to: Cluster) -> None:
    ideas = ContentIdea.objects.filter(cluster=cluster, page=page)
    place = {"cluster": to, "similarity": None, "updated_at": clock.now()}
    if chosen.count() == cluster.keywords.filter(page=page).count():
        lock_for_edit(ideas)
        ideas.update(cluster=to, updated_at=clock.now())
        chosen.update(**place)
        return
    left = ideas_led_by(chosen)
    chosen.update(**place, idea=None, role="")
    give_primary(left)


def _named(cluster: Cluster, name: str) -> Cluster:
    """The new cluster, stored under a name of its own."""
    cluster.name = checked_name(name)
    cluster.name_folded = same(name)
    with name_taken(cluster.name), transaction.atomic():
        cluster.save(force_insert=True)
    return cluster
