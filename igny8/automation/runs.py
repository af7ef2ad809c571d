"""What a person, the schedule or the API does to a run: start, pause, resume, cancel."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.db.models import Q

from igny8.ai.gate import leave_line
from igny8.automation.estimates import Estimate, estimate
from igny8.automation.generations import hand_over_run, next_generation
from igny8.automation.log import say
from igny8.automation.models import AutomationConfig, AutomationRun, RunItem
from igny8.automation.stages import Stage
from igny8.core import clock
from igny8.core.crashpoints import committing
from igny8.core.errors import UserError
from igny8.sites.models import Site

A_PERSON = "a person"
ALWAYS = Q()
Status = AutomationRun.Status


def config_of(site: Site) -> AutomationConfig:
    """The site's automation settings; sample sites run without delays."""
    delays = {"within_stage_delay": 0, "between_stage_delay": 0} if site.is_sample else {}
    config, _ = AutomationConfig.objects.get_or_create(site=site, defaults=delays)
    return config


def active_run(site: Site) -> AutomationRun | None:
    """The site's one running or paused pipeline run."""
    return AutomationRun.objects.pipeline().active().filter(site=site).first()


def newest_run(site: Site) -> AutomationRun | None:
    """The active pipeline run, else the newest of any."""
    runs = AutomationRun.objects.filter(site=site).order_by("-pk")
    return runs.pipeline().active().first() or runs.first()


@dataclass(frozen=True, kw_only=True)
class PlannedRun:
    """A run as it would start now, with what it would cost and take."""

    first_stage: int
    stop_after: int | None
    expected: Estimate


def plan_run(site: Site, *, first_stage: int = 1, stop_after: int | None = None) -> PlannedRun:
    """Groups what waits, so it is called before a transaction and not in it.

    Raises UserError when the run would stop before it begins; the site's own stop, which lets a
    person look first, is behind a run that begins after it.
    """
    config = config_of(site)
    if stop_after is not None and stop_after < first_stage:
        raise UserError(
            f"Nothing to run: stage {stop_after} lies before stage {first_stage}. "
            f"Stop after stage {first_stage} or later."
        )
    stop = stop_after or config.own_stop(first_stage)
    expected = estimate(site, config, first_stage=first_stage, stop_after=stop)
    return PlannedRun(first_stage=first_stage, stop_after=stop, expected=expected)


def start_run(
    site: Site,
    *,
    trigger: AutomationRun.Trigger = AutomationRun.Trigger.MANUAL,
    first_stage: int = 1,
    stop_after: int | None = None,
    by: str = "",
) -> AutomationRun:
    """A new pipeline run, or the active one. Raises UserError as `plan_run` does."""
    planned = plan_run(site, first_stage=first_stage, stop_after=stop_after)
    return start_planned_run(site, planned, trigger=trigger, by=by)


def start_planned_run(
    site: Site, planned: PlannedRun, *, trigger: AutomationRun.Trigger, by: str = ""
) -> AutomationRun:
    """A new pipeline run, or the active one: two starts at once make one run."""
    try:
        with committing("start run"):
            return _create(
                site,
                planned.expected,
                kind=AutomationRun.Kind.PIPELINE,
                trigger=trigger,
                started_by=by,
                first_stage=planned.first_stage,
                stop_after=planned.stop_after,
            )
    except IntegrityError:
        if (run := active_run(site)) is None:
            raise
        return run


def start_selection(site: Site, stage: Stage, ids: Sequence[int]) -> AutomationRun:
    """The operation of one stage on chosen rows: the same runner, the same log."""
    expected = estimate(
        site,
        config_of(site),
        first_stage=stage.number,
        stop_after=stage.number,
        selection=len(ids),
    )
    with committing("start selection"):
        return _create(
            site,
            expected,
            kind=AutomationRun.Kind.SELECTION,
            trigger=AutomationRun.Trigger.MANUAL,
            first_stage=stage.number,
            stop_after=stage.number,
            selection=list(ids),
        )


def pause_run(run: AutomationRun, *, by: str = A_PERSON) -> None:
    """Takes effect before the next call; the one in flight is kept."""
    _turn(
        run,
        (Status.RUNNING,),
        "only a running run can be paused",
        f"Paused by {by}",
        status=Status.PAUSED,
        reason_code="by_person",
        reason=f"Paused by {by}",
    )


def cancel_run(run: AutomationRun, *, by: str = A_PERSON) -> None:
    """Final; what is made so far stays, and what was answered is not paid again."""
    _turn(
        run,
        AutomationRun.ACTIVE,
        "it is over already",
        f"Cancelled by {by}",
        status=Status.CANCELLED,
        reason_code="by_person",
        reason=f"Cancelled by {by}",
        ended_at=clock.end_of(run.started_at),
        wake_at=None,
        waiting_for="",
    )


def resume_run(run: AutomationRun, *, by: str = A_PERSON, why: str = "", where: Q = ALWAYS) -> None:
    """Goes on where it was, in the workflow that is still there or in a new one."""
    with committing("resume"):
        _turn(
            run,
            (Status.PAUSED,),
            "only a paused run can be resumed",
            why or f"Resumed by {by}",
            where=where,
            status=Status.RUNNING,
            reason_code="",
            reason="",
            wake_at=None,
            waiting_for="",
            crashes=0,
        )
        if AutomationRun.objects.filter(pk=run.pk, worker=None).exists():
            next_generation(run.pk, Q(worker=None))
            hand_over_run(run.pk)


def calls_in_flight(run: AutomationRun) -> bool:
    """True while a paused or cancelled run still waits for an answer."""
    return RunItem.objects.filter(run=run, state=RunItem.State.WORKING).exists()


def _turn(
    run: AutomationRun,
    allowed: Sequence[str],
    refusal: str,
    line: str,
    *,
    where: Q = ALWAYS,
    **values: Any,
) -> None:
    """A conditional UPDATE: what somebody else did in between wins."""
    with committing("turn run"):
        rows = AutomationRun.objects.filter(where, pk=run.pk, status__in=allowed)
        if not rows.update(**values, updated_at=clock.now()):
            now = AutomationRun.objects.values_list("status", flat=True).get(pk=run.pk)
            raise UserError(f"Run {run.pk} is {now}: {refusal}.")
        leave_line(run.ref)
        say(run, line)
        run.refresh_from_db()
        AutomationRun.objects.filter(pk=run.pk).update(version=run.version + 1)


def _require_live(site: Site) -> None:
    """From here on it is archived only when the run is there to be cancelled with it. On SQLite the
    transaction itself is the lock."""
    live = Site.objects.live().select_for_update(of=("self",), no_key=True).filter(pk=site.pk)
    if live.values_list("pk").first() is None:
        raise UserError(f"{site.name} is archived; bring it back, then start a run.")


def _create(site: Site, expected: Estimate, **values: Any) -> AutomationRun:
    _require_live(site)
    run = AutomationRun(site=site, config=dict(expected.settings), **values)
    run.estimate = expected.as_json()
    for number, items in expected.totals.items():
        facts = {"status": "waiting", "waiting": expected.waiting[number], "forecast": items}
        setattr(run, f"stage_{number}_result", facts)
    run.current_stage = values["first_stage"]
    run.save(force_insert=True)
    say(run, f"Run {run.pk} started ({run.trigger})")
    hand_over_run(run.pk)
    return run
