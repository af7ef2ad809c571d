"""A site's own prompts: every version is kept, the newest is in use."""

from difflib import unified_diff
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from igny8.ai.functions import AIFunction, Answer, Question
from igny8.ai.models import PromptOverride
from igny8.ai.prompts.rendering import shipped_prompt
from igny8.ai.prompts.validation import check_prompt
from igny8.core.errors import UserError
from igny8.sites.models import Site

Q = TypeVar("Q", bound=Question)
A = TypeVar("A", bound=Answer)


class PromptChangedError(UserError):
    """Somebody else saved a version in between."""


def with_site_prompt(function: AIFunction[Q, A], site_id: int) -> AIFunction[Q, A]:
    """The function as this site tells it; one that is tried out keeps the prompt it has."""
    if function.own_prompt:
        return function
    newest = _versions(site_id, function.name).values_list("text", flat=True).first()
    return function.with_prompt(newest) if newest else function


def save_prompt(
    function: AIFunction[Any, Any], text: str, *, site: Site, by: str, after: int
) -> PromptOverride:
    """A new version, in use from the next question on; `after` is the version it was made from.

    Raises PromptError when it cannot be used, PromptChangedError when `after` is not the newest.
    """
    check_prompt(function, text)
    return _add_version(site, function.name, text, by=by, after=after)


def reset_prompt(
    function: AIFunction[Any, Any], *, site: Site, by: str, after: int
) -> PromptOverride:
    """Back to the prompt shipped, as a version of its own."""
    return _add_version(site, function.name, "", by=by, after=after)


def prompt_history(function: AIFunction[Any, Any], site: Site) -> list[PromptOverride]:
    """All versions, the one in use first; none while the site has always used the default."""
    return list(_versions(site.pk, function.name))


def prompt_at(function: AIFunction[Any, Any], site: Site, version: int) -> str:
    """The text of a version; 0, and a reset, is the prompt shipped."""
    texts = _versions(site.pk, function.name).filter(version=version)
    text = texts.values_list("text", flat=True).first()
    if text is None and version:
        raise UserError(f"There is no version {version} of this prompt; choose one of its history.")
    return text or shipped_prompt(function.prompt)


def prompt_difference(
    function: AIFunction[Any, Any], site: Site, *, older: int, newer: int
) -> list[str]:
    """The lines of a unified diff, without line ends; none when both read the same."""
    before = prompt_at(function, site, older).splitlines()
    after = prompt_at(function, site, newer).splitlines()
    names = (f"version {older}", f"version {newer}")
    return list(unified_diff(before, after, *names, lineterm=""))


def _versions(site_id: int, function: str) -> "QuerySet[PromptOverride]":
    rows = PromptOverride.objects.filter(site_id=site_id, function=function)
    return rows.order_by("-version")


def _add_version(site: Site, function: str, text: str, *, by: str, after: int) -> PromptOverride:
    """The constraint decides between two who save at the same moment."""
    newest = _versions(site.pk, function).values_list("version", flat=True).first() or 0
    if newest != after:
        raise _changed(newest)
    try:
        with transaction.atomic():
            return PromptOverride.objects.create(
                site=site, function=function, version=newest + 1, text=text, made_by=by[:120]
            )
    except IntegrityError as error:
        raise _changed(newest + 1) from error


def _changed(newest: int) -> PromptChangedError:
    return PromptChangedError(
        f"Version {newest} was saved in the meantime; compare yours with it and save again."
    )
