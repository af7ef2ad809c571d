"""What a run will cost and take, said before it starts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from igny8.ai.connections import route_for
from igny8.automation.forecast import batch_size, forecast, settings_of, waiting
from igny8.automation.models import AutomationConfig, Pace
from igny8.automation.stages import WORK_STAGES, stage_number
from igny8.automation.wording import duration
from igny8.sites.models import Site

ARTICLES_STAGE = 4


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Rows waiting and rows expected by stage, with seconds; `credits` None is unknown.

    `delay_seconds` are the waits between batches and stages, apart from the work itself.
    """

    models: Mapping[int, str]
    settings: Mapping[str, int]
    waiting: Mapping[int, int]
    totals: Mapping[int, int]
    seconds: Mapping[int, float]
    delay_seconds: int
    credits: Mapping[str, str] | None

    @property
    def articles(self) -> int:
        return self.totals.get(ARTICLES_STAGE, 0)

    @property
    def is_empty(self) -> bool:
        return not any(self.totals.values())

    def as_json(self) -> dict[str, Any]:
        return {
            "models": {str(number): model for number, model in self.models.items()},
            "stages": [
                {"number": number, "items": items, "seconds": round(self.seconds[number], 1)}
                for number, items in self.totals.items()
            ],
            "seconds": round(sum(self.seconds.values()), 1),
            "delay_seconds": self.delay_seconds,
            "credits": self.credits,
        }

    def lines(self) -> Iterator[str]:
        """For people: a line a stage, the work, the delays, the credits."""
        if self.is_empty:
            yield "Nothing is pending."
            return
        for number, items in self.totals.items():
            if items:
                stage = stage_number(number)
                yield f"  Stage {number}  {stage.title:<26} about {stage.count(items)}"
        yield f"  Work    about {duration(sum(self.seconds.values()))}"
        if self.delay_seconds:
            yield f"  Delays  {duration(self.delay_seconds)}"
        yield f"  Credits {_credits_text(self.credits)}"


def estimate(
    site: Site,
    config: AutomationConfig,
    *,
    first_stage: int = 1,
    stop_after: int | None = None,
    selection: int | None = None,
) -> Estimate:
    """For what waits now; `selection` is a number of chosen rows of one stage instead."""
    settings, pending = settings_of(config), waiting(site)
    if selection is not None:
        pending = dict.fromkeys(pending, 0) | {first_stage: selection}
    totals = forecast(pending, settings, first_stage)
    totals = {n: items for n, items in totals.items() if stop_after is None or n <= stop_after}
    routes = {stage.number: route_for(site.account, stage.form) for stage in WORK_STAGES}
    models = {n: f"{route.connection.kind}:{route.model}" for n, route in routes.items()}
    is_free = not _buys_vectors(site, totals) and all(
        routes[number].is_sample for number, items in totals.items() if items
    )
    return Estimate(
        models=models,
        settings=settings,
        waiting=pending,
        totals=totals,
        seconds={n: items * _pace(site, n, models[n]) for n, items in totals.items()},
        delay_seconds=_delays(totals, settings),
        credits={"low": "0", "high": "0"} if is_free else None,
    )


def _buys_vectors(site: Site, totals: Mapping[int, int]) -> bool:
    return bool(totals.get(1)) and site.embeddings == Site.Embeddings.ENDPOINT


def _pace(site: Site, stage: int, model: str) -> float:
    """Seconds an item: history of the site, then of all sites, then the default."""
    for site_id in (site.pk, 0):
        if pace := Pace.objects.filter(site_id=site_id, stage=stage, model=model).first():
            return pace.seconds
    return WORK_STAGES[stage - 1].seconds


def _delays(totals: Mapping[int, int], settings: Mapping[str, int]) -> int:
    batches = [-(-items // batch_size(settings, n)) for n, items in totals.items()]
    within = sum(max(0, number - 1) for number in batches) * settings["within_stage_delay"]
    between = max(0, sum(map(bool, batches)) - 1) * settings["between_stage_delay"]
    return within + between


def _credits_text(credits_expected: Mapping[str, str] | None) -> str:
    if credits_expected is None:
        return "unknown: no price is known for this model"
    low, high = credits_expected["low"], credits_expected["high"]
    return "0 (the offline sample provider is free)" if high == "0" else f"{low} – {high}"
