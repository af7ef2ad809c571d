"""Inspections are made once for each state of an article, and kept."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from igny8.ai.models import AICall
from igny8.core import clock
from igny8.credits.models import CreditEntry
from igny8.onpage import Finding, Place, sketch_of
from igny8.writer.inspection import inspect_content, stored
from igny8.writer.models import Content, Inspection

AT_ONCE = 10
PLACES_KEPT = 10
READ_BY_PEOPLE = (Content.Status.REVIEW, Content.Status.APPROVED, Content.Status.REJECTED)


def inspection_of(content: Content) -> Inspection:
    """What is stored when nothing has changed since; else the checks look now."""
    found = Inspection.objects.filter(content=content).first() if content.inspected_at else None
    return found or inspect_again(content)


def inspect_again(content: Content) -> Inspection:
    """Stored unless the article changed while the checks looked; then the next look stores it."""
    made = _inspected(content)
    with transaction.atomic():
        same = Content.objects.filter(pk=content.pk, updated_at=content.updated_at)
        now = clock.now()
        if same.update(inspected_at=now):
            Inspection.objects.update_or_create(content=content, defaults=made)
            content.inspected_at = now
    return Inspection(content=content, **made)


def inspect_what_changed() -> None:
    """A few articles that nobody has looked at since they changed; the newest first."""
    changed = Content.objects.filter(status__in=READ_BY_PEOPLE, inspected_at=None)
    newest = changed.order_by("-pk").select_related("site", "task__idea")
    for content in newest[:AT_ONCE]:
        inspect_again(content)


def _inspected(content: Content) -> dict[str, Any]:
    report = inspect_content(content)
    return {
        "on_page": report.on_page,
        "readability": report.readability,
        "integrity": report.integrity,
        "findings": [_as_json(finding) for finding in report.findings],
        "sketch": stored(sketch_of(content.body)),
        **_cost_of(content),
    }


def _as_json(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "title": finding.title,
        "score": finding.score,
        "severity": finding.severity,
        "message": finding.message,
        "advice": finding.advice,
        "places": [_place(place) for place in finding.places[:PLACES_KEPT]],
        "more": max(0, len(finding.places) - PLACES_KEPT),
    }


def _place(place: Place) -> dict[str, Any]:
    return {"part": place.part, "line": place.line, "quote": place.quote}


def _cost_of(content: Content) -> dict[str, Any]:
    """All that was paid for it, also for answers that were of no use; and the run that wrote it."""
    images = [f"image:{pk}" for pk in content.images.values_list("pk", flat=True)]
    words = [f"task:{content.task_id}", f"content:{content.pk}"]
    made = AICall.objects.filter(site_id=content.site_id, object_ref__in=[*words, *images])
    calls = list(made.order_by("pk").values_list("pk", "object_ref", "run_ref"))
    written = [run_ref for _, object_ref, run_ref in calls if object_ref in words]
    of_text = {pk for pk, object_ref, _ in calls if object_ref in words}
    lines = CreditEntry.objects.filter(call_id__in=[pk for pk, _, _ in calls])
    spent = list(lines.values_list("call_id", "credits", "cost_microusd"))
    return {
        "text_credits": sum((c for pk, c, _ in spent if pk in of_text), Decimal(0)),
        "image_credits": sum((c for pk, c, _ in spent if pk not in of_text), Decimal(0)),
        "has_unknown_price": any(cost is None for _, _, cost in spent),
        "run_ref": written[-1] if written else "",
    }
