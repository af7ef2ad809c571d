"""The band above the history: what a site's runs of the last thirty days came to."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from igny8.automation.models import AutomationRun
from igny8.automation.presenters.stage_card import NOTHING
from igny8.automation.wording import credits_text
from igny8.sites.models import Site

DAYS = 30
PARTS = 6
MOST_RUNS = 400
ARTICLES_STAGE = 4
WIDE, HIGH = 64, 20
Status = AutomationRun.Status


@dataclass(frozen=True, kw_only=True)
class Total:
    """`line` are the points of a small curve, one for each five days; empty without any runs."""

    title: str
    value: str
    note: str
    line: str = ""


def run_totals(site: Site, now: datetime) -> tuple[Total, ...]:
    """One query; empty when nothing ran."""
    since = now - timedelta(days=DAYS)
    found = AutomationRun.objects.pipeline().filter(site=site, started_at__gte=since)
    shown = found.only("status", "started_at", "credits_used", "estimate", "stage_4_result")
    runs = list(shown.order_by("-pk")[:MOST_RUNS])
    if not runs:
        return ()
    return (_runs(runs, now), _articles(runs, now), _credits(runs, now), _accuracy(runs))


def _runs(runs: Sequence[AutomationRun], now: datetime) -> Total:
    ended = Counter(str(run.status) for run in runs)
    words = [f"{ended[s]} {s}" for s in (Status.COMPLETED, Status.FAILED) if ended[s]]
    return Total(
        title=f"Runs, last {DAYS} days",
        value=f"{len(runs):,}",
        note=", ".join(words) or "none has ended yet",
        line=_line(runs, now, lambda run: 1),
    )


def _articles(runs: Sequence[AutomationRun], now: datetime) -> Total:
    number = sum(map(_made, runs))
    return Total(
        title="Articles written",
        value=f"{number:,}",
        note=f"{round(number / len(runs)):,} a run on average",
        line=_line(runs, now, _made),
    )


def _credits(runs: Sequence[AutomationRun], now: datetime) -> Total:
    used, articles = sum((run.credits_used for run in runs), Decimal(0)), sum(map(_made, runs))
    each = f"{credits_text(used / articles)} an article, images included" if articles else ""
    each = each if used else "nothing was charged"
    return Total(
        title="Credits",
        value=credits_text(used),
        note=each or "no article yet",
        line=_line(runs, now, lambda run: float(run.credits_used)),
    )


def _accuracy(runs: Sequence[AutomationRun]) -> Total:
    """Of completed runs whose price was known before."""
    off = [against_estimate(run) for run in runs if run.status == Status.COMPLETED]
    known = [percent for percent in off if percent is not None]
    title = "Within the estimate"
    if not known:
        return Total(title=title, value=NOTHING, note="no completed run had a price")
    right, worst = sum(percent == 0 for percent in known), max(known, key=abs)
    note = f"the furthest off: {worst:+}%" if worst else "none was off"
    return Total(title=title, value=f"{right:,} of {len(known):,}", note=note)


def against_estimate(run: AutomationRun) -> int | None:
    """By how many percent a run left its estimate, 0 inside it; None where no price was known."""
    expected = run.estimate.get("credits")
    if not expected or not Decimal(expected["high"]):
        return None
    low, high, used = Decimal(expected["low"]), Decimal(expected["high"]), run.credits_used
    nearest = min(max(used, low), high)
    return round(100 * (used - nearest) / nearest) if nearest else None


def _made(run: AutomationRun) -> int:
    return int(run.result(ARTICLES_STAGE).get("created", 0))


def _line(
    runs: Sequence[AutomationRun], now: datetime, value: Callable[[AutomationRun], float]
) -> str:
    """Sums of five days each, oldest first, as points of a curve."""
    parts = [0.0] * PARTS
    for run in runs:
        age = (now - run.started_at) / timedelta(days=DAYS)
        parts[max(0, PARTS - 1 - int(age * PARTS))] += value(run)
    top = max(parts)
    if not top:
        return ""
    step = WIDE / (PARTS - 1)
    return " ".join(
        f"{step * at:.1f},{HIGH - 2 - (HIGH - 4) * part / top:.1f}" for at, part in enumerate(parts)
    )
