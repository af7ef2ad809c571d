"""What the automation page reads: few queries, kept for a moment for everybody who looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zlib import crc32

from django.core.cache import caches
from django.db.models import Max, Subquery
from django.db.models.functions import Coalesce

from igny8.automation.estimates import FREE, credits_text_of, estimate, is_free
from igny8.automation.figures import Figures, figures_of
from igny8.automation.models import AutomationConfig, AutomationRun
from igny8.automation.month import Meter, keep_meter, kept_meter, month_sum
from igny8.automation.presenters.log_lines import FILTERS
from igny8.automation.presenters.overall import credits_range
from igny8.automation.runs import config_of
from igny8.sites.models import Site

MOMENT = 0.7
MEMORY = "fragments"
LONG = 600


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A site's run and counts at one moment; `version` changes with whatever the page shows.

    `meter` is None for a site that never ran, where it is not at hand: nothing changes it then.
    """

    config: AutomationConfig
    run: AutomationRun | None
    figures: Figures
    meter: Meter | None

    @property
    def version(self) -> str:
        run = f"{self.run.pk}.{self.run.version}" if self.run else "0"
        shown = repr((self.figures, self.config.updated_at)).encode()
        return f"{run}.{crc32(shown):x}"


def read(site: Site) -> Reading:
    """Two queries; one more for a site that never ran."""
    meter = kept_meter(site)
    run = page_run(site, None if meter else month_sum(site))
    config = run.site.automation_config if run else config_of(site)
    if run and meter is None:
        spent: Decimal | None = run.spent_this_month  # type: ignore[attr-defined]  # annotated
        meter = keep_meter(site, spent=spent, budget=config.budget_month)
    return Reading(config=config, run=run, figures=figures_of(site, run), meter=meter)


def page_run(site: Site, spent: Subquery | None = None) -> AutomationRun | None:
    """The active pipeline run, else the newest one; its site and settings come along."""
    runs = AutomationRun.objects.pipeline().filter(site=site)
    newest = runs.order_by().values("site").annotate(newest=Max("pk")).values("newest")
    wanted = Coalesce(Subquery(runs.active().values("pk")[:1]), Subquery(newest))
    found = AutomationRun.objects.filter(pk=wanted).select_related("site__automation_config")
    return (found.annotate(spent_this_month=spent) if spent else found).first()


def counts_of(site: Site) -> Figures:
    """The site's counts, at most a moment old."""
    key = f"counts:{site.pk}"
    found: Figures | None = caches[MEMORY].get(key)
    if found is None:
        found = figures_of(site)
        caches[MEMORY].set(key, found, MOMENT)
    return found


def expected_credits(site: Site, reading: Reading) -> str:
    """Of the run that is under way, else of the one that could be started now."""
    run = reading.run
    if run is not None and run.status in AutomationRun.ACTIVE:
        return credits_range(run)
    if not reading.figures.pending:
        return "–"
    waiting = ".".join(str(number) for number in reading.figures.waiting.values())
    key = f"estimate:{site.pk}:{waiting}:{reading.config.updated_at.timestamp()}"
    found: str | None = caches[MEMORY].get(key)
    if found is None:
        credits_ = FREE if is_free(site) else estimate(site, reading.config).credits
        found = credits_text_of(credits_)
        caches[MEMORY].set(key, found, LONG)
    return found


def part_key(site: Site, *, can_run: bool, kept: str) -> str:
    return f"live:{site.pk}:{can_run}:{kept}"


def forget_parts(site: Site) -> None:
    """Whoever did something sees it at once, not what was rendered a blink before."""
    keys = [
        part_key(site, can_run=can_run, kept=kept)
        for can_run in (True, False)
        for kept, _ in FILTERS
    ]
    caches[MEMORY].delete_many([*keys, f"counts:{site.pk}"])


def remembered(key: str) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = caches[MEMORY].get(key)
    return found


def remember(key: str, part: Mapping[str, Any], *, seconds: float = MOMENT) -> None:
    caches[MEMORY].set(key, part, seconds)
