"""What may be spent: on a run, on a site in a day, on an account in a month, on one row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from igny8.ai.errors import Bad, Stop
from igny8.ai.models import AICall
from igny8.ai.origin import Expected
from igny8.automation.models import AutomationConfig, AutomationRun
from igny8.core.rows import select_rows
from igny8.credits.models import CreditEntry
from igny8.credits.prices import CREDIT
from igny8.sites.models import Site

NOTHING, NEARLY = Decimal(0), Decimal("0.8")
RUN, DAY, MONTH = "budget_run", "budget_day", "budget_month"
ITEM = "budget_item"
SPANS = {RUN: "this run", DAY: "this site today", MONTH: "the account this month"}
A_WHOLE_SITE = "site:"  # questions about many rows at once belong to none of them
UNCERTAIN = (AICall.State.SENT, AICall.State.UNKNOWN)
_HAS_BUDGET = """
SELECT 1 FROM igny8_automation_configs WHERE site_id = %s AND NOT (
    budget_run IS NULL AND budget_day IS NULL AND budget_month IS NULL AND budget_item IS NULL)
"""


def afford_for(run: AutomationRun) -> Callable[[str, Expected], None]:
    """What each new call asks last: would it pass a budget? Called inside the claim.

    Budgets are read live: changing them is how a person gets the run going again.
    """

    def afford(object_ref: str, expected: Expected) -> None:
        if expected == NOTHING or not select_rows(_HAS_BUDGET, [run.site_id]):
            return
        limits = limits_of(run)
        for span in SPANS:
            if (limit := limits[span]) is not None:
                _check(span, limit, spent_in(span, run), expected)
        _check_item(object_ref, limits[ITEM], run, expected)

    return afford


def afford_by_hand(site: Site) -> Callable[[str, Expected], None]:
    """What a person's own question asks: the budgets of the day and of the month."""
    no_run = AutomationRun(site=site)

    def afford(_: str, expected: Expected) -> None:
        if expected == NOTHING or not select_rows(_HAS_BUDGET, [site.pk]):
            return
        limits = limits_of(no_run)
        for span in (DAY, MONTH):
            if (limit := limits[span]) is not None:
                _check(span, limit, spent_in(span, no_run), expected)

    return afford


@dataclass(frozen=True)
class NearlyUsed:
    """A budget of which more than 80 % are used; `key` names its run, day or month."""

    key: str
    whose: str
    spent: Decimal
    limit: Decimal


def nearly_used(run: AutomationRun) -> Iterator[NearlyUsed]:
    if not select_rows(_HAS_BUDGET, [run.site_id]):
        return
    limits, day = limits_of(run), run.site.midnight()
    keys = {
        RUN: f"{run.ref}/{RUN}",
        DAY: f"site:{run.site_id}/{DAY}/{day:%Y-%m-%d}",
        MONTH: f"account:{run.site.account_id}/{MONTH}/{day:%Y-%m}",
    }
    for span, whose in SPANS.items():
        if limit := limits[span]:
            spent = spent_in(span, run)
            if spent >= NEARLY * limit:
                yield NearlyUsed(keys[span], whose, spent, limit)


def limits_of(run: AutomationRun) -> dict[str, Decimal | None]:
    names = (*SPANS, ITEM)
    [found] = AutomationConfig.objects.filter(site_id=run.site_id).values_list(*names)
    return dict(zip(names, found, strict=True))


def spent_in(span: str, run: AutomationRun) -> Decimal:
    """Credits booked, plus those of calls under way and of lost ones, which may have been paid."""
    entries, calls = _within(span, run)
    booked = entries.exclude(kind=CreditEntry.Kind.GRANT).aggregate(sum=Sum("credits"))["sum"]
    uncertain = calls.filter(state__in=UNCERTAIN).aggregate(sum=Sum("reserved"))["sum"]
    return ((booked or NOTHING) + (uncertain or NOTHING)).quantize(CREDIT)


def _within(span: str, run: AutomationRun) -> tuple["QuerySet[CreditEntry]", "QuerySet[AICall]"]:
    entries, calls = CreditEntry.objects.all(), AICall.objects.all()
    if span == RUN:
        return entries.filter(run_ref=run.ref), calls.filter(run_ref=run.ref)
    if span == DAY:
        since, site = run.site.midnight(), Q(site_id=run.site_id)
        return entries.filter(site, booked_at__gte=since), calls.filter(site, sent_at__gte=since)
    since, account = run.site.midnight().replace(day=1), run.site.account_id
    return (
        entries.filter(account=account, booked_at__gte=since),
        calls.filter(connection__account=account, sent_at__gte=since),
    )


def _check(span: str, limit: Decimal, spent: Decimal, expected: Expected) -> None:
    """A call of unknown price is let through until the budget is used up."""
    if spent >= limit or spent + (expected or NOTHING) > limit:
        needs = f"the next call needs about {expected:.2f}" if expected else "no price is known"
        raise Stop(
            span,
            f"{spent:.2f} of {limit:.2f} credits for {SPANS[span]} are used and {needs}. "
            "Raise the budget to go on.",
        )


def _check_item(
    object_ref: str, limit: Decimal | None, run: AutomationRun, expected: Expected
) -> None:
    if limit is None or object_ref.startswith(A_WHOLE_SITE):
        return
    calls = AICall.objects.filter(run_ref=run.ref, object_ref=object_ref)
    counted = calls.filter(Q(credits__isnull=False) | Q(state__in=UNCERTAIN))
    spent = counted.aggregate(sum=Sum(Coalesce("credits", "reserved")))["sum"] or NOTHING
    if spent >= limit or spent + (expected or NOTHING) > limit:
        raise Bad(
            ITEM,
            f"{spent:.2f} credits were used for this, and the budget an item is {limit:.2f}. "
            "Raise it, then retry.",
        )
