"""Rows that need attention, grouped by what went wrong."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from igny8.automation.models import AutomationRun, RunItem
from igny8.automation.presenters.looks import STAGE_ICONS
from igny8.automation.stages import WORK_STAGES, Stage, stage_number
from igny8.sites.models import Site

SHOWN = 50


@dataclass(frozen=True)
class Cause:
    title: str
    fix: str


CAUSES = {
    "declined": Cause(
        "The model declined to answer",
        "Change the wording of the item, or ask another model; the same question gets the same no.",
    ),
    "bad_answer": Cause(
        "The answer was not usable",
        "Usually a retry is enough. If it comes back, the model may be too small for this stage.",
    ),
    "bad_image": Cause(
        "The picture was not usable",
        "Retry makes a new one. If it comes back, look at the image model of the connection.",
    ),
    "poison": Cause(
        "It stopped the worker three times",
        "Retry tries it once more, alone. If it stops again, look at the item itself.",
    ),
    "deleted": Cause(
        "What was made of it is in Trash",
        "Retry makes it anew and is paid anew.",
    ),
}
OTHER = Cause("Something else went wrong", "Retry, or look at the sentence below.")


@dataclass(frozen=True)
class TroubledRow:
    """`is_parked` False: it was retried, edited or removed since."""

    pk: int
    label: str
    reason: str
    tries: int
    is_parked: bool


@dataclass(frozen=True, kw_only=True)
class CauseGroup:
    """One cause in one stage, its rows and how many of them still need attention."""

    stage: int
    title: str
    stage_title: str
    fix: str
    noun: str
    rows: tuple[TroubledRow, ...]

    @property
    def icon(self) -> str:
        return STAGE_ICONS[self.stage]

    @property
    def number(self) -> int:
        return len(self.rows)

    @property
    def parked(self) -> tuple[TroubledRow, ...]:
        return tuple(row for row in self.rows if row.is_parked)

    @property
    def reason(self) -> str:
        """The sentence of the first; alike in most of them."""
        return self.rows[0].reason

    @property
    def shown(self) -> tuple[TroubledRow, ...]:
        return self.rows[:SHOWN]


def causes_of_run(run: AutomationRun) -> list[CauseGroup]:
    """Of the items that failed, the largest group first."""
    found: dict[tuple[int, str], list[TroubledRow]] = defaultdict(list)
    failed = RunItem.objects.filter(run=run, state=RunItem.State.FAILED).order_by("stage", "pk")
    items = list(failed)
    for stage in WORK_STAGES:
        mine = [item for item in items if item.stage == stage.number]
        parked = _parked(run.site, stage, [item.object_id for item in mine])
        for item in mine:
            row = TroubledRow(
                item.object_id, item.label, item.reason, item.attempt, item.object_id in parked
            )
            found[stage.number, item.code].append(row)
    return _groups(found.items())


def causes_of_site(site: Site) -> list[CauseGroup]:
    """Of every parked row, whichever run it was."""
    found: dict[tuple[int, str], list[TroubledRow]] = defaultdict(list)
    for stage in WORK_STAGES:
        for row in stage.queue().filter(site=site).parked().order_by("-parked_at"):
            troubled = TroubledRow(row.pk, str(row), row.parked_reason, 0, True)
            found[stage.number, row.parked_code].append(troubled)
    return _groups(found.items())


def _parked(site: Site, stage: Stage, ids: list[int]) -> set[int]:
    if not ids:
        return set()
    rows = stage.model._default_manager.filter(site=site, pk__in=ids)
    return set(rows.exclude(parked_at=None).values_list("pk", flat=True))


def _groups(
    found: Iterable[tuple[tuple[int, str], list[TroubledRow]]],
) -> list[CauseGroup]:
    return sorted(_each(found), key=lambda group: -len(group.parked))


def _each(found: Iterable[tuple[tuple[int, str], list[TroubledRow]]]) -> Iterator[CauseGroup]:
    for (number, code), rows in found:
        stage, cause = stage_number(number), CAUSES.get(code, OTHER)
        yield CauseGroup(
            stage=number,
            title=cause.title,
            stage_title=stage.title,
            fix=cause.fix,
            noun=stage.takes[len(rows) != 1],
            rows=tuple(rows),
        )
