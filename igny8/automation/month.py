"""The month's credits of a team, as the meter beside every page shows them."""

from calendar import monthrange
from dataclasses import dataclass
from decimal import Decimal

from django.core.cache import caches
from django.db.models import Subquery, Sum, Value

from igny8.automation.presenters.looks import FULL, counted
from igny8.automation.wording import credits_text
from igny8.core import clock
from igny8.credits.models import CreditEntry
from igny8.sites.models import Site

KEPT_SECONDS = 10
MEMORY = "fragments"


@dataclass(frozen=True, kw_only=True)
class Meter:
    """Credits that the team used this month; `budget` is empty where the site has no limit."""

    spent: str
    budget: str
    percent: int
    days_left: int

    @property
    def is_over(self) -> bool:
        return self.percent >= FULL

    @property
    def left(self) -> str:
        return f"{counted(self.days_left, 'day')} left" if self.days_left else "last day"


def meter_of(site: Site) -> Meter:
    """One query, at most every ten seconds."""
    if (kept := kept_meter(site)) is not None:
        return kept
    rows = Site.objects.filter(pk=site.pk)
    [(budget, spent)] = rows.values_list("automation_config__budget_month", month_sum(site))
    return keep_meter(site, spent=spent, budget=budget)


def kept_meter(site: Site) -> Meter | None:
    found: Meter | None = caches[MEMORY].get(_key(site))
    return found


def keep_meter(site: Site, *, spent: Decimal | None, budget: Decimal | None) -> Meter:
    """What other queries brought along is the meter for a while."""
    today = clock.now().astimezone(site.zone)
    meter = Meter(
        spent=credits_text(Decimal(spent or 0)),
        budget="" if budget is None else credits_text(budget),
        percent=_percent(Decimal(spent or 0), budget),
        days_left=monthrange(today.year, today.month)[1] - today.day,
    )
    caches[MEMORY].set(_key(site), meter, KEPT_SECONDS)
    return meter


def month_sum(site: Site) -> Subquery:
    """Of the team, as its budget counts: also of sites that are gone, since the month began where
    this site is."""
    entries = CreditEntry.objects.exclude(kind=CreditEntry.Kind.GRANT).filter(
        account_id=site.account_id, booked_at__gte=site.midnight().replace(day=1)
    )
    together = entries.order_by().annotate(all=Value(1)).values("all")
    return Subquery(together.annotate(sum=Sum("credits")).values("sum"))


def _percent(spent: Decimal, budget: Decimal | None) -> int:
    if budget is None:
        return 0
    return min(FULL, int(FULL * spent / budget)) if budget else FULL


def _key(site: Site) -> str:
    return f"meter:{site.pk}"
