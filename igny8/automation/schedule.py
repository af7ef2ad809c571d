"""When a site's run is due, and starting it exactly once."""

import logging
from datetime import datetime

from django.db.models import F

from igny8.automation.log import say, warn
from igny8.automation.models import AutomationConfig, AutomationRun
from igny8.automation.notify.occasions import announce_missed_slots
from igny8.automation.runs import PlannedRun, active_run, plan_run, start_planned_run
from igny8.automation.slots import Timetable, next_slot
from igny8.automation.stages import WORK_STAGES
from igny8.core import clock
from igny8.core.crashpoints import committing
from igny8.core.errors import UserError
from igny8.core.outages import AWAY

MISSED_LIMIT = 3
Schedule = AutomationConfig.Schedule
Trigger = AutomationRun.Trigger

log = logging.getLogger(__name__)


def start_due_runs() -> None:
    """Gives every due slot its run; any number of workers may do this at the same time.

    After downtime that is one run: the slot missed last is younger than a period, as the one
    after it is still to come; those before it are history.
    """
    now = clock.now()
    scheduled = AutomationConfig.objects.filter(enabled=True, site__archived_at=None)
    for config in scheduled.exclude(schedule=Schedule.OFF).select_related("site__account"):
        try:
            _look_after(config, now)
        except UserError as error:
            _note(config, str(error))
        except AWAY:
            raise
        except Exception:  # one site's trouble keeps no other from its slot
            log.exception("%s was not looked after and will be tried again", config.site)


def reschedule(config: AutomationConfig) -> None:
    """Sets when the next run is due, None without a schedule; to be called when settings or the
    site's time zone changed. Raises ScheduleError when the stored cron expression is none."""
    stored = AutomationConfig.objects.select_related("site").get(pk=config.pk)
    config.next_run_at = _slot_after(stored, clock.now())
    AutomationConfig.objects.filter(pk=config.pk).update(
        next_run_at=config.next_run_at, updated_at=clock.now()
    )


def _look_after(config: AutomationConfig, now: datetime) -> None:
    following = _slot_after(config, now)
    if config.next_run_at is not None and config.next_run_at <= now:
        _take_slot(config, following, now)
    elif config.next_run_at != following:
        # The settings, the zone's rules or this machine's clock are not what they were.
        reschedule(config)


def _slot_after(config: AutomationConfig, moment: datetime) -> datetime | None:
    if not config.enabled:
        return None
    timetable = Timetable(
        kind=config.schedule,
        at=config.schedule_time,
        weekday=config.schedule_weekday,
        day=config.schedule_day,
        cron=config.schedule_cron,
    )
    return next_slot(timetable, moment, config.site.zone)


def _take_slot(config: AutomationConfig, following: datetime | None, now: datetime) -> None:
    """One UPDATE claims the slot; whoever comes second finds it gone and does nothing."""
    planned = plan_run(config.site) if _is_anything_pending(config) else None
    with committing("take slot"):
        mine = AutomationConfig.objects.filter(
            pk=config.pk, enabled=True, next_run_at=config.next_run_at, site__archived_at=None
        )
        if mine.update(next_run_at=following, updated_at=now):
            _use_slot(config, planned, f"{now.astimezone(config.site.zone):%H:%M}")


def _use_slot(config: AutomationConfig, planned: PlannedRun | None, at: str) -> None:
    run = active_run(config.site)
    if run is None:
        if planned is None:
            _note(config, f"Checked {at}, nothing to do")
            return
        run = start_planned_run(config.site, planned, trigger=Trigger.SCHEDULE)
        # A run that somebody else started at this moment is handed back instead; it is known by
        # its trigger, because only the holder of a slot makes scheduled ones.
        if run.trigger == Trigger.SCHEDULE:
            _note(config, f"Started run {run.pk} at {at}")
            return
    _skip_slot(config, run, at)


def _is_anything_pending(config: AutomationConfig) -> bool:
    """False when a run would find nothing to do before it has to stop."""
    return any(stage.pending(config.site).exists() for stage in WORK_STAGES[: config.stop_after])


def _skip_slot(config: AutomationConfig, run: AutomationRun, at: str) -> None:
    """Never queued: the next slot takes what is pending then."""
    missed = config.slots_missed + 1
    say(run, f"Scheduled run of {at} skipped: run {run.pk} is {run.status}")
    if missed == MISSED_LIMIT:
        says = (
            f"{missed} scheduled runs in a row were skipped because of run {run.pk}; "
            "resume or cancel it, or choose a rarer schedule"
        )
        warn(run, says)
        announce_missed_slots(run, says)
    AutomationRun.objects.filter(pk=run.pk).update(version=F("version") + 1, updated_at=clock.now())
    _note(config, f"Skipped {at}: run {run.pk} is {run.status}", slots_missed=missed)


def _note(config: AutomationConfig, text: str, *, slots_missed: int = 0) -> None:
    AutomationConfig.objects.filter(pk=config.pk).update(
        last_check=text[:200], last_checked_at=clock.now(), slots_missed=slots_missed
    )
