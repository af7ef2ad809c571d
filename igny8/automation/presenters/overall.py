"""The bar of the whole run, and the record of its state in card 8."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from igny8.automation.estimates import UNPRICED, credits_text_of
from igny8.automation.models import AutomationRun
from igny8.automation.presenters.looks import FULL, LOOKS, bar_manner, held, look_of
from igny8.automation.presenters.pace import Paces
from igny8.automation.presenters.stage_card import NOTHING, UNKNOWN, total_of, used_text
from igny8.automation.results import is_forecast
from igny8.automation.stages import STAGES, WORK_STAGES
from igny8.automation.wording import duration
from igny8.theme.looks import Look

SHORT_TITLES = ("Clusters", "Ideas", "Tasks", "Content", "Image prompts", "Images", "Review")
ENDINGS = {"completed": "Finished", "failed": "Stopped", "cancelled": "Cancelled"}


@dataclass(frozen=True, kw_only=True)
class Step:
    number: int
    title: str
    is_done: bool = False
    is_current: bool = False


@dataclass(frozen=True, kw_only=True)
class Overall:
    """`percent` has a `~` in its text while totals are forecasts; `at` is when it is done."""

    percent: int = 0
    percent_text: str = "0%"
    stage: str = "Not started"
    items: str = ""
    eta_label: str = ""
    eta: str = ""
    at: datetime | None = None
    credits: str = "0"
    credits_expected: str = ""
    bar: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def expected_text(self) -> str:
        """What stands behind the credits used: ` of ~842 estimated`, `, free`."""
        if not self.credits_expected:
            return ""
        if self.credits_expected == "free":
            return ", free"
        if self.credits_expected == UNPRICED:
            return "" if self.credits == UNKNOWN else f", {UNPRICED}"
        return f" of {self.credits_expected.removesuffix(' credits')} estimated"

    @property
    def full_width(self) -> int:
        """How wide the whole walk of colours is, in percent of what is filled."""
        return FULL * FULL // self.percent if self.percent else FULL

    @property
    def is_full(self) -> bool:
        return self.percent == FULL


def no_overall(expected: str) -> Overall:
    """Of a site that never ran: what its first run is expected to cost, empty without work."""
    return Overall(steps=_steps(0), credits_expected=expected)


def overall_of(run: AutomationRun, paces: Paces, now: datetime) -> Overall:
    label, eta, at = _end(run, paces, now)
    return Overall(
        percent=run.percent,
        percent_text=f"{'~' if _is_rough(run) else ''}{run.percent}%",
        stage=f"Stage {run.current_stage}/{len(STAGES)}",
        items=_items(run),
        eta_label=label,
        eta=eta,
        at=at,
        credits=run_credits(run),
        credits_expected=credits_range(run),
        bar=bar_manner(held(run, run.status), run.percent),
        steps=_steps(run.current_stage),
    )


def run_credits(run: AutomationRun) -> str:
    """What it used; `unknown` while nothing could be booked because no price is known."""
    is_unpriced = bool(run.estimate.get("unpriced")) and run.estimate.get("credits") is None
    return used_text(run.credits_used, UNKNOWN if is_unpriced else "")


def credits_range(run: AutomationRun) -> str:
    return credits_text_of(run.estimate.get("credits"))


def _is_rough(run: AutomationRun) -> bool:
    return run.status in AutomationRun.ACTIVE and is_forecast(run)


def _items(run: AutomationRun) -> str:
    totals = sum(total_of(run.result(stage.number)) for stage in WORK_STAGES)
    done = sum(int(run.result(stage.number).get("processed", 0)) for stage in WORK_STAGES)
    return f"{done:,} of {'~' if _is_rough(run) else ''}{totals:,} items"


def _end(run: AutomationRun, paces: Paces, now: datetime) -> tuple[str, str, datetime | None]:
    if run.status == AutomationRun.Status.RUNNING:
        seconds = paces.run_seconds() + _wait(run, now)
        return "Done in about", duration(seconds), now + timedelta(seconds=seconds)
    if run.status == AutomationRun.Status.PAUSED:
        return "Left when resumed", f"about {duration(paces.run_seconds())}", None
    return ENDINGS[run.status], "", run.ended_at


def _wait(run: AutomationRun, now: datetime) -> float:
    """Seconds until a waiting run may go on."""
    if run.wake_at is None or not run.is_waiting:
        return 0.0
    return max(0.0, (run.wake_at - now).total_seconds())


def _steps(current: int) -> tuple[Step, ...]:
    return tuple(
        Step(number=n, title=title, is_done=n < current, is_current=n == current)
        for n, title in enumerate(SHORT_TITLES, 1)
    )


@dataclass(frozen=True, kw_only=True)
class CurrentStatus:
    """Stage 8: read-only."""

    look: Look
    title: str
    text: str
    run_id: str = NOTHING
    started: datetime | None = None
    stage: str = NOTHING
    credits: str = "0"
    percent: str = "0%"


NO_RUN = CurrentStatus(
    look=Look("Ready", "idle", "clock"), title="No runs yet", text="The first run shows here"
)
EIGHT_ICONS = {"failed": "x"}


def current_status(run: AutomationRun, overall: Overall) -> CurrentStatus:
    look = LOOKS["held"] if held(run, run.status) == "held" else look_of(run)
    return CurrentStatus(
        look=Look(look.word, look.tone, EIGHT_ICONS.get(run.status, look.icon)),
        title=look.word,
        text=_text(run),
        run_id=str(run.pk),
        started=run.started_at,
        stage=f"{run.current_stage} of {len(STAGES)}",
        credits=overall.credits,
        percent=overall.percent_text,
    )


def _text(run: AutomationRun) -> str:
    if run.status == AutomationRun.Status.RUNNING:
        return f"Stage {run.current_stage}, {SHORT_TITLES[run.current_stage - 1].lower()}"
    if run.status == AutomationRun.Status.COMPLETED:
        return (
            "At the review gate"
            if run.current_stage == len(STAGES)
            else f"Stopped after stage {run.current_stage}, as asked"
        )
    return run.reason
