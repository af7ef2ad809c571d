"""A site's state as the public contract gives it: counts of rows, and the run that matters."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from igny8.automation.live import newest_run
from igny8.automation.models import AutomationRun
from igny8.automation.pace import eta_of_run
from igny8.automation.stage_status import stage_status
from igny8.automation.stages import STAGES, Stage
from igny8.planner.models import Cluster, ContentIdea, Keyword
from igny8.sites.models import Site
from igny8.writer.models import Content, Image, Task


def status_of(site: Site) -> dict[str, Any]:
    run = newest_run(site)
    return {
        "site": site.slug,
        "keywords": _counts(
            site.keywords.exclude(status=Keyword.Status.IGNORED), Q(status=Keyword.Status.MAPPED)
        ),
        "clusters": _counts(site.clusters.all(), Q(status=Cluster.Status.MAPPED)),
        "ideas": _counts(site.ideas.all(), ~Q(status=ContentIdea.Status.NEW)),
        "tasks": _counts(site.tasks.all(), Q(status=Task.Status.COMPLETED)),
        "content": _content_counts(site),
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
        "credits_estimated": run.estimate.get("credits"),
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


def _stage(run: AutomationRun, stage: Stage) -> dict[str, Any]:
    result = run.result(stage.number)
    names: Sequence[str] = ("processed", "created", "failed", "skipped", "batches", "retries")
    errors = [{**error, "at": moment(error["at"])} for error in result.get("errors", [])]
    return {
        "number": stage.number,
        "title": stage.title,
        "status": stage_status(run, stage),
        "total": result.get("total", result.get("waiting", 0)),
        **{name: result.get(name, 0) for name in names},
        "credits_used": _decimal(result.get("credits", "0")),
        "started_at": moment(result.get("started_at")),
        "ended_at": moment(result.get("ended_at")),
        "errors": errors,
    }


def _counts(rows: "QuerySet[Any]", processed: Q) -> dict[str, int]:
    """Total = processed + pending; attention are the parked among them."""
    found = rows.aggregate(
        total=Count("pk"),
        processed=Count("pk", filter=processed),
        attention=Count("pk", filter=Q(parked_at__isnull=False)),
    )
    found["pending"] = found["total"] - found["processed"]
    return {name: found[name] for name in ("total", "processed", "pending", "attention")}


def _content_counts(site: Site) -> dict[str, int]:
    """Processed: the image plan is made and all its images are there."""
    unfinished = Image.objects.filter(site=site).exclude(status=Image.Status.GENERATED)
    done = Q(image_plan_at__isnull=False) & ~Q(pk__in=unfinished.values("content"))
    return _counts(site.contents.all(), done)


def _decimal(value: object) -> str:
    return f"{value}"
