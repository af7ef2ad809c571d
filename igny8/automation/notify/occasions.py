"""What is worth a notice: each occasion is one call in the transaction of what happened."""

from decimal import Decimal

from igny8.automation.budgets import nearly_used
from igny8.automation.log import warn
from igny8.automation.models import AutomationConfig, AutomationRun, Event, RunItem
from igny8.automation.notify.announcing import announce
from igny8.automation.stages import STAGES, WORK_STAGES, Stage
from igny8.core.rows import as_moment, select_rows

OF_A_CONNECTION = ("credentials", "quota")
LATELY = 20
SPIKE_ERRORS, SPIKE_SHARE = 3, 0.2


def announce_completed(run: AutomationRun) -> None:
    """Of a whole run that did something; what a person chose by hand, that person waits for."""
    if run.kind == AutomationRun.Kind.PIPELINE and _total(run, "total"):
        says = f"Run {run.pk} is complete: {_where_it_ended(run)}{_parked(run)}."
        announce(Event.RUN_COMPLETED, site=run.site, run=run, key=f"{run.ref}/completed", says=says)


def announce_failed(run: AutomationRun) -> None:
    announce(
        Event.RUN_FAILED,
        site=run.site,
        run=run,
        key=f"{run.ref}/failed",
        says=f"Run {run.pk} failed: {run.reason}. What was made so far stays.",
        reason_code=run.reason_code,
    )


def announce_paused(run: AutomationRun) -> None:
    """Of a pause that nobody asked for; an outage is told once, however often it is tried again."""
    if run.wake_at is not None and run.retries > 1:
        return
    announce(
        Event.CONNECTION_ATTENTION if run.reason_code in OF_A_CONNECTION else Event.RUN_PAUSED,
        site=run.site,
        run=run,
        key=f"{run.ref}/paused/{run.version}",
        says=f"Run {run.pk} paused. {run.reason.rstrip('.')}. {_what_next(run)}",
        reason_code=run.reason_code,
    )


def announce_missed_slots(run: AutomationRun, says: str) -> None:
    """`run` is the one in the way: once a run is enough."""
    announce(
        Event.SLOTS_MISSED, site=run.site, run=run, key=f"{run.ref}/slots_missed", says=f"{says}."
    )


def watch_errors(run: AutomationRun, stage: Stage) -> None:
    """After an item was parked: are there too many among the last ones of this stage?"""
    ended = _ended_lately(run, stage)
    errors = ended.count(RunItem.State.FAILED)
    if errors < SPIKE_ERRORS or errors < SPIKE_SHARE * len(ended):
        return
    says = (
        f"Errors pile up in stage {stage.number} of run {run.pk}: "
        f"{errors} of the last {len(ended)} items"
    )
    key = f"{run.ref}/error_spike/{stage.number}"
    if announce(Event.ERROR_SPIKE, site=run.site, run=run, key=key, says=f"{says}."):
        warn(run, says, stage=stage.number)


def watch_credits(run: AutomationRun, before: Decimal | None = None) -> None:
    """After credits were counted anew: costs it more than was said, by more than allowed?

    Nobody looks when they are what they were `before`."""
    used, expected = run.credits_used, run.estimate.get("credits")
    if used == before or not expected or used <= Decimal(expected["high"]):
        return
    percent = AutomationConfig.objects.values_list("alert_over_estimate_percent", flat=True).get(
        site=run.site_id
    )
    high = Decimal(expected["high"])
    if used <= high * (100 + percent) / 100:
        return
    says = (
        f"Run {run.pk} has used {used:,.1f} credits, over {percent} % more than "
        f"the {high:,.1f} it was estimated to need at most"
    )
    key = f"{run.ref}/over_estimate"
    if announce(Event.OVER_ESTIMATE, site=run.site, run=run, key=key, says=f"{says}."):
        warn(run, says)


def watch_budgets(run: AutomationRun, before: Decimal) -> None:
    """After the stage was counted anew: is a budget nearly used up?"""
    if run.credits_used == before:
        return
    for near in nearly_used(run):
        says = f"{near.spent:,.1f} of {near.limit:,.1f} credits for {near.whose} are used"
        key = f"{near.key}/{near.limit}"
        if announce(Event.BUDGET_NEARLY_USED, site=run.site, run=run, key=key, says=f"{says}."):
            warn(run, says)


def _where_it_ended(run: AutomationRun) -> str:
    if run.current_stage != len(STAGES):
        return f"it stopped after stage {run.current_stage}, as asked"
    waiting = int(run.result(len(STAGES)).get("total", 0))
    return f"{waiting:,} article{' waits' if waiting == 1 else 's wait'} for review"


def _parked(run: AutomationRun) -> str:
    failed = _total(run, "failed")
    return f", {failed:,} item{' needs' if failed == 1 else 's need'} attention" if failed else ""


def _total(run: AutomationRun, what: str) -> int:
    return sum(int(run.result(stage.number).get(what, 0)) for stage in WORK_STAGES)


def _what_next(run: AutomationRun) -> str:
    if run.wake_at is None:
        return "It goes on when somebody resumes it."
    return f"It tries again by itself at {run.wake_at.astimezone(run.site.zone):%H:%M %Z}."


_ENDED = """
SELECT state, ended_at FROM igny8_run_items
WHERE run_id = %s AND stage = %s AND state = %s ORDER BY batch_no DESC, ended_at DESC LIMIT %s
"""


def _ended_lately(run: AutomationRun, stage: Stage) -> list[str]:
    """The states of the items that ended last."""
    states = (RunItem.State.DONE, RunItem.State.FAILED, RunItem.State.SKIPPED)
    found = [
        row
        for state in states  # one by one: so the index has them in order
        for row in select_rows(_ENDED, [run.pk, stage.number, state, LATELY])
    ]
    found.sort(key=lambda row: as_moment(row[1]) or run.started_at, reverse=True)
    return [state for state, _ in found[:LATELY]]
