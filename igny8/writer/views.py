"""Content lists, the article under review, and its pictures."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from igny8.accounts.access import signed_in
from igny8.accounts.audit import record
from igny8.accounts.models import Role
from igny8.core.errors import UserError
from igny8.sites.access import site_page
from igny8.sites.models import Site
from igny8.theme.answers import dialog, done, gone_on, refused
from igny8.theme.links import Shortcut, ShortcutGroup
from igny8.writer.article import article_of
from igny8.writer.check_sheet import check_sheet, cost_text
from igny8.writer.edits import SENT_BACK, approve_content, reopen_content, send_back
from igny8.writer.gate import IMAGES_MISSING
from igny8.writer.lists import LOOKS, content_rows, contents_of, tabs_of
from igny8.writer.models import Content, Image
from igny8.writer.picture_edits import bring_back, earlier_pictures
from igny8.writer.picture_price import price_of_pictures
from igny8.writer.picture_sheet import picture_sheet
from igny8.writer.queue import following, queue_around, waiting_of
from igny8.writer.stored_inspections import inspect_again, inspection_of

ROWS = 50
LIST_KEYS = ("status", "q", "page")
HTML = "html"
SHOWN_APART = (SENT_BACK, IMAGES_MISSING)
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
        "query": _query(request),
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
    content = _content(site, pk)
    queue, shown, inspection = queue_around(content), article_of(content), inspection_of(content)
    role, is_html = _role(request), request.GET.get("view") == HTML
    context = {
        "title": "Review" if queue.number else "Article",
        "site": site,
        "zone": site.zone,
        "content": content,
        "article": shown,
        "is_html": is_html,
        "preview": f"{_address(site, pk)}{_query(request)}" if is_html else "",
        "look": LOOKS[content.status],
        "queue": queue,
        "query": _query(request),
        "note": _finding(content, SENT_BACK),
        "notes": [f for f in content.findings if f.get("code") not in SHOWN_APART],
        "inspection": inspection,
        "sheet": check_sheet(inspection, shown.anchors),
        "can_decide": queue.number and role.includes(Role.REVIEWER),
        "can_reopen": content.status == Content.Status.APPROVED and role.includes(Role.REVIEWER),
        "nav_at": "eye" if queue.number else "",
        "cost": cost_text(content, inspection),
        "run": inspection.run_ref.removeprefix("run:"),
        "can_check": role.includes(Role.REVIEWER),
        "page_shortcuts": [REVIEW_KEYS],
        **_pictures(request, site, content),
    }
    return render(request, "writer/article.html", context)


@site_page()
def pictures(request: HttpRequest, site: Site, pk: int) -> HttpResponse:
    """204 while nothing has changed; a page that lacks a picture which is there now is loaded
    anew."""
    content = _content(site, pk)
    context = _pictures(request, site, content)
    now, since = context["pictures"], request.GET.get("since", "")
    if now.version == since:
        return HttpResponse(status=204)
    if not since.startswith(f"{now.there}."):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    shown = article_of(content)
    context |= {"site": site, "content": content, "article": shown, "is_part": True}
    return render(request, "writer/pictures.html", context)


@require_POST
@site_page(Role.REVIEWER)
def check_again(request: HttpRequest, site: Site, pk: int) -> HttpResponse:
    """For when the article is the same, but the site's other articles are not."""
    inspect_again(_content(site, pk))
    return gone_on(request, "Checked again.", to=f"{_address(site, pk)}{_query(request)}")


@site_page(Role.EDITOR)
def earlier(request: HttpRequest, site: Site, pk: int) -> HttpResponse:
    """The pictures that an image had before; one of them is brought back."""
    image = get_object_or_404(Image.objects.select_related("content"), pk=pk, site=site)
    back = f"{_address(site, image.content_id)}#pictures"
    if request.method == "POST":
        version = get_object_or_404(image.versions, number=request.POST.get("number") or 0)
        try:
            bring_back(image, version)
        except UserError as error:
            return refused(request, str(error), back=back)
        record(request, "brought back", f"a picture of “{image.content.title}”", site)
        return done(request, "The earlier picture is back.", back=back)
    context = {
        "title": "Earlier pictures",
        "site": site,
        "zone": site.zone,
        "image": image,
        "versions": earlier_pictures(image),
        "action": request.path,
    }
    return dialog(request, "writer/earlier.html", context)


@require_POST
@site_page(Role.REVIEWER)
def approve(request: HttpRequest, site: Site, pk: int) -> HttpResponse:
    content = get_object_or_404(Content, pk=pk, site=site)
    then = following(site, pk, _query(request))
    try:
        approve_content(content)
    except UserError as error:
        return refused(request, str(error), back=_address(site, pk))
    record(request, "approved", content.title, site)
    return gone_on(request, f"Approved “{content.title}”.", to=then)


@require_POST
@site_page(Role.REVIEWER)
def reopen(request: HttpRequest, site: Site, pk: int) -> HttpResponse:
    """Takes an approval back; the article waits in the line again."""
    content, here = get_object_or_404(Content, pk=pk, site=site), _address(site, pk)
    try:
        reopen_content(content)
    except UserError as error:
        return refused(request, str(error), back=here)
    record(request, "took back the approval of", content.title, site)
    return gone_on(request, f"“{content.title}” is in review again.", to=f"{here}{_query(request)}")


@site_page(Role.REVIEWER)
def send_back_article(request: HttpRequest, site: Site, pk: int) -> HttpResponse:
    content = get_object_or_404(Content, pk=pk, site=site)
    note = request.POST.get("note", "")
    context = {
        "title": "Send back",
        "site": site,
        "content": content,
        "action": request.get_full_path(),
        "note": note,
        "query": _query(request),
    }
    if request.method != "POST":
        return dialog(request, "writer/send_back.html", context)
    then, person = following(site, pk, _query(request)), signed_in(request)
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


def _content(site: Site, pk: int) -> Content:
    with_topic = Content.objects.select_related("task__idea__cluster", "site")
    return get_object_or_404(with_topic, pk=pk, site=site)


def _pictures(request: HttpRequest, site: Site, content: Content) -> dict[str, Any]:
    """Prices only for whom they are on a button."""
    sheet = picture_sheet(content)
    can_make = sheet.can_change and _role(request).includes(Role.EDITOR)
    return {
        "pictures": sheet,
        "can_make": can_make,
        "price": price_of_pictures(site) if can_make and sheet.there else "",
        "price_of_missing": price_of_pictures(site, sheet.missing)
        if can_make and sheet.missing
        else "",
        "images_missing": (_finding(content, IMAGES_MISSING) or {}).get("message", ""),
    }


def _finding(content: Content, code: str) -> dict[str, str] | None:
    return next((found for found in content.findings if found.get("code") == code), None)


def _query(request: HttpRequest) -> str:
    """How the list was filtered from which somebody came; empty or with its question mark."""
    kept = {name: request.GET[name] for name in LIST_KEYS if request.GET.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def _role(request: HttpRequest) -> Role:
    return Role(request.my_role)  # type: ignore[attr-defined]  # set by site_page


def _address(site: Site, pk: int) -> str:
    return reverse("writer:article", args=[site.slug, pk])
