"""What a person must type before a large or dear run starts: a slip of the hand costs money."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from igny8.automation.budgets import SPANS, spent_in
from igny8.automation.estimates import Estimate
from igny8.automation.models import AutomationConfig, AutomationRun
from igny8.automation.stages import stage_number
from igny8.automation.wording import credits_text

ASK_ABOVE_ARTICLES = 50


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A budget that is set, and what is left of it now."""

    name: str
    budget: Decimal
    left: Decimal

    @property
    def text(self) -> str:
        """`100 a run`, `100 a day, 20 left`."""
        text = f"{credits_text(self.budget)} a {self.name}"
        return text if self.left == self.budget else f"{text}, {credits_text(self.left)} left"


@dataclass(frozen=True, kw_only=True)
class ToType:
    """The number that must be typed, and what it counts: `56 articles`."""

    number: int
    counted: str


def limits_set(config: AutomationConfig) -> list[Limit]:
    """Budgets as they stand before a run: its own, the site's day, the account's month."""
    before = AutomationRun(site=config.site)
    return [
        Limit(
            name=span.removeprefix("budget_"),
            budget=budget,
            left=max(Decimal(0), budget - spent_in(span, before)),
        )
        for span in SPANS
        if (budget := getattr(config, span)) is not None
    ]


def limits_passed(expected: Estimate, config: AutomationConfig) -> list[Limit]:
    """Those that the run may pass, if it costs as much as it may."""
    if expected.total is None or not expected.total.high:
        return []
    return [limit for limit in limits_set(config) if expected.total.high > limit.left]


def number_to_type(expected: Estimate, limits: Sequence[Limit]) -> ToType | None:
    """Of more than 50 articles, or when a budget may be passed; None when a click will do."""
    if expected.articles <= ASK_ABOVE_ARTICLES and not limits:
        return None
    if expected.articles:
        number = expected.articles
        return ToType(number=number, counted=f"{number} article{'' if number == 1 else 's'}")
    stage = max(n for n, items in expected.totals.items() if items)
    number = expected.totals[stage]
    return ToType(number=number, counted=stage_number(stage).count(number))
