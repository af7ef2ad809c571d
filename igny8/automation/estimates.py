"""What a run will cost and take, said before it starts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from igny8.automation.forecast import batch_size, forecast, settings_of, waiting
from igny8.automation.loads import (
    MOST_OF_A_STAGE,
    NOT_CHOSEN,
    Answering,
    Chosen,
    answering,
    load_of,
)
from igny8.automation.models import AutomationConfig, AutomationRun, Pace
from igny8.automation.pace import EVERYWHERE
from igny8.automation.stages import ARTICLES_STAGE, WORK_STAGES, stage_number
from igny8.automation.wording import credits_range_text, duration
from igny8.automation.workload import queue_of
from igny8.credits.estimate import NOTHING, CreditRange, Load, credit_range
from igny8.planner.lookahead import Lookahead, look_ahead
from igny8.sites.models import Site

UNPRICED = "unknown price"
FREE = NOTHING.as_json()
NOTHING_AHEAD = Lookahead(clusters=None, namings=None, ideas=None)
SET_A_PRICE = "Set it: igny8 prices set MODEL, with what your provider asks."


@dataclass(frozen=True, kw_only=True)
class Speed:
    """Seconds an item of a stage; a guess while nobody has measured that model."""

    seconds: float
    is_guess: bool


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Rows waiting and rows expected by stage, with credits and seconds; None credits are unknown.

    `delay_seconds` are the waits between batches and stages, apart from the work itself;
    `unpriced` names the models whose price nobody knows.
    """

    models: Mapping[int, str]
    settings: Mapping[str, int]
    waiting: Mapping[int, int]
    totals: Mapping[int, int]
    speeds: Mapping[int, Speed]
    delay_seconds: int
    stage_credits: Mapping[int, CreditRange | None]
    total: CreditRange | None
    unpriced: Sequence[str] = ()

    @property
    def credits(self) -> Mapping[str, str] | None:
        """Both ends as the contract gives them: decimal text."""
        return self.total.as_json() if self.total else None

    @property
    def articles(self) -> int:
        return self.totals.get(ARTICLES_STAGE, 0)

    @property
    def is_empty(self) -> bool:
        return not any(self.totals.values())

    @property
    def work_seconds(self) -> float:
        return sum(self.seconds(number) for number in self.totals)

    def seconds(self, number: int) -> float:
        return self.totals[number] * self.speeds[number].seconds

    def credits_text(self, number: int) -> str:
        """Of one stage: `12–19`, `free`, `unknown`."""
        known = self.stage_credits[number]
        return credits_range_text(known.as_json() if known else None)

    def as_json(self) -> dict[str, Any]:
        return {
            "models": {str(number): model for number, model in self.models.items()},
            "stages": [self._stage(number) for number in self.totals],
            "seconds": round(self.work_seconds, 1),
            "delay_seconds": self.delay_seconds,
            "credits": self.credits,
            "unpriced": list(self.unpriced),
        }

    def lines(self) -> Iterator[str]:
        """For people: a line a stage, the work, the delays, the credits."""
        if self.is_empty:
            yield "Nothing is pending."
            return
        for number, items in self.totals.items():
            if items:
                stage = stage_number(number)
                took, cost = duration(self.seconds(number)), self.credits_text(number)
                about = "" if self.waiting[number] == items else "about "
                counted = f"{about}{stage.count(items)}"
                yield f"  Stage {number}  {stage.title:<24} {counted:<26} {took:<12} {cost}"
        yield f"  Work    about {duration(self.work_seconds)}"
        if self.delay_seconds:
            yield f"  Delays  {duration(self.delay_seconds)}"
        yield f"  Credits {credits_range_text(self.credits)}"
        if self.unpriced:
            yield f"  {unpriced_text(self.unpriced)} {SET_A_PRICE}"

    def _stage(self, number: int) -> dict[str, Any]:
        known, speed = self.stage_credits[number], self.speeds[number]
        return {
            "number": number,
            "items": self.totals[number],
            "seconds": round(self.seconds(number), 1),
            "pace": speed.seconds,
            "is_guess": speed.is_guess,
            "credits": known.as_json() if known else None,
        }


