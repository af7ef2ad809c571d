"""The history of a site's runs, one run, its log as a file, and what needs attention."""

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render

from igny8.accounts.models import Role
from igny8.automation.estimates import unpriced_of
from igny8.automation.models import AutomationRun, RunLog
from igny8.automation.presenters.causes import causes_of_run, causes_of_site, trouble_of
from igny8.automation.presenters.log_lines import FILTERS, log_lines
from igny8.automation.presenters.looks import look_of
from igny8.automation.presenters.run_rows import gantt, run_row, tick_form, ticks
from igny8.automation.presenters.run_totals import run_totals
from igny8.automation.presenters.settings_used import settings_used
from igny8.automation.reading import counts_of, page_run
from igny8.automation.runs import config_of
from igny8.automation.stages import WORK_STAGES
from igny8.core import clock
from igny8.sites.access import site_page
from igny8.sites.models import Site

ROWS = 50
LOG_ROWS = 500
TABS = (
    ("timeline", "Timeline"),
    ("errors", "Errors"),
    ("log", "Log"),
    ("settings", "Settings used"),
)
LOGS = ("log", "errors")
LIVE = ("timeline", "log")  # what is unfolded on the others would fold itself
STATUSES = (("", "All"), *((value.value, str(value.label)) for value in AutomationRun.Status))


@site_page()
def runs(request: HttpRequest, site: Site) -> HttpResponse:
    status = request.GET.get("status", "")
    found = AutomationRun.objects.filter(site=site).order_by("-pk")
    if status in AutomationRun.Status.values:
        found = found.filter(status=status)
    shown = Paginator(found, ROWS).get_page(request.GET.get("page"))
    now = clock.now()
    rows = [run_row(run, now) for run in shown]
    context = {
        "title": "Runs",
        "site": site,
        "zone": site.zone,
        "rows": rows,
        "totals": run_totals(site, now),
        "shown": shown,
        "is_live": any(row.is_running for row in rows),
        "statuses": STATUSES,
        "status": status,
    }
    return render(request, "automation/runs.html", context)


@site_page()
def run(request: HttpRequest, site: Site, pk: int) -> HttpResponse:
    found = get_object_or_404(AutomationRun.objects.select_related("site"), pk=pk, site=site)
    tab = request.GET.get("tab", "timeline")
    if tab not in dict(TABS):
        raise Http404
    now = clock.now()
    kept = request.GET.get("log", "all") if tab == "log" else "errors"
    stage = _stage(request) if tab == "errors" else None
    causes = causes_of_run(found, stage)
    context = {
        "title": f"Run {found.pk}",
        "site": site,
        "zone": site.zone,
        "run": found,
        "row": run_row(found, now),
        "unpriced": unpriced_of(found),
        "look": look_of(found),
        "is_live": found.status == found.Status.RUNNING and tab in LIVE,
        "tab": tab,
        "tabs": TABS,
        "gantt": list(gantt(found, now)),
        "ticks": ticks(found, now),
        "tick_form": tick_form(found, now),
        "handovers": _handovers(found) if tab == "timeline" else {},
        "trouble": trouble_of(causes, config_of(site).attempts),
        "failed": sum(int(found.result(s.number).get("failed", 0)) for s in WORK_STAGES),
        "stage": stage,
        "log": list(log_lines(found, kept, stage=stage, limit=LOG_ROWS)) if tab in LOGS else (),
        "kept": kept,
        "filters": FILTERS,
        "settings": settings_used(found),
        "review": counts_of(site).review,
        "can_run": _can_run(request),
    }
    return render(request, "automation/run.html", context)


@site_page()
def attention(request: HttpRequest, site: Site) -> HttpResponse:
    """Every row that needs a person, whichever run it was."""
    context = {
        "title": "Needs attention",
        "site": site,
        "trouble": trouble_of(causes_of_site(site, page_run(site)), config_of(site).attempts),
        "can_run": _can_run(request),
    }
    return render(request, "automation/attention.html", context)


@site_page()
def log_file(request: HttpRequest, site: Site, pk: int) -> StreamingHttpResponse:
    """Every line, oldest first, times in UTC."""
    found = get_object_or_404(AutomationRun, pk=pk, site=site)
    headers = {"Content-Disposition": f'attachment; filename="{site.slug}-run-{found.pk}.txt"'}
    return StreamingHttpResponse(
        _log_text(found), content_type="text/plain; charset=utf-8", headers=headers
    )


def _log_text(run: AutomationRun) -> Iterator[str]:
    yield f"Run {run.pk}, started {run.started_at:%Y-%m-%d %H:%M:%S} UTC by {run.trigger}\n"
    for line in RunLog.objects.filter(run=run).order_by("pk").iterator():
        stage = f"stage {line.stage}" if line.stage else ""
        yield f"{line.at:%Y-%m-%d %H:%M:%S}  {line.level:<7}  {stage:<7}  {line.message}\n"


def _handovers(run: AutomationRun) -> dict[int, list[str]]:
    """The checks between stages, by the stage they close."""
    found: dict[int, list[str]] = {}
    lines = RunLog.objects.filter(run=run, message__contains=" → Stage ").order_by("pk")
    for stage, message in lines.values_list("stage", "message"):
        found.setdefault(stage or 0, []).append(message.partition(": ")[2])
    return found


def _stage(request: HttpRequest) -> int | None:
    """The one that the address names; none is all of them."""
    known = {str(stage.number): stage.number for stage in WORK_STAGES}
    return known.get(request.GET.get("stage", ""))


def _can_run(request: HttpRequest) -> bool:
    role: Role = request.my_role  # type: ignore[attr-defined]  # set by site_page
    return role.includes(Role.EDITOR)
