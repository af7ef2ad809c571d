"""The whole automation page of a site, from three queries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from igny8.automation.estimates import unpriced_of
from igny8.automation.figures import Figures
from igny8.automation.models import AutomationConfig, AutomationRun
from igny8.automation.presenters.looks import counted
from igny8.automation.presenters.metrics import MetricCard, metric_cards
from igny8.automation.presenters.overall import (
    NO_RUN,
    CurrentStatus,
    Overall,
    current_status,
    no_overall,
    overall_of,
)
from igny8.automation.presenters.pace import paces_of
from igny8.automation.presenters.schedule_row import ScheduleRow, schedule_row
from igny8.automation.presenters.stage_card import (
    StageCard,
    credits_expected,
    credits_of,
    expected_high,
    has_high_errors,
    over_percent,
    resting_card,
    stage_card,
    used_text,
)
from igny8.automation.presenters.status_card import StatusCard, status_card
from igny8.automation.stages import WORK_STAGES, stage_number
from igny8.automation.wording import credits_text

RUNNING_SECONDS, IDLE_SECONDS = 2, 15


@dataclass(frozen=True, kw_only=True)
class Banner:
    tone: str
    icon: str
    strong: str
    text: str
    action: str
    address: str
    query: str = ""
    run: int | None = None


@dataclass(frozen=True, kw_only=True)
class CreditsRow:
    """One stage in the comparison; widths are percent of the largest bar."""

    number: int
    used: str
    expected: str
    used_width: int
    expected_width: int
    is_over: bool


@dataclass(frozen=True, kw_only=True)
class AutomationPage:
    """`seconds` is how long to wait before asking again; `run` None is a site that never ran."""

    run: AutomationRun | None
    schedule: ScheduleRow
    metrics: tuple[MetricCard, ...]
    status: StatusCard
    overall: Overall
    cards: tuple[StageCard, ...]
    review: int
    current: CurrentStatus
    credits: tuple[CreditsRow, ...]
    unpriced: str = ""
    banners: tuple[Banner, ...] = field(default=())

    @property
    def is_running(self) -> bool:
        return self.run is not None and self.run.status == AutomationRun.Status.RUNNING

    @property
    def seconds(self) -> int:
        return RUNNING_SECONDS if self.is_running else IDLE_SECONDS

    @property
    def title(self) -> str:
        """What the browser's tab says: the percentage first while it runs."""
        return f"{self.overall.percent_text} · Automation" if self.is_running else "Automation"


def automation_page(
    config: AutomationConfig,
    run: AutomationRun | None,
    figures: Figures,
    *,
    estimate: str,
    now: datetime,
) -> AutomationPage:
    paces = paces_of(run, figures) if run else None
    overall = (
        overall_of(run, paces, now)
        if run and paces
        else no_overall(estimate if figures.pending else "")
    )
    is_bare = not figures.pending and figures.counts["keywords"].total == 0
    return AutomationPage(
        run=run,
        schedule=schedule_row(config, run, estimate=estimate, is_bare=is_bare),
        metrics=tuple(metric_cards(figures)),
        status=status_card(run, figures, paces),
        overall=overall,
        cards=tuple(
            stage_card(stage, run, paces)
            if run and paces
            else resting_card(stage, figures.waiting[stage.number])
            for stage in WORK_STAGES
        ),
        review=figures.review,
        current=current_status(run, overall) if run else NO_RUN,
        credits=tuple(_credits(run)),
        unpriced=unpriced_of(run) if run else "",
        banners=tuple(_banners(run, figures)),
    )


def _credits(run: AutomationRun | None) -> Iterator[CreditsRow]:
    used = {s.number: credits_of(run.result(s.number)) if run else Decimal(0) for s in WORK_STAGES}
    high = {s.number: (expected_high(run, s.number) if run else None) for s in WORK_STAGES}
    widest = max([*used.values(), *(value or Decimal(0) for value in high.values())]) or Decimal(1)
    for number, amount in used.items():
        expected = credits_expected(run, number) if run else ""
        yield CreditsRow(
            number=number,
            used=used_text(amount, expected),
            expected=expected,
            used_width=int(100 * amount / widest),
            expected_width=int(100 * (high[number] or 0) / widest),
            is_over=bool(run and over_percent(run, number)),
        )


def _banners(run: AutomationRun | None, figures: Figures) -> Iterator[Banner]:
    """What a person should see before anything else; of what was retried since, nothing."""
    attention = sum(count.attention for count in figures.counts.values())
    errors = list(_error_banners(run)) if run and (run.status in run.ACTIVE or attention) else []
    yield from errors
    if run is not None:
        yield from _credit_banners(run)
    is_running = run is not None and run.status == AutomationRun.Status.RUNNING
    if attention > _named(run, errors) and not is_running:
        yield Banner(
            tone="warn",
            icon="triangle-alert",
            strong=f"Needs attention: {counted(attention, 'row')}.",
            text="Answers stayed bad; later runs leave them alone until you retry or edit them.",
            action="View Errors",
            address="automation:attention",
        )


def _named(run: AutomationRun | None, errors: Sequence[Banner]) -> int:
    """Rows that the banners of a run's stages tell of already."""
    if run is None or not errors:
        return 0
    stages = [s.number for s in WORK_STAGES if has_high_errors(run, s.number)]
    return sum(int(run.result(number)["failed"]) for number in stages)


def _error_banners(run: AutomationRun) -> Iterator[Banner]:
    for stage in WORK_STAGES:
        if has_high_errors(run, stage.number):
            result = run.result(stage.number)
            share = 100 * result["failed"] / result["processed"]
            yield Banner(
                tone="bad",
                icon="circle-alert",
                strong=f"Error rate in stage {stage.number} is {share:.1f}%,",
                text=f"above your limit of {run.config['alert_error_percent']}%: "
                f"{stage_number(stage.number).count(result['failed'])} parked.",
                action="View Errors",
                address="automation:run",
                query=f"?tab=errors&stage={stage.number}",
                run=run.pk,
            )


def _credit_banners(run: AutomationRun) -> Iterator[Banner]:
    for stage in WORK_STAGES:
        if over := over_percent(run, stage.number):
            yield Banner(
                tone="warn",
                icon="coins",
                strong=f"Stage {stage.number} used {over}% more credits than estimated",
                text=f"({credits_text(credits_of(run.result(stage.number)))} of "
                f"{credits_expected(run, stage.number)}).",
                action="View run",
                address="automation:run",
                run=run.pk,
            )
