"""Bringing keywords: a file or lines, a look at what they are, the decision."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from igny8.accounts.access import account_page
from igny8.accounts.audit import record
from igny8.accounts.models import Account, Role
from igny8.core.errors import UserError
from igny8.intake import Export, UnreadableFile, open_export
from igny8.planner.keyword_import import ImportReport, import_keywords
from igny8.planner.sample import keyword_file
from igny8.planner.uploads import Upload, find_upload, keep_upload
from igny8.sites.access import site_page
from igny8.sites.models import Site

STEPS = ("File", "Check", "Done")
SAMPLE_SLUG, SAMPLE_NAME = "demo", "Indoor Herb Garden"
PASTED = "Pasted lines.txt"
SHOWN = 20
OTHERS = {
    ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"
}  # fmt: skip


@site_page(Role.EDITOR)
def bring(request: HttpRequest, site: Site) -> HttpResponse:
    """A file is kept and looked at; nothing is stored before somebody has seen what it is."""
    context: dict[str, Any] = {"title": "Import keywords", "site": site, "steps": _steps(1)}
    if request.method == "POST":
        try:
            upload = _received(request, site)
            _look(site, upload)
        except (UserError, UnreadableFile) as error:
            return render(request, "planner/import.html", {**context, "error": error}, status=422)
        return redirect(f"{reverse('planner:check', args=[site.slug])}?file={upload.ticket}")
    return render(request, "planner/import.html", context)


@site_page(Role.EDITOR)
def check(request: HttpRequest, site: Site) -> HttpResponse:
    """What the file is and what would be imported; confirmed by sending it back."""
    try:
        upload = find_upload(site, request.POST.get("file") or request.GET.get("file", ""))
        if request.method == "POST":
            return _import(request, site, upload)
        export, report = _look(site, upload)
    except (UserError, UnreadableFile) as error:
        messages.error(request, str(error))
        return redirect("planner:import", site.slug)
    context = {
        "title": "Check the import",
        "site": site,
        "steps": _steps(2),
        "upload": upload,
        "export": export,
        "delimiter": OTHERS.get(export.delimiter or "", export.delimiter),
        "report": report,
        "new": report.keywords[:SHOWN],
        "bad": report.errors[:SHOWN],
    }
    return render(request, "planner/check.html", context)


@account_page(Role.EDITOR)
def load_sample(request: HttpRequest, account: Account) -> HttpResponse:
    """A site with the bundled keywords and without delays, to look around."""
    if request.method != "POST":
        return redirect("sites:add", account.pk)
    if (found := Site.objects.live().filter(account=account, is_sample=True).first()) is not None:
        return redirect("automation:page", found.slug)
    slug = SAMPLE_SLUG
    if Site.objects.filter(slug=slug).exists():
        slug = f"{SAMPLE_SLUG}-{Site.objects.count() + 1}"
    site = Site.objects.create(account=account, slug=slug, name=SAMPLE_NAME, is_sample=True)
    report = import_keywords(site, open_export(keyword_file()))
    record(request, "loaded the sample", site, site)
    messages.success(request, f"The sample site is here, with {report.rows.new} keywords.")
    return redirect("automation:page", site.slug)


def _received(request: HttpRequest, site: Site) -> Upload:
    """What was dropped, else what was pasted; raises UserError when there is neither."""
    file = request.FILES.get("file")
    if file is not None:
        return keep_upload(site, file.name or "file", file.chunks())
    if lines := request.POST.get("lines", "").strip():
        return keep_upload(site, PASTED, [lines.encode()])
    raise UserError("Choose a file, or paste keywords, one a line.")


def _look(site: Site, upload: Upload) -> tuple[Export, ImportReport]:
    export = open_export(upload.path)
    return export, import_keywords(site, export, dry_run=True)


def _import(request: HttpRequest, site: Site, upload: Upload) -> HttpResponse:
    report = import_keywords(site, open_export(upload.path))
    upload.forget()
    record(request, "imported keywords into", site, site, after=f"{report.rows.new:,} new")
    context = {
        "title": "Keywords imported",
        "site": site,
        "steps": _steps(3),
        "report": report,
        "name": Path(upload.name).name,
    }
    return render(request, "planner/imported.html", context)


def _steps(current: int) -> Iterable[dict[str, Any]]:
    return [
        {"number": n, "title": title, "is_done": n < current, "is_current": n == current}
        for n, title in enumerate(STEPS, 1)
    ]
