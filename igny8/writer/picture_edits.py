"""What people do to an article's pictures: each verb is one short transaction."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.forms.models import model_to_dict

from igny8.core import clock
from igny8.core.editing import lock_one_for_edit
from igny8.core.errors import UserError
from igny8.planner.unparking import unpark
from igny8.writer.gate import turn_to_review_when_ready
from igny8.writer.models import Content, Image, ImageVersion, PictureFile

PICTURE = tuple(field.name for field in PictureFile._meta.local_fields)
LONGEST_ALT = 200
CHANGEABLE = (Content.Status.REVIEW, Content.Status.APPROVED)


def redraw_image(image: Image, *, prompt: str | None = None, alt: str | None = None) -> None:
    """One picture is made again, from the same or another prompt; till then the old one stays.

    One that waits already is not asked for twice, unless the prompt is another one.
    """
    with transaction.atomic():
        _lock(image)
        _keep(image)
        said = image.prompt
        _reword(image, prompt, alt)
        waits = image.status == Image.Status.PENDING and image.parked_at is None
        if not waits or said != image.prompt:
            image.round += 1
        image.status = Image.Status.PENDING
        image.save(update_fields=("prompt", "alt", "status", "round", "updated_at"))
        unpark(Image.objects.filter(pk=image.pk), image.site_id)


def bring_back(image: Image, version: ImageVersion) -> None:
    """An earlier picture takes its place again, with its prompt; the one there now is kept.

    Nothing is made anew, so it also ends the wait for a picture that nobody wants any more.
    """
    with transaction.atomic():
        _lock(image)
        if not (Path(settings.MEDIA_ROOT) / version.file).is_file():
            raise UserError("The file of this picture is gone; restore it from a backup.")
        _keep(image)
        for name, value in model_to_dict(version, fields=(*PICTURE, "prompt")).items():
            setattr(image, name, value)
        image.status = Image.Status.GENERATED
        image.save(update_fields=(*PICTURE, "prompt", "status", "updated_at"))
        unpark(Image.objects.filter(pk=image.pk), image.site_id)
        turn_to_review_when_ready([image.content_id])


def earlier_pictures(image: Image) -> list[ImageVersion]:
    """The newest first, without the one that is shown now."""
    versions = image.versions.order_by("-number")
    return [version for version in versions if not is_same(version, image)]


def shown_version(image: Image) -> ImageVersion | None:
    """What is kept of the picture shown now; None while nobody asked for another one."""
    return next((v for v in image.versions.order_by("-number") if is_same(v, image)), None)


def _lock(image: Image) -> None:
    """From here on the image is as the database has it, and only ours to change."""
    lock_one_for_edit(Image.objects.filter(pk=image.pk))
    image.refresh_from_db()
    status = Content.objects.values_list("status", flat=True).get(pk=image.content_id)
    if status not in CHANGEABLE:
        raise UserError(
            f"Its article is {status}; pictures change while it is in review or approved."
        )


def _reword(image: Image, prompt: str | None, alt: str | None) -> None:
    image.prompt = image.prompt if prompt is None else prompt.strip()
    image.alt = image.alt if alt is None else " ".join(alt.split())
    if not (image.prompt and image.alt):
        raise UserError("A picture needs a prompt and an alternative text.")
    if len(image.alt) > LONGEST_ALT:
        raise UserError(f"The alternative text is longer than {LONGEST_ALT} characters.")
    Content.objects.filter(pk=image.content_id).update(inspected_at=None)


def _keep(image: Image) -> None:
    """The picture and the words it was made from; once, however often it is asked for."""
    if not image.file or shown_version(image) is not None:
        return
    last = image.versions.aggregate(last=Max("number"))["last"]
    values: dict[str, Any] = model_to_dict(image, fields=(*PICTURE, "prompt"))
    ImageVersion.objects.create(image=image, number=(last or 0) + 1, kept_at=clock.now(), **values)


def is_same(version: ImageVersion, image: Image) -> bool:
    """Whether it is the picture that the image has now; drawn twice alike, it is one."""
    return version.file == image.file
