"""Rows that need attention, grouped by what went wrong."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from igny8.automation.models import AutomationRun, RunItem
from igny8.automation.presenters.looks import STAGE_ICONS
from igny8.automation.presenters.stage_card import item_credits
from igny8.automation.stages import WORK_STAGES, Stage, stage_number
from igny8.automation.wording import credits_text
from igny8.sites.models import Site

SHOWN = 50
MOST_ATTEMPTS = 5


@dataclass(frozen=True)
class Cause:
    """`wants_attempts`: another attempt an item is what helps, before a plain retry does.

    `setting` is what to change in the configuration first; empty when nothing there helps.
    """

    title: str
    fix: str
    wants_attempts: bool = False
    setting: str = ""


CAUSES = {
    "declined": Cause(
        "The model declined to answer",
        "Change the wording of the item, or ask another model; the same question gets the same no.",
    ),
    "bad_answer": Cause(
        "The answer was not usable",
        "Usually a retry is enough. If it comes back, the model may be too small for this stage.",
        wants_attempts=True,
    ),
    "bad_image": Cause(
        "The picture was not usable",
        "Retry makes a new one. If it comes back, look at the image model of the connection.",
        wants_attempts=True,
    ),
    "poison": Cause(
        "It stopped the worker three times",
        "Retry tries it once more, alone. If it stops again, look at the item itself.",
    ),
    "budget_item": Cause(
        "It would have cost more than one row may",
        "Raise the budget of one row, then retry; what was answered so far is not paid again.",
        setting="Raise the budget of one row",
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
    """One cause in one stage, its rows and how many of them still need attention.

    `credits` is what an item of the stage takes, None where no price is known.
    """

    stage: int
    title: str
    stage_title: str
    fix: str
    wants_attempts: bool
    setting: str
    credits: Decimal | None
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
    def counted(self) -> str:
        return stage_number(self.stage).count(self.number)

    @property
    def retried(self) -> str:
        """What Retry takes: `5 tasks`."""
        return stage_number(self.stage).count(len(self.parked))

    @property
    def cost(self) -> str:
        return cost_text(self.credits, len(self.parked))

    @property
    def cost_of_one(self) -> str:
        return cost_text(self.credits, 1).removesuffix(" credits").removesuffix(" credit")

    @property
    def reason(self) -> str:
        """The sentence of the first; alike in most of them."""
        return self.rows[0].reason

    @property
    def shown(self) -> tuple[TroubledRow, ...]:
        return self.rows[:SHOWN]


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """All causes together; `attempts` is how many the fix would allow, 0 when there are enough."""

    groups: tuple[CauseGroup, ...]
    attempts: int = 0

    @property
    def number(self) -> int:
        return sum(group.number for group in self.groups)

    @property
    def parked(self) -> int:
        return sum(len(group.parked) for group in self.groups)

    @property
    def title(self) -> str:
        """`7 tasks failed, for 2 reasons`."""
        stages = {group.stage for group in self.groups}
        noun = "items" if self.number != 1 else "item"
        what = f"{self.number:,} {noun}"
        if len(stages) == 1:
            what = stage_number(stages.pop()).count(self.number)
        number = len({group.title for group in self.groups})
        return f"{what} failed, for {number} reason{'' if number == 1 else 's'}"

    @property
    def cost(self) -> str:
        """Of a retry of everything; empty as soon as one price is unknown."""
        costs = [(group.credits, len(group.parked)) for group in self.groups if group.parked]
        if any(credits_of_one is None for credits_of_one, _ in costs):
            return ""
        return cost_text(sum((one or Decimal(0)) * n for one, n in costs) or Decimal(0), 1)


def trouble_of(groups: Iterable[CauseGroup], attempts_now: int) -> Trouble:
    more = attempts_now + 1 if attempts_now < MOST_ATTEMPTS else 0
    return Trouble(groups=tuple(groups), attempts=more)


def cost_text(credits_of_one: Decimal | None, number: int) -> str:
    """` · ~26 credits`, ` · free`, nothing where no price is known."""
    if credits_of_one is None:
        return ""
    total = credits_of_one * number
    if not total:
        return " · free"
    rounded = total.quantize(Decimal(1)) if total >= 10 else total
    return f" · ~{credits_text(rounded)} credits".replace("~<", "<")


def causes_of_run(run: AutomationRun, stage: int | None = None) -> list[CauseGroup]:
    """Of the items that failed, in one stage or in all, the largest group first."""
    found: dict[tuple[int, str], list[TroubledRow]] = defaultdict(list)
    failed = RunItem.objects.filter(run=run, state=RunItem.State.FAILED).order_by("stage", "pk")
    items = list(failed if stage is None else failed.filter(stage=stage))
    for one in WORK_STAGES:
        mine = [item for item in items if item.stage == one.number]
        parked = _parked(run.site, one, [item.object_id for item in mine])
        for item in mine:
            row = TroubledRow(
                item.object_id, item.label, item.reason, item.attempt, item.object_id in parked
            )
            found[one.number, item.code].append(row)
    return _groups(found.items(), run)


def causes_of_site(site: Site, run: AutomationRun | None) -> list[CauseGroup]:
    """Of every parked row, whichever run it was; prices are those of this run."""
    found: dict[tuple[int, str], list[TroubledRow]] = defaultdict(list)
    for stage in WORK_STAGES:
        for row in stage.queue().filter(site=site).parked().order_by("-parked_at"):
            troubled = TroubledRow(row.pk, str(row), row.parked_reason, 0, True)
            found[stage.number, row.parked_code].append(troubled)
    return _groups(found.items(), run)


def _parked(site: Site, stage: Stage, ids: list[int]) -> set[int]:
    if not ids:
        return set()
    rows = stage.model._default_manager.filter(site=site, pk__in=ids)
    return set(rows.exclude(parked_at=None).values_list("pk", flat=True))


def _groups(
    found: Iterable[tuple[tuple[int, str], list[TroubledRow]]], run: AutomationRun | None
) -> list[CauseGroup]:
    return sorted(_each(found, run), key=lambda group: -len(group.parked))


def _each(
    found: Iterable[tuple[tuple[int, str], list[TroubledRow]]], run: AutomationRun | None
) -> Iterator[CauseGroup]:
    for (number, code), rows in found:
        stage, cause = stage_number(number), CAUSES.get(code, OTHER)
        yield CauseGroup(
            stage=number,
            title=cause.title,
            stage_title=stage.title,
            fix=cause.fix,
            wants_attempts=cause.wants_attempts,
            setting=cause.setting,
            credits=item_credits(run, number) if run else None,
            rows=tuple(rows),
        )
