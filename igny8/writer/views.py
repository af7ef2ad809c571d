"""Content lists, the article under review, and its pictures."""

from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from igny8.accounts.access import signed_in
from igny8.accounts.audit import record
from igny8.accounts.models import Role
from igny8.core.errors import UserError
from igny8.sites.access import site_page
from igny8.sites.models import Site
from igny8.theme.answers import dialog, gone_on, refused
from igny8.theme.links import Shortcut, ShortcutGroup
from igny8.writer.article import article_of
from igny8.writer.edits import approve_content, send_back
from igny8.writer.lists import LOOKS, content_rows, contents_of, tabs_of
from igny8.writer.models import Content
from igny8.writer.queue import following, queue_around, waiting_of

ROWS = 50
YEAR = 365 * 24 * 3600
REVIEW_KEYS = ShortcutGroup(
    "Review",
    (
        Shortcut("Approve", ("A",)),
        Shortcut("Send back with a note", ("R",)),
        Shortcut("Next, previous article", ("J", "K")),
    ),
)


@site_page()
def contents(request: HttpRequest, site: Site) -> HttpResponse:
    status, asked = request.GET.get("status", ""), request.GET.get("q", "").strip()
    tabs = tabs_of(site, status)
    shown = Paginator(contents_of(site, status, asked), ROWS).get_page(request.GET.get("page"))
    review = next(tab.count for tab in tabs if tab.value == Content.Status.REVIEW)
    context = {
        "title": "Content",
        "site": site,
        "zone": site.zone,
        "tabs": tabs,
        "rows": list(content_rows(shown)),
        "shown": shown,
        "status": status,
        "asked": asked,
        "review": review,
    }
    return render(request, "writer/contents.html", context)


@site_page()
def review(request: HttpRequest, site: Site) -> HttpResponse:
    """The oldest article that waits; without one, the list."""
    first = waiting_of(site).values_list("pk", flat=True).first()
    if first is None:
        return redirect(f"{reverse('writer:contents', args=[site.slug])}?status=review")
    return redirect("writer:article", site.slug, first)


@site_page()
def article(request: HttpRequest, site: Site, pk: int) -> HttpResponse:
    with_topic = Content.objects.select_related("task__idea__cluster", "site")
    content = get_object_or_404(with_topic, pk=pk, site=site)
    queue = queue_around(content)
    role: Role = request.my_role  # type: ignore[attr-defined]  # set by site_page
    context = {
        "title": "Review" if queue.number else "Article",
        "site": site,
        "zone": site.zone,
        "content": content,
        "article": article_of(content),
        "look": LOOKS[content.status],
        "queue": queue,
        "can_decide": queue.number and role.includes(Role.REVIEWER),
        "page_shortcuts": [REVIEW_KEYS],
    }
    return render(request, "writer/article.html", context)


@require_POST
@site_page(Role.REVIEWER)
def approve(request: HttpRequest, site: Site, pk: int) -> HttpResponse:
    content = get_object_or_404(Content, pk=pk, site=site)
    then = following(site, pk)
    try:
        approve_content(content)
    except UserError as error:
        return refused(request, str(error), back=_address(site, pk))
    record(request, "approved", content.title, site)
    return gone_on(request, f"Approved “{content.title}”.", to=then)


@site_page(Role.REVIEWER)
def send_back_article(request: HttpRequest, site: Site, pk: int) -> HttpResponse:
    content = get_object_or_404(Content, pk=pk, site=site)
    note = request.POST.get("note", "")
    context = {
        "title": "Send back",
        "site": site,
        "content": content,
        "action": request.path,
        "note": note,
    }
    if request.method != "POST":
        return dialog(request, "writer/send_back.html", context)
    then, person = following(site, pk), signed_in(request)
    try:
        send_back(content, note, by=person.called if person else "")
    except UserError as error:
        return dialog(request, "writer/send_back.html", {**context, "error": error}, is_wrong=True)
    record(request, "sent back", content.title, site, note=note)
    return gone_on(request, f"Sent back “{content.title}”.", to=then)


@site_page()
def media(request: HttpRequest, site: Site, name: str) -> FileResponse:
    """A picture of the site's articles; its name changes with what it shows."""
    folder = (Path(settings.MEDIA_ROOT) / site.slug).resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise Http404
    answer = FileResponse(path.open("rb"), content_type="image/webp")
    answer.headers["Cache-Control"] = f"private, max-age={YEAR}, immutable"
    return answer


def _address(site: Site, pk: int) -> str:
    return reverse("writer:article", args=[site.slug, pk])
