"""An article reaches the gate when its pictures are made, or cannot be made."""

from collections.abc import Iterable, Iterator, Sequence

from igny8.core import clock
from igny8.core.rows import places, select_rows
from igny8.writer.models import Content, Image

IMAGES_MISSING = "images_missing"
PICTURE_KEPT = "picture_kept"
_WAITING = """
SELECT DISTINCT content_id FROM igny8_images
WHERE status = 'pending' AND parked_at IS NULL AND content_id IN ({})
"""


def turn_to_review_when_ready(content_ids: Iterable[int]) -> None:
    """Drafts with a plan and no image still to do turn `review`; what is missing is noted.

    Locked before anybody looks: of two runs that make an article's last two pictures at once, the
    second sees the first one's. And nobody decides on the article meanwhile.
    """
    ids = sorted(set(content_ids))
    _lock(ids)
    waiting = {found for (found,) in select_rows(_WAITING.format(places(ids)), ids)}
    ready = [content_id for content_id in ids if content_id not in waiting]
    for content in Content.objects.filter(pk__in=ready) if ready else ():
        if content.image_plan_at is not None or content.parked_at is not None:
            _turn(content)


def _lock(ids: Sequence[int]) -> None:
    """On SQLite the transaction itself is the lock."""
    rows = Content.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids)
    list(rows.order_by("pk").values_list("pk", flat=True))


def _turn(content: Content) -> None:
    content.findings = _findings(content, list(content.images.order_by("slot")))
    content.updated_at, content.inspected_at = clock.now(), None
    if content.status == Content.Status.DRAFT:
        content.status = Content.Status.REVIEW
    content.save(update_fields=("status", "findings", "inspected_at", "updated_at"))


def _findings(content: Content, images: list[Image]) -> list[dict[str, str]]:
    """The other findings stay; those about pictures are made anew."""
    others = [f for f in content.findings if f.get("code") not in (IMAGES_MISSING, PICTURE_KEPT)]
    return [*others, *_about_pictures(content, images)]


def _about_pictures(content: Content, images: list[Image]) -> Iterator[dict[str, str]]:
    """One whose second try failed still has its first picture."""
    parked = [image for image in images if image.parked_at is not None]
    missing = [image for image in parked if not image.file]
    kept = [image for image in parked if image.file]
    if content.image_plan_at is None and content.parked_at is not None:
        yield {"code": IMAGES_MISSING, "message": f"All images missing: {content.parked_reason}"}
    elif missing:
        told = f"{len(missing)} of {len(images)} images missing: {missing[0].parked_reason}"
        yield {"code": IMAGES_MISSING, "message": told}
    if kept:
        told = f"{len(kept)} of {len(images)} images not made again: {kept[0].parked_reason}"
        yield {"code": PICTURE_KEPT, "message": told}
