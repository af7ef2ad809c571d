"""A site's own prompts: read, worded, checked while typing, tried, saved, compared, reset."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from igny8.accounts.access import signed_in
from igny8.accounts.audit import record
from igny8.accounts.models import Role
from igny8.ai.prompts.overrides import (
    PromptChangedError,
    newest_version,
    prompt_at,
    prompt_history,
    reset_prompt,
    restore_prompt,
    save_prompt,
)
from igny8.ai.prompts.validation import PromptError
from igny8.automation.presenters.prompt_changes import changes, counts
from igny8.automation.presenters.prompt_page import entries, prompt_page
from igny8.automation.prompt_items import item_of
from igny8.automation.prompts import PROMPTS, Prompt, prompt_named
from igny8.automation.trials import Trial, kept_token, new_token, try_once
from igny8.core.errors import UserError
from igny8.sites.access import site_page
from igny8.sites.models import Site
from igny8.theme.answers import UNPROCESSABLE, dialog, gone_on, is_partial, refused

CONFLICT = 409


@site_page()
def prompts(request: HttpRequest, site: Site) -> HttpResponse:
    """The first of the list."""
    return redirect("automation:prompt", site.slug, PROMPTS[0].function.name)


@site_page()
def prompt(request: HttpRequest, site: Site, function: str) -> HttpResponse:
    return _page(request, site, _named(function))


@require_POST
@site_page(Role.EDITOR)
def check(request: HttpRequest, site: Site, function: str) -> HttpResponse:
    """The unsaved text with its faults, or as a model would get it; no call, nothing stored."""
    return _page(request, site, _named(function), **_unsaved(request))


@require_POST
@site_page(Role.EDITOR)
def save(request: HttpRequest, site: Site, function: str) -> HttpResponse:
    chosen, unsaved = _named(function), _unsaved(request)
    text, after, back = unsaved["text"], unsaved["after"], _address(site, chosen)
    if text == prompt_at(chosen.function, site, newest_version(chosen.function, site)):
        return refused(request, "Nothing was changed, so there is nothing to save.", back=back)
    try:
        made = save_prompt(chosen.function, text, site=site, by=_called(request), after=after)
    except PromptError:
        return _page(request, site, chosen, status=UNPROCESSABLE, **unsaved)
    except PromptChangedError:
        return _page(request, site, chosen, status=CONFLICT, **unsaved)
    record(request, "changed the prompt", chosen.title, site, note=f"version {made.version}")
    said = f"Saved as version {made.version}. Runs under way keep the version they began with."
    return gone_on(request, said, to=back)


@require_POST
@site_page(Role.EDITOR)
def try_out(request: HttpRequest, site: Site, function: str) -> HttpResponse:
    """Puts the unsaved text to the model; what comes is shown and not kept."""
    chosen, unsaved = _named(function), _unsaved(request)
    text, token = unsaved["text"], request.POST.get("token", "")
    try:
        trial = try_once(chosen, text, item_of(chosen, site), site=site, token=token)
    except PromptError:
        return _page(request, site, chosen, status=UNPROCESSABLE, **unsaved)
    record(request, "tried the prompt", chosen.title, site)
    return _page(request, site, chosen, trial=trial, **unsaved)


@site_page(Role.EDITOR)
def reset(request: HttpRequest, site: Site, function: str) -> HttpResponse:
    chosen = _named(function)
    back, newest = _address(site, chosen), newest_version(chosen.function, site)
    if request.method != "POST":
        context = {
            "title": "Reset prompt",
            "site": site,
            "prompt": chosen,
            "version": newest,
            "next_version": newest + 1,
            "action": request.path,
        }
        return dialog(request, "automation/prompts/reset.html", context)
    after = _number(request.POST.get("after"), newest)
    try:
        made = reset_prompt(chosen.function, site=site, by=_called(request), after=after)
    except PromptChangedError as error:
        return refused(request, str(error), back=back)
    record(request, "reset the prompt", chosen.title, site, note=f"version {made.version}")
    return gone_on(request, f"Reset to the default, as version {made.version}.", to=back)


@require_POST
@site_page(Role.EDITOR)
def restore(request: HttpRequest, site: Site, function: str) -> HttpResponse:
    """An older version once more, as a new one: nothing is lost."""
    chosen = _named(function)
    back, by = _address(site, chosen), _called(request)
    version = _number(request.POST.get("version"), 0)
    after = _number(request.POST.get("after"), newest_version(chosen.function, site))
    try:
        made = restore_prompt(chosen.function, version, site=site, by=by, after=after)
    except UserError as error:
        return refused(request, str(error), back=back)
    record(request, "restored the prompt", chosen.title, site, note=f"version {version}")
    said = f"Version {version} is in use again, as version {made.version}."
    return gone_on(request, said, to=back)


@site_page()
def history(request: HttpRequest, site: Site, function: str) -> HttpResponse:
    """All versions, and one compared with the one before it, or `with` another one."""
    chosen = _named(function)
    versions = prompt_history(chosen.function, site)
    newest = versions[0].version if versions else 0
    newer = _number(request.GET.get("version"), newest)
    older = _number(request.GET.get("with"), max(0, newer - 1))
    try:
        texts = [prompt_at(chosen.function, site, one) for one in (older, newer)]
    except UserError as error:
        raise Http404(str(error)) from error
    lines = list(changes(*texts))
    context = {
        "title": "Prompt history",
        "site": site,
        "zone": site.zone,
        "prompt": chosen,
        "versions": versions,
        "newest": newest,
        "newer": newer,
        "older": older,
        "current": next((one for one in versions if one.version == newer), None),
        "lines": lines,
        "counts": counts(lines),
        "can_edit": _can_edit(request),
    }
    return render(request, "automation/prompts/history.html", context)


def _page(
    request: HttpRequest,
    site: Site,
    chosen: Prompt,
    *,
    text: str | None = None,
    after: int | None = None,
    trial: Trial | None = None,
    status: int = 200,
) -> HttpResponse:
    """All of it, or the parts around a text that is being typed."""
    shown = prompt_page(chosen, site, text=text, after=after, trial=trial)
    context: dict[str, Any] = {
        "title": "Prompts",
        "site": site,
        "zone": site.zone,
        "p": shown,
        "token": new_token() if trial else kept_token(request.POST.get("token", "")),
        "can_edit": _can_edit(request),
    }
    if is_partial(request):
        return render(request, "automation/prompts/parts.html", context)
    context["entries"] = entries(site, shown.name)
    return render(request, "automation/prompts/page.html", context, status=status)


def _unsaved(request: HttpRequest) -> dict[str, Any]:
    """Browsers send line ends as the protocol wants them."""
    text = request.POST.get("text", "").replace("\r\n", "\n")
    return {"text": text, "after": _number(request.POST.get("after"), 0)}


def _named(function: str) -> Prompt:
    try:
        return prompt_named(function)
    except UserError as error:
        raise Http404(str(error)) from error


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else otherwise


def _called(request: HttpRequest) -> str:
    person = signed_in(request)
    return person.called if person else ""


def _can_edit(request: HttpRequest) -> bool:
    return Role(request.my_role).includes(Role.EDITOR)  # type: ignore[attr-defined]  # by site_page


def _address(site: Site, chosen: Prompt) -> str:
    return reverse("automation:prompt", args=[site.slug, chosen.function.name])
