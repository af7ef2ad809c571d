"""The status page's figures, read from the rows."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from igny8 import __version__
from igny8.automation.forecast import waiting
from igny8.automation.models import AutomationRun, RunLog
from igny8.automation.pace import eta_of_run, eta_of_stage
from igny8.automation.stage_status import stage_status
from igny8.automation.stages import STAGES, Stage, stage_number
from igny8.automation.status_page import (
    REFRESH_IDLE_SECONDS,
    REFRESH_RUNNING_SECONDS,
    LogLine,
    RunState,
    RunStatus,
    SiteLink,
    StageCard,
    StageStatus,
    StatusPage,
)
from igny8.automation.wording import credits_text, duration
from igny8.sites.models import Site

LOG_LINES = 60
NOTHING = "–"


def status_page_of(site: Site | None) -> StatusPage:
    """The page for one site; without one, the empty installation."""
    links = tuple(
        SiteLink(name=name, slug=slug)
        for name, slug in Site.objects.live().order_by("name").values_list("name", "slug")
    )
    if site is None:
        return StatusPage(version=__version__, sites=links)
    run = newest_run(site)
    running = run is not None and run.status == AutomationRun.Status.RUNNING
    return StatusPage(
        version=__version__,
        sites=links,
        site=SiteLink(name=site.name, slug=site.slug),
        run=_run_state(run) if run else RunState(),
        stages=tuple(_card(site, run, stage) for stage in STAGES),
        pending=sum(waiting(site).values()),
        review=stage_number(len(STAGES)).queue().filter(site=site).count(),
        log=tuple(_log(run, site)) if run else (),
        refresh_seconds=REFRESH_RUNNING_SECONDS if running else REFRESH_IDLE_SECONDS,
    )


def newest_run(site: Site) -> AutomationRun | None:
    """The active pipeline run, else the newest of any."""
    runs = AutomationRun.objects.filter(site=site).order_by("-pk")
    return runs.pipeline().active().first() or runs.first()


def _run_state(run: AutomationRun) -> RunState:
    eta = eta_of_run(run)
    return RunState(
        status=RunStatus(run.status),
        text=_sentence(run),
        run_id=str(run.pk),
        stage=run.current_stage,
        percent=run.percent,
        credits=credits_text(run.credits_used),
        eta=duration(eta) if eta is not None else NOTHING,
        started=_clock_time(run.started_at, run.site),
    )


def _sentence(run: AutomationRun) -> str:
    if run.reason:
        return run.reason
    if run.status == AutomationRun.Status.RUNNING:
        return f"Working on {stage_number(run.current_stage).title}"
    return f"Run {run.pk} is {run.status}"


def _card(site: Site, run: AutomationRun | None, stage: Stage) -> StageCard:
    if run is None or stage.process is None:
        return StageCard(number=stage.number, title=stage.title, status=_gate(run, stage))
    result = run.result(stage.number)
    total = int(result.get("total", result.get("forecast", 0)))
    processed, failed = int(result.get("processed", 0)), int(result.get("failed", 0))
    share = round(100 * failed / processed) if processed else 0
    return StageCard(
        number=stage.number,
        title=stage.title,
        status=StageStatus(stage_status(run, stage)),
        total=total,
        processed=processed,
        remaining=max(0, total - processed),
        created=f"{result.get('created', 0)} {stage.makes[1]}",
        percent=100 * processed // total if total else 0,
        credits=credits_text(Decimal(result.get("credits", "0"))),
        eta=duration(eta_of_stage(run, stage)) if result.get("left") else NOTHING,
        errors=f"{failed} ({share}%)",
        has_high_errors=share > int(run.config["alert_error_percent"]),
        started=_moment(result.get("started_at"), site),
        ended=_moment(result.get("ended_at"), site),
    )


def _gate(run: AutomationRun | None, stage: Stage) -> StageStatus:
    """Stage 7 waits for a person, whatever the run does."""
    reached = run is not None and run.current_stage >= stage.number
    return StageStatus.RUNNING if reached else StageStatus.WAITING


def _log(run: AutomationRun, site: Site) -> Iterator[LogLine]:
    newest = RunLog.objects.filter(run=run).order_by("-pk")[:LOG_LINES]
    for entry in reversed(newest):
        yield LogLine(
            time=f"{entry.at.astimezone(site.zone):%H:%M:%S}",
            message=entry.message,
            level=entry.level,
            stage=entry.stage,
        )


def _moment(stored: str | None, site: Site) -> str:
    return _clock_time(datetime.fromisoformat(stored), site) if stored else NOTHING


def _clock_time(moment: datetime, site: Site) -> str:
    return f"{moment.astimezone(site.zone):%I:%M %p}".lstrip("0")
