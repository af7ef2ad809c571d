"""What people do to a site's automation: set it, start, pause, resume, cancel, retry."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from igny8.accounts.access import signed_in
from igny8.accounts.audit import record
from igny8.accounts.models import Role
from igny8.automation.confirming import limits_passed, number_to_type
from igny8.automation.estimates import estimate
from igny8.automation.figures import figures_of
from igny8.automation.forecast import settings_of
from igny8.automation.forms import ConfigForm, RetryForm, StartForm
from igny8.automation.models import AutomationRun
from igny8.automation.parking import retry_rows
from igny8.automation.presenters.batch_sizes import batch_rows
from igny8.automation.presenters.cancel import cancel_sheet
from igny8.automation.presenters.start import start_sheet
from igny8.automation.reading import forget_parts
from igny8.automation.runs import (
    active_run,
    cancel_run,
    config_of,
    pause_run,
    resume_run,
    start_run,
)
from igny8.automation.site_removal import archive_site
from igny8.automation.stages import WORK_STAGES, stage_number
from igny8.core.errors import UserError
from igny8.sites.access import site_page
from igny8.sites.models import Site
from igny8.theme.answers import dialog, done, gone_on, refused

LAST_WORK_STAGE = len(WORK_STAGES)


@site_page(Role.EDITOR)
def configure(request: HttpRequest, site: Site) -> HttpResponse:
    config = config_of(site)
    form = ConfigForm(request.POST if request.method == "POST" else None, instance=config)
    if request.method == "POST" and form.is_valid():
        form.store()
        forget_parts(site)
        record(request, "changed the automation of", site, site, note=", ".join(form.changed_data))
        return done(request, "Saved. A run under way keeps what it started with.", back=_back(site))
    waiting = figures_of(site).waiting
    context = {
        "title": "Configure automation",
        "site": site,
        "form": form,
        "batches": [
            (row, form[row.field] if row.field else None)
            for row in batch_rows(settings_of(config_of(site)), waiting)
        ],
        "action": request.path,
    }
    is_wrong = request.method == "POST"
    return dialog(request, "automation/configure.html", context, is_wrong=is_wrong)


@site_page(Role.EDITOR)
def start(request: HttpRequest, site: Site) -> HttpResponse:
    """Says first what it costs and takes; of a large or dear run the number is typed."""
    if (run := active_run(site)) is not None:
        return refused(request, _why_not(run), back=_back(site))
    asked = StartForm(request.POST or request.GET)
    asked.is_valid()
    first, last = asked.cleaned_data.get("first_stage") or 1, asked.cleaned_data.get("stop_after")
    config = config_of(site)
    own_stop = config.own_stop(first)
    expected = estimate(site, config, first_stage=first, stop_after=last or own_stop)
    to_type = number_to_type(expected, limits_passed(expected, config))
    is_go = request.method == "POST" and request.POST.get("decision") != "look"
    form = StartForm(
        request.POST if is_go else None,
        to_type=to_type,
        own_stop=own_stop,
        initial={
            "first_stage": asked["first_stage"].value(),
            "stop_after": asked["stop_after"].value(),
        },
    )
    if is_go and form.is_valid():
        return _start(request, site, first, last)
    context = {
        "title": "Run now",
        "site": site,
        "form": form,
        "asked": asked,
        "sheet": start_sheet(expected, config, to_type),
        "action": request.path,
    }
    return dialog(request, "automation/start.html", context, is_wrong=is_go)


@require_POST
@site_page(Role.EDITOR)
def pause(request: HttpRequest, site: Site) -> HttpResponse:
    """Takes effect before the next call; the one in flight is kept."""
    run = active_run(site)
    if run is None:
        return refused(request, "No run is under way any more.", back=_back(site))
    return _turned(request, site, run, "paused")


@require_POST
@site_page(Role.EDITOR)
def resume(request: HttpRequest, site: Site) -> HttpResponse:
    run = active_run(site)
    if run is None:
        return refused(request, "No run is paused any more.", back=_back(site))
    return _turned(request, site, run, "resumed")


@site_page(Role.EDITOR)
def cancel(request: HttpRequest, site: Site) -> HttpResponse:
    run = active_run(site)
    if run is None:
        return refused(request, "No run is under way any more.", back=_back(site))
    if request.method == "POST":
        return _turned(request, site, run, "cancelled")
    context = {
        "title": "Cancel run",
        "site": site,
        "run": run,
        "sheet": cancel_sheet(run),
        "action": request.path,
    }
    return dialog(request, "automation/cancel.html", context)


@require_POST
@site_page(Role.EDITOR)
def retry(request: HttpRequest, site: Site) -> HttpResponse:
    """Takes the mark off parked rows: of a run, of a stage, or of chosen rows in it (`rows`).

    `attempts` is the fix that comes with it: how many an item may have from now on.
    """
    asked = RetryForm(request.POST)
    back = _safe(request, site)
    if not asked.is_valid():
        return refused(request, "Nothing was left to retry.", back=back)
    freed = {n: retry_rows(site, stage_number(n), ids) for n, ids in asked.rows_of(site).items()}
    said = [stage_number(n).count(rows) for n, rows in freed.items() if rows]
    if not said:
        return refused(request, "Nothing was left to retry.", back=back)
    note = _allow(site, asked.cleaned_data["attempts"])
    record(request, "retried", ", ".join(said), site, note=note.strip())
    forget_parts(site)
    sentence = f"Back in the queue: {', '.join(said)}. {note}The next run takes them."
    return done(request, sentence, back=back)


@site_page(Role.EDITOR)
def remove_sample(request: HttpRequest, site: Site) -> HttpResponse:
    """Only the sample site goes so easily; it rests for 30 days like any other."""
    if not site.is_sample:
        return refused(request, "This is no sample site; it is not removed so easily.", back="/")
    if request.method != "POST":
        context = {"title": "Remove the sample site", "site": site, "action": request.path}
        return dialog(request, "automation/remove_sample.html", context)
    archive_site(site)
    record(request, "removed the sample", site, site)
    return gone_on(request, "The sample site is gone; it rests for 30 days.", to="/")


TURNS: dict[str, Callable[..., None]] = {
    "paused": pause_run,
    "resumed": resume_run,
    "cancelled": cancel_run,
}


def _turned(request: HttpRequest, site: Site, run: AutomationRun, verb: str) -> HttpResponse:
    try:
        TURNS[verb](run, by=_name(request))
    except UserError as error:
        return refused(request, str(error), back=_back(site))
    record(request, verb, f"run {run.pk}", site)
    forget_parts(site)
    return done(request, f"Run {run.pk} {verb}.", back=_back(site))


def _start(request: HttpRequest, site: Site, first: int, last: int | None) -> HttpResponse:
    try:
        run = start_run(site, first_stage=first, stop_after=last, by=_name(request))
    except UserError as error:
        return refused(request, str(error), back=_back(site))
    record(request, "started", f"run {run.pk}", site)
    forget_parts(site)
    return done(request, f"Run {run.pk} started.", back=_back(site))


def _name(request: HttpRequest) -> str:
    person = signed_in(request)
    assert person is not None, "only people of the team come here"
    return person.called


def _why_not(run: AutomationRun) -> str:
    if run.status == AutomationRun.Status.PAUSED:
        return f"Run {run.pk} is paused: {run.reason.rstrip('.')}. Resume or cancel it first."
    return f"Run {run.pk} is under way already; you are looking at it."


def _allow(site: Site, attempts: int | None) -> str:
    """More attempts an item, never fewer than now; says so."""
    config = config_of(site)
    if attempts is None or attempts <= config.attempts:
        return ""
    config.attempts = attempts
    config.save(update_fields=("attempts", "updated_at"))
    return f"An item may have {attempts} attempts now. "


def _safe(request: HttpRequest, site: Site) -> str:
    """Where the form stood, if that is a page of ours."""
    asked = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if asked and is_ours else _back(site)


def _back(site: Site) -> str:
    return reverse("automation:page", args=[site.slug])
