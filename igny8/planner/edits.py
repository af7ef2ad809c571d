"""What people change in the planner, also while runs work: each verb is one short transaction.

A row that a run works on is not changed: every verb raises BusyError, and nothing has happened.
"""

from collections.abc import Sequence
from typing import Any, Literal

from django.db import transaction

from igny8.core import clock
from igny8.core.editing import lock_for_edit, lock_one_for_edit
from igny8.core.errors import UserError
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
from igny8.sites.models import Site, Trash
from igny8.sites.trash import Change, move_to_trash

WITHOUT_IDEA = {"idea_id": None, "role": ""}
Status = Keyword.Status
Unplaced = Literal[Keyword.Status.NEW, Keyword.Status.IGNORED]
Kept = Literal[Keyword.Status.MAPPED, Keyword.Status.IGNORED]


def ignore_keywords(site: Site, ids: Sequence[int]) -> int:
    """They leave the pipeline, and their cluster if they have one; returns how many."""
    return _take_out(site, ids, (Status.NEW, Status.MAPPED), Status.IGNORED)


def restore_keywords(site: Site, ids: Sequence[int]) -> int:
    """Ignored ones wait for a cluster again; returns how many."""
    return _take_out(site, ids, (Status.IGNORED,), Status.NEW)


def move_keywords(site: Site, ids: Sequence[int], *, to: Cluster, page: int | None = None) -> int:
    """They become one page of that cluster, a new one unless it is named; returns how many.

    On the page of an idea they join it as secondary keywords, else the cluster awaits ideas.
    """
    with transaction.atomic():
        target = Cluster.objects.filter(site=site, pk=to.pk)
        lock_one_for_edit(target)
        rows = locked_keywords(site, ids, tuple(Status))
        left = ideas_led_by(rows)
        unpark(rows, site.pk)
        page = page or free_page(to)
        idea = ContentIdea.objects.filter(cluster=to, page=page).first()
        moved = rows.update(
            status=Status.MAPPED,
            cluster=to,
            page=page,
            similarity=None,
            idea=idea,
            role=Keyword.Role.SECONDARY if idea else "",
            updated_at=clock.now(),
        )
        give_primary(left)
        if moved and idea is None:
            unpark(target, site.pk)
            reopen(target)
    return moved


def rename_cluster(cluster: Cluster, name: str) -> None:
    """A name that a person chose is not provisional any more, and no run changes it."""
    name = checked_name(name)
    with name_taken(name), transaction.atomic():
        rows = Cluster.objects.filter(pk=cluster.pk)
        lock_one_for_edit(rows)
        unpark(rows, cluster.site_id)
        rows.update(
            name=name, name_folded=same(name), name_is_provisional=False, updated_at=clock.now()
        )


def delete_cluster(
    cluster: Cluster, *, by: str, keywords_become: Unplaced = Keyword.Status.NEW
) -> Trash:
    """The cluster and its ideas go to Trash, its keywords turn `new` or `ignored`."""
    with transaction.atomic():
        rows = Cluster.objects.filter(pk=cluster.pk)
        ideas = ContentIdea.objects.filter(cluster=cluster)
        keywords = Keyword.objects.filter(cluster=cluster)
        lock_one_for_edit(rows)
        lock_for_edit(ideas)
        lock_for_edit(keywords)
        if planned := ideas.exclude(task=None).count():
            raise UserError(
                f"{planned} of the ideas of “{cluster.name}” have a task or an article; "
                "move those to Trash first."
            )
        return move_to_trash(
            cluster.site,
            kind="cluster",
            title=cluster.name,
            by=by,
            rows=[rows, ideas],
            changes=[Change(rows=keywords, values=_without_place(keywords_become))],
        )


def delete_idea(
    idea: ContentIdea, *, by: str, keywords_become: Kept = Keyword.Status.MAPPED
) -> Trash:
    """The idea goes to Trash. Its keywords stay `mapped`, and their cluster awaits another idea;
    or they turn `ignored`, so that no run makes one."""
    with transaction.atomic():
        rows = ContentIdea.objects.filter(pk=idea.pk)
        cluster = Cluster.objects.filter(pk=idea.cluster_id)
        keywords = Keyword.objects.filter(cluster=idea.cluster_id, page=idea.page)
        lock_one_for_edit(cluster)
        lock_one_for_edit(rows)
        lock_for_edit(keywords)
        if rows.exclude(task=None).exists():
            raise UserError(f"“{idea.title}” has a task or an article; move that to Trash first.")
        stay = keywords_become == Status.MAPPED
        values = WITHOUT_IDEA if stay else _without_place(keywords_become)
        trash = move_to_trash(
            idea.site,
            kind="idea",
            title=idea.title,
            by=by,
            rows=[rows],
            changes=[Change(rows=keywords, values=values)],
        )
        if keywords.exists():
            reopen(cluster)
    return trash


def _take_out(
    site: Site, ids: Sequence[int], allowed: Sequence[Keyword.Status], becomes: Unplaced
) -> int:
    with transaction.atomic():
        rows = locked_keywords(site, ids, allowed)
        left = ideas_led_by(rows)
        unpark(rows, site.pk)
        taken = rows.update(**_without_place(becomes), updated_at=clock.now())
        give_primary(left)
    return taken


def _without_place(status: Keyword.Status) -> dict[str, Any]:
    nowhere = {"cluster_id": None, "page": None, "similarity": None}
    return {"status": status.value, **nowhere, **WITHOUT_IDEA}
