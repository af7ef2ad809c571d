"""What a run will cost and take, said before it starts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from igny8.ai.connections import route_for
from igny8.automation.forecast import batch_size, forecast, settings_of, waiting
from igny8.automation.models import AutomationConfig, Pace
from igny8.automation.pace import EVERYWHERE
from igny8.automation.stages import WORK_STAGES, stage_number
from igny8.automation.wording import duration
from igny8.sites.models import Site

ARTICLES_STAGE = 4
NO_MODEL_STAGE = 3
FREE: Final = {"low": "0", "high": "0"}


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
    free_stages: frozenset[int] = frozenset()

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
                {
                    "number": number,
                    "items": items,
                    "seconds": round(self.seconds[number], 1),
                    "credits": FREE if number in self.free_stages else None,
                }
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
    by_form = {form: route_for(site.account, form) for form in {s.form for s in WORK_STAGES}}
    routes = {stage.number: by_form[stage.form] for stage in WORK_STAGES}
    models = {n: f"{route.connection.kind}:{route.model}" for n, route in routes.items()}
    free = {n for n, route in routes.items() if route.is_sample or n == NO_MODEL_STAGE}
    is_free = not _buys_vectors(site, totals) and all(
        number in free for number, items in totals.items() if items
    )
    return Estimate(
        models=models,
        settings=settings,
        waiting=pending,
        totals=totals,
        seconds=_seconds(site, totals, models),
        delay_seconds=_delays(totals, settings),
        credits=FREE if is_free else None,
        free_stages=frozenset(free),
    )


def _buys_vectors(site: Site, totals: Mapping[int, int]) -> bool:
    return bool(totals.get(1)) and site.embeddings == Site.Embeddings.ENDPOINT


def _seconds(site: Site, totals: Mapping[int, int], models: Mapping[int, str]) -> dict[int, float]:
    """At the pace of the site's history, else of all sites', else the default."""
    known = Pace.objects.filter(site_id__in=(site.pk, EVERYWHERE)).order_by("site_id")
    paces = {(pace.stage, pace.model): pace.seconds for pace in known}
    return {
        n: items * paces.get((n, models[n]), WORK_STAGES[n - 1].seconds)
        for n, items in totals.items()
    }


def _delays(totals: Mapping[int, int], settings: Mapping[str, int]) -> int:
    batches = [-(-items // batch_size(settings, n)) for n, items in totals.items()]
    within = sum(max(0, number - 1) for number in batches) * settings["within_stage_delay"]
    between = max(0, sum(map(bool, batches)) - 1) * settings["between_stage_delay"]
    return within + between


def credits_text_of(expected: Mapping[str, str] | None) -> str:
    """`~842 credits`, `free`, or that no price is known."""
    if expected is None:
        return "unknown price"
    low, high = expected["low"], expected["high"]
    if high == "0":
        return "free"
    return f"~{high} credits" if low == high else f"~{low}–{high} credits"


def _credits_text(credits_expected: Mapping[str, str] | None) -> str:
    if credits_expected is None:
        return "unknown: no price is known for this model"
    low, high = credits_expected["low"], credits_expected["high"]
    return "0 (the offline sample provider is free)" if high == "0" else f"{low} – {high}"
