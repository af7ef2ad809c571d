"""The automation page, and the part of it that keeps itself true."""

from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from igny8.accounts.access import View, signed_in, signed_in_page
from igny8.accounts.models import Role, User
from igny8.automation.navigation import navigation_of
from igny8.automation.presenters.log_lines import FILTERS, log_lines
from igny8.automation.presenters.page import automation_page
from igny8.automation.reading import (
    Reading,
    expected_credits,
    part_key,
    read,
    remember,
    remembered,
)
from igny8.core import clock
from igny8.sites.access import LAST_SITE, site_page, sites_of
from igny8.sites.models import Site
from igny8.theme.links import Shortcut, ShortcutGroup

LIVE = "automation/live.html"
WATCH_SECONDS = 30
AUTOMATION_KEYS = ShortcutGroup(
    "Automation",
    (
        Shortcut("Run now", ("N",)),
        Shortcut("Pause, resume", ("P", "R")),
        Shortcut("Configure", ("C",)),
    ),
)
TOKEN = "csrf-token-of-whoever-asks"  # noqa: S105 - stands where the token is put in


@signed_in_page
def home(request: HttpRequest) -> HttpResponse:
    """The site visited last, else the first; without any, where one is added."""
    person = signed_in(request)
    assert person is not None
    slugs = list(sites_of(person).values_list("slug", flat=True))
    if not slugs:
        return _nowhere(request, person)
    last = request.session.get(LAST_SITE)
    return redirect("automation:page", last if last in slugs else slugs[0])


def _nowhere(request: HttpRequest, person: User) -> HttpResponse:
    """To where a site is added, for whoever may add one."""
    for membership in person.memberships.order_by("pk"):
        if Role(membership.role).includes(Role.EDITOR):
            return redirect("sites:add", membership.account_id)
    return render(request, "automation/no_site.html", {"title": "No site yet"})


@site_page()
def page(request: HttpRequest, site: Site) -> HttpResponse:
    reading = read(site)
    context = {**_context(request, site, reading), "token": get_token(request)}
    if context["can_run"]:
        context["page_shortcuts"] = [AUTOMATION_KEYS]
    return render(request, "automation/page.html", context)


def answered_from_memory(view: View) -> View:
    """Tells whoever was let in a moment ago that nothing has changed, without asking again who it
    is: what they hear is nothing they do not have. Content is only for those let in now."""

    @wraps(view)
    def quick(request: HttpRequest, site_slug: str) -> HttpResponseBase:
        key = f"watch:{request.COOKIES.get(settings.SESSION_COOKIE_NAME)}:{site_slug}"
        seen = remembered(key)
        part = remembered(seen[_kept(request)]) if seen else None
        if part and part["version"] == request.GET.get("since"):
            return HttpResponse(status=204)
        answer = view(request, site_slug=site_slug)
        if site := getattr(request, "site", None):
            can_run = _can_run(request)
            parts = {kept: part_key(site, can_run=can_run, kept=kept) for kept, _ in FILTERS}
            remember(key, parts, seconds=WATCH_SECONDS)
        return answer

    return quick


@answered_from_memory
@site_page()
def live(request: HttpRequest, site: Site) -> HttpResponse:
    """204 while nothing has changed since the version that the page has."""
    kept = _kept(request)
    key = part_key(site, can_run=_can_run(request), kept=kept)
    part = remembered(key)
    if part is None:
        part = _part(request, site, request.GET.get("since", ""))
        remember(key, part)
    if part["version"] == request.GET.get("since"):
        return HttpResponse(status=204)
    html = part["html"] or _html(request, site, read(site))
    return HttpResponse(html.replace(TOKEN, get_token(request)))


def _part(request: HttpRequest, site: Site, since: str) -> dict[str, str]:
    """The version now; its HTML only if that is not the one the page has."""
    reading = read(site)
    is_same = reading.version == since
    return {
        "version": reading.version,
        "html": "" if is_same else _html(request, site, reading),
    }


def _html(request: HttpRequest, site: Site, reading: Reading) -> str:
    context = {**_context(request, site, reading), "token": TOKEN, "is_part": True}
    groups = navigation_of(site, reading.figures, _role(request))
    counts = [link for group in groups for link in group.links]
    return render_to_string(LIVE, {**context, "counts": counts, "meter": reading.meter})


def _context(request: HttpRequest, site: Site, reading: Reading) -> dict[str, Any]:
    kept = _kept(request)
    estimate = expected_credits(site, reading)
    return {
        "title": "Automation",
        "site": site,
        "zone": site.zone,
        "page": automation_page(
            reading.config, reading.run, reading.figures, estimate=estimate, now=clock.now()
        ),
        "version": reading.version,
        "kept": kept,
        "filters": FILTERS,
        "log": list(log_lines(reading.run, kept)) if reading.run else [],
        "can_run": _can_run(request),
    }


def _kept(request: HttpRequest) -> str:
    asked = request.GET.get("log", "")
    return asked if asked in dict(FILTERS) else "all"


def _can_run(request: HttpRequest) -> bool:
    return _role(request).includes(Role.EDITOR)


def _role(request: HttpRequest) -> Role:
    return Role(request.my_role)  # type: ignore[attr-defined]  # set by site_page
