"""A site's state as the public contract gives it: counts of rows, and the run that matters."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from igny8.automation.models import AutomationRun
from igny8.automation.pace import eta_of_run
from igny8.automation.runs import newest_run
from igny8.automation.stage_status import stage_status
from igny8.automation.stages import STAGES, Stage
from igny8.planner.models import ContentIdea, Keyword
from igny8.sites.models import Site
from igny8.writer.models import Content, Image, Task

COUNTERS = ("processed", "created", "failed", "skipped", "batches", "retries")
UNKNOWN_CREDITS = {"low": None, "high": None}
PARKED = Q(parked_at__isnull=False)


def status_of(site: Site) -> dict[str, Any]:
    run = newest_run(site)
    keywords = site.keywords.exclude(status=Keyword.Status.IGNORED)
    with_ideas = Exists(ContentIdea.objects.filter(cluster=OuterRef("pk")))
    return {
        "site": site.slug,
        "keywords": _counts(keywords, Q(status=Keyword.Status.MAPPED)),
        "clusters": _counts(site.clusters.all(), Q(with_ideas)),
        "ideas": _counts(site.ideas.all(), ~Q(status=ContentIdea.Status.NEW)),
        "tasks": _counts(site.tasks.all(), Q(status=Task.Status.COMPLETED)),
        "content": _counts(site.contents.all(), _illustrated()),
        "images": _counts(site.images.all(), Q(status=Image.Status.GENERATED)),
        "review": site.contents.filter(status=Content.Status.REVIEW).count(),
        "run": run_status(run) if run else None,
    }


def run_status(run: AutomationRun) -> dict[str, Any]:
    eta = eta_of_run(run)
    return {
        "run_id": run.pk,
        "kind": run.kind,
        "trigger": run.trigger,
        "status": run.status,
        "reason_code": run.reason_code,
        "reason": run.reason,
        "current_stage": run.current_stage,
        "credits_estimated": run.estimate.get("credits") or UNKNOWN_CREDITS,
        "credits_used": _decimal(run.credits_used),
        "percent": run.percent,
        "eta_seconds": None if eta is None else round(eta),
        "started_at": moment(run.started_at),
        "ended_at": moment(run.ended_at),
        "stages": [_stage(run, stage) for stage in STAGES],
    }


def moment(value: datetime | str | None) -> str | None:
    """UTC, to the second, with a Z."""
    if not value:
        return None
    when = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _counts(rows: "QuerySet[Any]", processed: Q) -> dict[str, int]:
    """Total = processed + pending; parked rows are in neither unless they were processed before."""
    found = rows.aggregate(
        processed=Count("pk", filter=processed),
        pending=Count("pk", filter=~processed & ~PARKED),
        attention=Count("pk", filter=PARKED),
    )
    return {"total": found["processed"] + found["pending"], **found}


def _illustrated() -> Q:
    """The image plan is made and all its images are there."""
    unfinished = Image.objects.filter(content=OuterRef("pk")).exclude(status=Image.Status.GENERATED)
    return Q(image_plan_at__isnull=False) & ~Q(Exists(unfinished))


def _stage(run: AutomationRun, stage: Stage) -> dict[str, Any]:
    result = run.result(stage.number)
    return {
        "number": stage.number,
        "title": stage.title,
        "status": stage_status(run, stage),
        "total": result.get("total", result.get("forecast", result.get("waiting", 0))),
        **{name: result.get(name, 0) for name in COUNTERS},
        "credits_used": _decimal(result.get("credits", "0")),
        "started_at": moment(result.get("started_at")),
        "ended_at": moment(result.get("ended_at")),
        "errors": [{**error, "at": moment(error["at"])} for error in result.get("errors", [])],
    }


def _decimal(value: Decimal | str) -> str:
    """Without exponent and without zeros at its end."""
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
