"""Pictures that a person asks for, one by one: each request is a run of its own."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from igny8.accounts.audit import record
from igny8.accounts.models import Role
from igny8.automation.models import AutomationRun
from igny8.automation.parking import retry_rows
from igny8.automation.runs import start_selection
from igny8.automation.stages import Stage, stage_number
from igny8.core.errors import UserError
from igny8.sites.access import site_page
from igny8.sites.models import Site
from igny8.theme.answers import dialog, done, refused
from igny8.writer.models import Content, Image
from igny8.writer.picture_edits import redraw_image
from igny8.writer.picture_price import price_of_pictures

PROMPTS, PICTURES = stage_number(5), stage_number(6)


@site_page(Role.EDITOR)
def make_again(request: HttpRequest, site: Site, pk: int) -> HttpResponse:
    """The old picture stays until the new one is there."""
    image = get_object_or_404(Image.objects.select_related("content"), pk=pk, site=site)
    if request.method != "POST":
        return _dialog(request, site, image)
    try:
        run = _redraw(image, request.POST.get("prompt"), request.POST.get("alt"))
    except UserError as error:
        if "prompt" in request.POST:
            return _dialog(request, site, image, error=str(error))
        return refused(request, str(error), back=_back(site, image.content_id))
    record(request, "asked for another picture of", image.content.title, site)
    sentence = f"Run {run.pk} makes it. The old picture stays until the new one is there."
    return done(request, sentence, back=_back(site, image.content_id))


@require_POST
@site_page(Role.EDITOR)
def make_missing(request: HttpRequest, site: Site, pk: int) -> HttpResponse:
    """Retry for all pictures that an article lacks; for their prompts, when it lacks those."""
    content = get_object_or_404(Content, pk=pk, site=site)
    images = Image.objects.filter(content=content, status=Image.Status.PENDING, file="")
    ids = list(images.order_by("slot").values_list("pk", flat=True))
    stage, rows = (PICTURES, ids) if ids else (PROMPTS, [content.pk])
    if not ids and content.image_plan_at is not None:
        return refused(request, "No picture is missing any more.", back=_back(site, pk))
    run = _retry(site, stage, rows)
    record(request, "retried", f"{stage.count(len(rows))} of “{content.title}”", site)
    sentence = f"Run {run.pk} works on {stage.count(len(rows))}."
    return done(request, sentence, back=_back(site, pk))


def _redraw(image: Image, prompt: str | None, alt: str | None) -> AutomationRun:
    with transaction.atomic():
        redraw_image(image, prompt=prompt, alt=alt)
        return start_selection(image.site, PICTURES, [image.pk])


def _retry(site: Site, stage: Stage, rows: list[int]) -> AutomationRun:
    with transaction.atomic():
        retry_rows(site, stage, rows)
        return start_selection(site, stage, rows)


def _dialog(request: HttpRequest, site: Site, image: Image, *, error: str = "") -> HttpResponse:
    context = {
        "title": "Make a picture again",
        "site": site,
        "image": image,
        "prompt": request.POST.get("prompt", image.prompt),
        "alt": request.POST.get("alt", image.alt),
        "price": price_of_pictures(site),
        "error": error,
        "back": _back(site, image.content_id),
        "action": request.path,
    }
    return dialog(request, "automation/make_again.html", context, is_wrong=bool(error))


def _back(site: Site, content: int) -> str:
    return f"{reverse('writer:article', args=[site.slug, content])}#pictures"
