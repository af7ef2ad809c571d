"""Bringing keywords: a file or lines, what each column means, a look at it, the decision."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from igny8.accounts.audit import record
from igny8.accounts.models import Role, User
from igny8.core.errors import UserError
from igny8.intake import UnreadableFile, read_corrections
from igny8.intake.survey import Survey
from igny8.planner import imports
from igny8.planner.import_choices import told_in
from igny8.planner.import_opening import corrections_of
from igny8.planner.models import KeywordImport
from igny8.planner.presenters.import_columns import columns_card
from igny8.planner.presenters.import_pages import EARLIER, steps, worker_is_away
from igny8.sites.access import site_page
from igny8.sites.models import Site
from igny8.theme.answers import is_partial
from igny8.theme.csv_files import csv_file

PASTED = "Pasted lines.txt"
Status = KeywordImport.Status
Context = dict[str, Any]


@site_page(Role.EDITOR)
def bring(request: HttpRequest, site: Site) -> HttpResponse:
    """A file is kept and looked at; nothing is stored before somebody has seen what it is."""
    earlier = KeywordImport.objects.filter(site=site).defer("bad_rows").order_by("-created_at")
    context = {
        "title": "Import keywords",
        "site": site,
        "steps": steps("file"),
        "earlier": earlier[:EARLIER],
    }
    if request.method == "POST":
        try:
            found = _received(request, site)
        except (UserError, UnreadableFile) as error:
            return render(request, "planner/import.html", {**context, "error": error}, status=422)
        return redirect("planner:import-file", site.slug, found.pk)
    return render(request, "planner/import.html", context)


@site_page(Role.EDITOR)
def import_file(request: HttpRequest, site: Site, import_id: int) -> HttpResponse:
    """Where an import stands, whatever that is; with `?columns` what was said of its file."""
    found = get_object_or_404(KeywordImport.objects.defer("bad_rows"), pk=import_id, site=site)
    try:
        if request.method == "POST":
            return _decided(request, found)
        if found.status == Status.COLUMNS or "columns" in request.GET:
            return _columns_page(request, found, imports.look_at(found))
    except (UserError, UnreadableFile) as error:
        messages.error(request, str(error))
        is_mendable = isinstance(error, UnreadableFile) and request.method == "POST"
        return _to(found) if is_mendable else redirect("planner:import", site.slug)
    return _standing(request, found)


@site_page(Role.EDITOR)
def import_progress(request: HttpRequest, site: Site, import_id: int) -> HttpResponse:
    """The part that refreshes itself; once a worker is through, the page of what comes next."""
    found = get_object_or_404(KeywordImport.objects.defer("bad_rows"), pk=import_id, site=site)
    if found.status not in KeywordImport.ACTIVE:
        return HttpResponse(status=204, headers={"HX-Redirect": _address(found)})
    context = {"site": site, "found": found, "is_waiting": worker_is_away()}
    return render(request, "planner/parts/import_progress.html", context)


@site_page(Role.EDITOR)
def bad_rows(request: HttpRequest, site: Site, import_id: int) -> StreamingHttpResponse:
    """The rows that stay out, as a file for whoever mends them."""
    found = get_object_or_404(KeywordImport, pk=import_id, site=site)
    rows = ((row["line"], row["text"], row["reason"]) for row in found.bad_rows)
    return csv_file(f"{site.slug}-bad-rows.csv", ("line", "row", "reason"), rows)


def _received(request: HttpRequest, site: Site) -> KeywordImport:
    """What was dropped, else what was pasted; raises UserError when there is neither."""
    file = request.FILES.get("file")
    lines = request.POST.get("lines", "").strip()
    if file is None and not lines:
        raise UserError("Choose a file, or paste keywords, one a line.")
    name, chunks = (PASTED, [lines.encode()]) if file is None else (file.name, file.chunks())
    who = request.user.called if isinstance(request.user, User) else ""
    return imports.begin_import(site, person=who[:120], name=name or "file", chunks=chunks)


def _decided(request: HttpRequest, found: KeywordImport) -> HttpResponse:
    decide = DECISIONS.get(request.POST.get("decision", ""), _looked_again)
    return decide(request, found)


def _looked_again(request: HttpRequest, found: KeywordImport) -> HttpResponse:
    """What the file is with what was chosen; shown, and kept for whoever comes back."""
    try:
        told, columns = told_in(request.POST)
        seen = imports.correct(found, read_corrections(told, columns))
    except UnreadableFile as error:
        return _columns_page(request, found, imports.look_at(found), problem=str(error))
    found.refresh_from_db(fields=["corrections", "about_rows", "status"])
    return _columns_page(request, found, seen)


def _checked(request: HttpRequest, found: KeywordImport) -> HttpResponse:
    told, columns = told_in(request.POST)
    seen = imports.correct(found, read_corrections(told, columns))
    found.refresh_from_db(fields=["corrections", "about_rows", "status"])
    if seen.problem:
        return _columns_page(request, found, seen)
    imports.check(found)
    return _to(found)


def _imported(request: HttpRequest, found: KeywordImport) -> HttpResponse:
    if found.status == Status.CHECKED:
        new = (found.report or {"rows": {"new": 0}})["rows"]["new"]
        imports.confirm(found)
        record(request, "imported keywords into", found.site, found.site, after=f"{new:,} new")
    return _to(found)


def _stopped(request: HttpRequest, found: KeywordImport) -> HttpResponse:
    imports.stop_checking(found)
    return _to(found)


DECISIONS: dict[str, Callable[[HttpRequest, KeywordImport], HttpResponse]] = {
    "look": _looked_again,
    "check": _checked,
    "import": _imported,
    "stop": _stopped,
}


def _columns_page(
    request: HttpRequest, found: KeywordImport, seen: Survey, *, problem: str = ""
) -> HttpResponse:
    context = {
        **_context(found, "columns"),
        "card": columns_card(found, seen, corrections_of(found), problem=problem),
    }
    name = "parts/import_columns" if is_partial(request) else "import_columns"
    return render(request, f"planner/{name}.html", context, status=422 if problem else 200)


def _standing(request: HttpRequest, found: KeywordImport) -> HttpResponse:
    template, step = PAGES[Status(found.status)]
    context = {**_context(found, step), "is_waiting": worker_is_away()}
    return render(request, f"planner/{template}.html", context)


PAGES = {
    Status.CHECKING: ("import_progress", "check"),
    Status.CHECKED: ("import_report", "check"),
    Status.IMPORTING: ("import_progress", "done"),
    Status.DONE: ("import_done", "done"),
    Status.FAILED: ("import_failed", "done"),
}


def _context(found: KeywordImport, step: str) -> Context:
    return {"title": "Import keywords", "site": found.site, "found": found, "steps": steps(step)}


def _to(found: KeywordImport) -> HttpResponse:
    return redirect(_address(found))


def _address(found: KeywordImport) -> str:
    return reverse("planner:import-file", args=[found.site.slug, found.pk])