def estimate(
    site: Site,
    config: AutomationConfig,
    *,
    first_stage: int = 1,
    stop_after: int | None = None,
    selection: int | None = None,
    chosen: Chosen = NOT_CHOSEN,
) -> Estimate:
    """For what waits now; `selection` is a number of chosen rows of one stage instead, `chosen`
    are models to reckon with instead of those that would be asked."""
    settings, pending = settings_of(config), waiting(site)
    ahead = NOTHING_AHEAD
    if selection is not None:
        pending = dict.fromkeys(pending, 0) | {first_stage: selection}
    elif first_stage == 1 and (pending[1] or pending[2]):
        ahead = look_ahead(
            site,
            ideas_per_cluster=settings["ideas_per_cluster"],
            batch_size=batch_size(settings, 1),
        )
    known = {n: rows for n, rows in ((1, ahead.clusters), (2, ahead.ideas)) if rows is not None}
    totals = forecast(pending, settings, first_stage, known=known)
    totals = {n: items for n, items in totals.items() if stop_after is None or n <= stop_after}
    queue = queue_of(
        site, settings, totals=totals, waiting=pending, known=known, namings=ahead.namings
    )
    asked = [one for one in answering(site, chosen) if one.stage in totals]
    loads = [(one, load_of(one, queue, site)) for one in asked]
    models = _models(asked)
    return Estimate(
        models=models,
        settings=settings,
        waiting=pending,
        totals=totals,
        speeds=_speeds(site, totals, models),
        delay_seconds=_delays(totals, settings),
        stage_credits=_by_stage(loads, totals),
        total=credit_range(load for _, load in loads),
        unpriced=sorted({one.model for one, load in loads if load.calls and load.expected is None}),
    )


def is_free(site: Site) -> bool:
    """Whether nothing that the site's runs ask for costs anything, however much there is to do."""
    return all(one.pricing.is_free for one in answering(site, NOT_CHOSEN))


def _by_stage(
    loads: Sequence[tuple[Answering, Load]], totals: Mapping[int, int]
) -> dict[int, CreditRange | None]:
    return {n: credit_range(load for _, load in loads if load.stage == n) for n in totals}


def _models(asked: Sequence[Answering]) -> dict[int, str]:
    """The model that does most of a stage's work."""
    return {one.stage: one.label for one in asked if one.function.name in MOST_OF_A_STAGE}


def _speeds(site: Site, totals: Mapping[int, int], models: Mapping[int, str]) -> dict[int, Speed]:
    """At the pace of the site's history, else of all sites', else the default."""
    known = Pace.objects.filter(site_id__in=(site.pk, EVERYWHERE)).order_by("site_id")
    paces = {(pace.stage, pace.model): pace.seconds for pace in known}
    return {n: _speed(paces.get((n, models.get(n, ""))), n) for n in totals}


def _speed(learnt: float | None, number: int) -> Speed:
    usual = WORK_STAGES[number - 1].seconds
    return Speed(seconds=usual if learnt is None else learnt, is_guess=learnt is None)


def _delays(totals: Mapping[int, int], settings: Mapping[str, int]) -> int:
    batches = [-(-items // batch_size(settings, n)) for n, items in totals.items()]
    within = sum(max(0, number - 1) for number in batches) * settings["within_stage_delay"]
    between = max(0, sum(map(bool, batches)) - 1) * settings["between_stage_delay"]
    return within + between


def unpriced_text(models: Sequence[str]) -> str:
    """Which price is missing."""
    listed = " and ".join(models)
    return f"Nobody knows the price of {listed}."


def unpriced_of(run: AutomationRun) -> str:
    """The same of a run; empty when all prices were known."""
    models = run.estimate.get("unpriced", [])
    return unpriced_text(models) if models else ""


def credits_text_of(expected: Mapping[str, str] | None) -> str:
    """`~760–842 credits`, `free`, or that no price is known."""
    if expected is None:
        return UNPRICED
    if Decimal(expected["high"]) == 0:
        return "free"
    return f"~{credits_range_text(expected)} credits"
