"""Naming the groups of keywords that stage 1 found."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from igny8.ai.functions import AIFunction, Answer, Question
from igny8.ai.operation import Batch, Operation, Outcome, Plan
from igny8.core import clock
from igny8.planner.grouping import plan_grouping
from igny8.planner.models import Cluster, ContentIdea, Keyword
from igny8.planner.plain import Plain, plain, same, shortened

Intent = Literal["informational", "commercial", "transactional", "navigational"]
INTENTS: tuple[Intent, ...] = ("informational", "commercial", "transactional", "navigational")
LONGEST_NAME = 60


class Group(Question):
    """Keywords that belong together and the name found by rule, the most wanted keywords first."""

    id: str
    name: str
    provisional: bool = False
    intent: str = "informational"
    keywords: tuple[str, ...] = Field(default=(), max_length=30)


class NamesQuestion(Question):
    """Groups that need a name and an intent, and the names the site already uses."""

    site: str
    language: str = "en"
    groups: tuple[Group, ...] = Field(min_length=1)
    taken_names: tuple[str, ...] = ()


class NamedGroup(Answer):
    """A group with the name and intent its cluster gets."""

    id: str
    name: Plain = Field(min_length=2, max_length=LONGEST_NAME)
    intent: Intent


class Names(Answer):
    """A name for every group asked about."""

    groups: list[NamedGroup] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_each_group_once(self, info: ValidationInfo) -> Self:
        if isinstance(info.context, NamesQuestion):
            complaints = [*_wrong_ids(self, info.context), *_wrong_names(self, info.context)]
            if complaints:
                raise ValueError("; ".join(complaints[:30]))
        return self


def offline(question: NamesQuestion) -> Names:
    """Keeps the name and intent found by rule; a name that is taken gets a number."""
    taken = {same(name) for name in question.taken_names}
    named = []
    for group in question.groups:
        name = _free_name(group, taken)
        taken.add(same(name))
        named.append(NamedGroup(id=group.id, name=name, intent=_intent(group.intent)))
    return Names(groups=named)


ask_names = AIFunction(
    name="auto_cluster",
    question=NamesQuestion,
    answer=Names,
    offline=offline,
    prompt=Path(__file__).parent.parent / "prompts" / "auto_cluster.md",
)


def _wrong_ids(names: Names, question: NamesQuestion) -> list[str]:
    asked = {group.id for group in question.groups}
    given = [group.id for group in names.groups]
    return [
        *(f"no group has the id {one!r}" for one in given if one not in asked),
        *(f"group {one} is missing" for one in sorted(asked - set(given))),
        *(
            f"group {one} is named twice"
            for one in sorted({i for i in given if given.count(i) > 1})
        ),
    ]


def _wrong_names(names: Names, question: NamesQuestion) -> list[str]:
    taken = {same(name) for name in question.taken_names}
    complaints = []
    for group in names.groups:
        if same(group.name) in taken:
            complaints.append(f"the name {group.name!r} is already used, choose another")
        taken.add(same(group.name))
    return complaints


def _free_name(group: Group, taken: set[str]) -> str:
    name = shortened(plain(group.name), LONGEST_NAME)
    name = name if len(name) >= 2 else f"Group {plain(group.id)[:20]}"
    if same(name) not in taken:
        return name
    numbers = range(2, len(taken) + 3)
    numbered = (f"{shortened(name, LONGEST_NAME - 8)} ({number})" for number in numbers)
    return next(one for one in numbered if same(one) not in taken)


def _intent(found: str) -> Intent:
    return next((intent for intent in INTENTS if intent == found), "informational")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where one keyword goes: an existing cluster, or the cluster its group opens."""

    group: str
    cluster: int | None
    page: int
    similarity: float


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A cluster to be opened for a group, under a name no other cluster of the site has."""

    name: str
    provisional: bool
    intent: str
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Clustering:
    """Each keyword's place, and the clusters this batch is the first to touch."""

    site_id: int
    run_id: int
    places: Mapping[int, Place]
    openings: Mapping[str, Opening]


def decide(batch: Batch[Keyword]) -> Clustering:
    """Membership was planned for the whole queue; only names and intents are asked for."""
    opened = _clusters_opened(batch.site.pk, batch.run_id)
    plans = {row.pk: batch.plans[row.pk] for row in batch.rows}
    first_plans: dict[str, Plan] = {}
    for row_id, plan in plans.items():
        if plan["cluster"] is None and plan["group"] not in opened:
            first_plans.setdefault(plan["group"], {"row": row_id, **plan})
    places = {
        row_id: Place(
            group=plan["group"],
            cluster=plan["cluster"] or opened.get(plan["group"]),
            page=plan["page"],
            similarity=plan["similarity"],
        )
        for row_id, plan in plans.items()
    }
    return Clustering(
        site_id=batch.site.pk,
        run_id=batch.run_id,
        places=places,
        openings=_openings(batch, first_plans),
    )


def write(clustering: Clustering, held: frozenset[int]) -> Outcome:
    """Keywords turn `mapped`; a cluster that gets an uncovered keyword turns `new`."""
    rows = Keyword.objects.in_bulk([pk for pk in clustering.places if pk in held])
    clusters = _clusters_for(clustering, rows)
    ideas = _ideas_of_pages(clusters.values())
    made: dict[int, list[int]] = {}
    skipped: dict[int, str] = {}
    for pk, row in rows.items():
        cluster = clusters.get(clustering.places[pk].group)
        if reason := _why_not(cluster):
            skipped[pk] = reason
        elif cluster is not None:
            _place(row, cluster, clustering.places[pk], ideas)
            made[pk] = [cluster.pk]
    placed = [rows[pk] for pk in made]
    Keyword.objects.bulk_update(placed, PLACED_FIELDS, batch_size=200)
    _reopen({row.cluster_id for row in placed if row.idea_id is None})
    return Outcome(made=made, created=_first_of_each(clustering, made), skipped=skipped)


