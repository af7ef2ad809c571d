"""What a run would cost and take, as the dialog before it says."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from igny8.automation.estimates import Estimate, credits_text_of
from igny8.automation.models import AutomationConfig
from igny8.automation.presenters.looks import STAGE_ICONS
from igny8.automation.stages import stage_number
from igny8.automation.wording import duration


@dataclass(frozen=True, kw_only=True)
class EstimateRow:
    number: int
    title: str
    icon: str
    items: str
    time: str
    credits: str


@dataclass(frozen=True, kw_only=True)
class StartSheet:
    """`delays` are their own line; `budget` says which limit the run would pass."""

    rows: tuple[EstimateRow, ...]
    credits: str
    work: str
    delays: str
    total: str
    articles: int
    is_empty: bool
    budget: str


def start_sheet(expected: Estimate, config: AutomationConfig) -> StartSheet:
    work = sum(expected.seconds.values())
    return StartSheet(
        rows=tuple(_rows(expected)),
        credits=credits_text_of(expected.credits),
        work=f"about {duration(work)}",
        delays=duration(expected.delay_seconds) if expected.delay_seconds else "none",
        total=f"about {duration(work + expected.delay_seconds)}",
        articles=expected.articles,
        is_empty=expected.is_empty,
        budget=_budget(expected, config),
    )


def _rows(expected: Estimate) -> Iterator[EstimateRow]:
    for number, items in expected.totals.items():
        is_known = expected.waiting[number] == items
        yield EstimateRow(
            number=number,
            title=stage_number(number).title,
            icon=STAGE_ICONS[number],
            items=f"{'' if is_known else '~'}{items:,}",
            time=duration(expected.seconds[number]) if items else "–",
            credits="free" if number in expected.free_stages else "unknown",
        )


def _budget(expected: Estimate, config: AutomationConfig) -> str:
    high = Decimal(expected.credits["high"]) if expected.credits else Decimal(0)
    limits = {"run": config.budget_run, "day": config.budget_day, "month": config.budget_month}
    passed = [f"{limit} a {name}" for name, limit in limits.items() if limit and high > limit]
    return ", ".join(passed)
