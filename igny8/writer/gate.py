"""An article reaches the gate when its pictures are made, or cannot be made."""

from collections.abc import Iterable

from igny8.core import clock
from igny8.core.rows import places, select_rows
from igny8.writer.models import Content, Image

IMAGES_MISSING = "images_missing"
_WAITING = """
SELECT DISTINCT content_id FROM igny8_images
WHERE status = 'pending' AND parked_at IS NULL AND content_id IN ({})
"""


def turn_to_review_when_ready(content_ids: Iterable[int]) -> None:
    """Drafts with a plan and no image still to do turn `review`; what is missing is noted."""
    ids = sorted(set(content_ids))
    waiting = {found for (found,) in select_rows(_WAITING.format(places(ids)), ids)}
    ready = [content_id for content_id in ids if content_id not in waiting]
    for content in Content.objects.filter(pk__in=ready) if ready else ():
        if content.image_plan_at is not None or content.parked_at is not None:
            _turn(content)


def _turn(content: Content) -> None:
    content.findings = _findings(content, list(content.images.order_by("slot")))
    content.updated_at = clock.now()
    if content.status == Content.Status.DRAFT:
        content.status = Content.Status.REVIEW
    content.save(update_fields=("status", "findings", "updated_at"))


def _findings(content: Content, images: list[Image]) -> list[dict[str, str]]:
    """The other findings stay; the one about missing images is made anew."""
    others = [f for f in content.findings if f.get("code") != IMAGES_MISSING]
    parked = [image for image in images if image.parked_at is not None]
    if content.image_plan_at is None and content.parked_at is not None:
        message = f"All images missing: {content.parked_reason}"
    elif parked:
        message = f"{len(parked)} of {len(images)} images missing: {parked[0].parked_reason}"
    else:
        return others
    return [*others, {"code": IMAGES_MISSING, "message": message}]