auto_cluster = Operation(name="auto_cluster", plan=plan_grouping, decide=decide, write=write)

PLACED_FIELDS = ("status", "cluster", "page", "similarity", "idea", "role", "updated_at")


def _clusters_opened(site_id: int, run_id: int) -> dict[str, int]:
    """Clusters that earlier batches of this run opened, by group."""
    prefix = f"run:{run_id}/"
    found = Cluster.objects.filter(site_id=site_id, origin__startswith=prefix)
    return {origin.removeprefix(prefix): pk for pk, origin in found.values_list("pk", "origin")}


def _openings(batch: Batch[Keyword], plans: Mapping[str, Plan]) -> dict[str, Opening]:
    if not plans:
        return {}
    texts = {row.pk: row.keyword for row in batch.rows}
    question = NamesQuestion(
        site=batch.site.name,
        language=batch.site.language,
        groups=tuple(
            _group(f"g{number}", plan, own=texts[plan["row"]], alone=batch.alone)
            for number, plan in enumerate(plans.values(), 1)
        ),
        taken_names=tuple(batch.site.clusters.order_by("pk").values_list("name", flat=True)[:500]),
    )
    names = batch.ask(ask_names, question, key=_names_key(batch))
    answers = {answer.id: answer for answer in names.groups}
    return {
        name: Opening(
            name=answers[f"g{number}"].name,
            provisional=plan["provisional"],
            intent=answers[f"g{number}"].intent,
            confidence=plan["confidence"],
        )
        for number, (name, plan) in enumerate(plans.items(), 1)
    }


def _group(group_id: str, plan: Plan, *, own: str, alone: bool) -> Group:
    """A keyword that is tried alone tells nothing of its group: another's poison is not its."""
    return Group(
        id=group_id,
        name=own if alone else plan["name"],
        provisional=plan["provisional"],
        intent=plan["intent"],
        keywords=(own,) if alone else tuple(plan.get("keywords") or (own,)),
    )


def _names_key(batch: Batch[Keyword]) -> str:
    ids = ",".join(str(row.pk) for row in batch.rows)
    if len(batch.rows) == 1:
        return f"auto_cluster/keyword:{ids}/0/names"
    digest = hashlib.sha256(ids.encode()).hexdigest()[:16]
    return f"auto_cluster/site:{batch.site.pk}/0/names-{digest}"


def _clusters_for(clustering: Clustering, rows: Mapping[int, Keyword]) -> dict[str, Cluster]:
    """Group → its cluster, opened now where this batch is the first to touch the group."""
    wanted = {place.group: place.cluster for pk, place in clustering.places.items() if pk in rows}
    # Locked: a person may be about to merge, lock or remove one of them.
    unchanged = Cluster.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    stored = unchanged.in_bulk([pk for pk in wanted.values() if pk])
    clusters = {name: stored[pk] for name, pk in wanted.items() if pk in stored}
    for name, opening in clustering.openings.items():
        if name in wanted:
            clusters[name] = _open_cluster(clustering, name, opening)
    return clusters


def _open_cluster(clustering: Clustering, group: str, opening: Opening) -> Cluster:
    folded = set(
        Cluster.objects.filter(site_id=clustering.site_id).values_list("name_folded", flat=True)
    )
    name = _free_name(Group(id=group, name=opening.name), folded)
    return Cluster.objects.create(
        site_id=clustering.site_id,
        name=name,
        name_folded=same(name),
        name_is_provisional=opening.provisional,
        intent=opening.intent,
        intent_confidence=opening.confidence,
        origin=f"run:{clustering.run_id}/{group}",
    )


def _why_not(cluster: Cluster | None) -> str:
    if cluster is None:
        return "its cluster was removed meanwhile"
    if cluster.locked:
        return "its cluster was locked meanwhile"
    if cluster.held_by:
        return f"its cluster is being worked on by {cluster.held_by.replace(':', ' ')}"
    return ""


def _ideas_of_pages(clusters: Iterable[Cluster]) -> dict[tuple[int, int], int]:
    ideas = ContentIdea.objects.filter(cluster__in=[cluster.pk for cluster in clusters])
    return {(cluster, page): pk for cluster, page, pk in ideas.values_list("cluster", "page", "pk")}


def _place(
    row: Keyword, cluster: Cluster, place: Place, ideas: Mapping[tuple[int, int], int]
) -> None:
    """A keyword that falls into the page of an existing idea joins it as a secondary one."""
    row.status, row.cluster = Keyword.Status.MAPPED, cluster
    row.page, row.similarity = place.page, place.similarity
    row.idea_id = ideas.get((cluster.pk, place.page))
    row.role = Keyword.Role.SECONDARY if row.idea_id else ""
    row.updated_at = clock.now()


def _reopen(cluster_ids: Iterable[int | None]) -> None:
    Cluster.objects.filter(pk__in=list(cluster_ids), status=Cluster.Status.MAPPED).update(
        status=Cluster.Status.NEW, updated_at=clock.now()
    )


def _first_of_each(clustering: Clustering, made: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """One created cluster each, counted at the first keyword of a group this batch opened."""
    counted: dict[int, int] = {}
    seen: set[str] = set()
    for pk in made:
        name = clustering.places[pk].group
        counted[pk] = int(name in clustering.openings and name not in seen)
        seen.add(name)
    return counted
