"""One stage as its card shows it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from igny8.automation.models import AutomationRun
from igny8.automation.presenters.looks import (
    FULL,
    LOOKS,
    STAGE_ICONS,
    bar_manner,
    held,
    percent_of,
    percent_tone,
)
from igny8.automation.presenters.pace import Paces
from igny8.automation.stage_status import stage_status
from igny8.automation.stages import Stage
from igny8.automation.wording import credits_text, duration
from igny8.theme.looks import Look

NOTHING, UNKNOWN = "–", "unknown"
VERBS = {
    1: "Keywords clustered",
    2: "Clusters expanded",
    3: "Tasks created",
    4: "Articles written",
    5: "Prompts written",
    6: "Images generated",
}


@dataclass(frozen=True, kw_only=True)
class StageCard:
    """Texts are ready to read: `~224` is a forecast, `2 (3.6%)` the errors among the processed."""

    number: int
    title: str
    look: Look
    total: str = "0"
    processed: int = 0
    remaining: str = "0"
    created: str = ""
    percent: int = 0
    bar: str = ""
    credits: str = "0"
    credits_expected: str = ""
    over_percent: int = 0
    eta_label: str = "ETA"
    eta: str = NOTHING
    failed: int = 0
    errors: str = "0"
    has_high_errors: bool = False
    started: datetime | None = None
    ended: datetime | None = None

    @property
    def icon(self) -> str:
        return STAGE_ICONS[self.number]

    @property
    def verb(self) -> str:
        return VERBS[self.number]

    @property
    def tone(self) -> str:
        return percent_tone(self.percent)

    @property
    def is_active(self) -> bool:
        return self.look is LOOKS["running"] or self.look is LOOKS["held"]

    @property
    def is_failed(self) -> bool:
        return self.look is LOOKS["failed"]

    @property
    def is_skipped(self) -> bool:
        return self.look is LOOKS["skipped"]

    @property
    def is_full(self) -> bool:
        return self.percent == FULL


def resting_card(stage: Stage, waiting: int) -> StageCard:
    """Of a site that never ran: what waits there."""
    return StageCard(
        number=stage.number,
        title=stage.title,
        look=LOOKS["ready" if waiting else "empty"],
        total=f"{waiting:,}",
        remaining=f"{waiting:,}",
        created=f"0 {stage.makes[1]}",
    )


def stage_card(stage: Stage, run: AutomationRun, paces: Paces) -> StageCard:
    result, status = run.result(stage.number), held(run, stage_status(run, stage))
    total, processed = total_of(result), int(result.get("processed", 0))
    failed, percent = int(result.get("failed", 0)), percent_of(processed, total)
    is_forecast = not result.get("opened") and total > 0
    label, eta = _time(run, stage, paces, status)
    over = over_percent(run, stage.number)
    return StageCard(
        number=stage.number,
        title=stage.title,
        look=LOOKS[status],
        total=f"~{total:,}" if is_forecast else f"{total:,}",
        processed=processed,
        remaining=f"{'~' if is_forecast else ''}{max(0, total - processed):,}",
        created=_created(stage, int(result.get("created", 0))),
        percent=percent,
        bar=bar_manner(status, percent),
        credits=used_text(credits_of(result), credits_expected(run, stage.number)),
        credits_expected=credits_expected(run, stage.number),
        over_percent=over,
        eta_label=label,
        eta=eta,
        failed=failed,
        errors=errors_text(failed, processed),
        has_high_errors=has_high_errors(run, stage.number),
        started=moment_of(result, "started_at"),
        ended=moment_of(result, "ended_at"),
    )


def total_of(result: dict[str, Any]) -> int:
    return int(result.get("total", result.get("forecast", 0)))


def moment_of(result: dict[str, Any], name: str) -> datetime | None:
    stored = result.get(name)
    return datetime.fromisoformat(stored) if stored else None


def credits_of(result: dict[str, Any]) -> Decimal:
    return Decimal(result.get("credits", "0"))


def errors_text(failed: int, processed: int) -> str:
    return (
        f"{failed:,} ({100 * failed / processed:.1f}%)" if failed and processed else f"{failed:,}"
    )


def has_high_errors(run: AutomationRun, stage: int) -> bool:
    result = run.result(stage)
    failed, processed = int(result.get("failed", 0)), int(result.get("processed", 0))
    return 100 * failed > int(run.config.get("alert_error_percent", FULL)) * processed


def used_text(used: Decimal, expected: str) -> str:
    """What was used; of an unknown price nothing was booked, which is not nothing used."""
    return UNKNOWN if expected == UNKNOWN and not used else credits_text(used)


def credits_expected(run: AutomationRun, stage: int) -> str:
    """The upper end of the stage's estimate, `free` or `unknown`; nothing when it had none."""
    entry = _estimate_of(run, stage)
    if entry is None:
        return ""
    if not entry["credits"]:
        return UNKNOWN
    high = Decimal(entry["credits"]["high"])
    return credits_text(high) if high else "free"


def expected_high(run: AutomationRun, stage: int) -> Decimal | None:
    entry = _estimate_of(run, stage)
    known = entry and entry["credits"]
    return Decimal(known["high"]) if known else None


def item_credits(run: AutomationRun, stage: int) -> Decimal | None:
    """What one item of a stage takes: as in this run, else as expected; None when unknown."""
    result = run.result(stage)
    used, processed = credits_of(result), int(result.get("processed", 0))
    if used and processed:
        return used / processed
    high, items = expected_high(run, stage), (_estimate_of(run, stage) or {}).get("items", 0)
    return high / items if high and items else high


def _estimate_of(run: AutomationRun, stage: int) -> dict[str, Any] | None:
    entries = {entry["number"]: entry for entry in run.estimate.get("stages", [])}
    return entries.get(stage)


def over_percent(run: AutomationRun, stage: int) -> int:
    """By how much more than estimated the stage has cost, once that is worth an alert."""
    high, used = expected_high(run, stage), credits_of(run.result(stage))
    limit = int(run.config.get("alert_over_estimate_percent", 20))
    if not high or used * 100 <= high * (100 + limit):
        return 0
    return int(used / high * 100) - 100


def _created(stage: Stage, number: int) -> str:
    return f"{number:,} {stage.makes[number != 1]}"


def _time(run: AutomationRun, stage: Stage, paces: Paces, status: str) -> tuple[str, str]:
    result = run.result(stage.number)
    began, ended = moment_of(result, "started_at"), moment_of(result, "ended_at")
    if status == "done" and began and ended:
        return "Took", duration((ended - began).total_seconds())
    if status in ("skipped", "failed", "cancelled") or run.status not in run.ACTIVE:
        return "ETA", NOTHING
    if run.status == AutomationRun.Status.PAUSED:
        return "ETA", "on hold"
    return "ETA", paces.stage_text(stage) if total_of(result) else NOTHING
