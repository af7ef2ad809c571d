"""A site's own prompts: every version is kept, the newest is in use."""

from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from typing import Any, TypeVar

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Length

from igny8.ai.functions import AIFunction, Answer, Question
from igny8.ai.models import PromptOverride
from igny8.ai.prompts.rendering import shipped_prompt
from igny8.ai.prompts.validation import check_prompt
from igny8.core.errors import UserError
from igny8.core.rows import select_rows
from igny8.sites.models import Site

Q = TypeVar("Q", bound=Question)
A = TypeVar("A", bound=Answer)


class PromptChangedError(UserError):
    """Somebody else saved a version in between."""


@dataclass(frozen=True)
class InUse:
    """The newest version of a prompt, 0 before the first, and whether it is the site's own."""

    version: int = 0
    is_own: bool = False


_NEWEST = """
SELECT text FROM igny8_prompt_overrides WHERE site_id = %s AND function = %s
ORDER BY version DESC LIMIT 1
"""
_NEWEST_AT = """
SELECT text FROM igny8_prompt_overrides WHERE site_id = %s AND function = %s AND made_at <= %s
ORDER BY version DESC LIMIT 1
"""


def with_site_prompt(
    function: AIFunction[Q, A], site_id: int, at: datetime | None = None
) -> AIFunction[Q, A]:
    """The function as this site tells it, or told it `at` that moment; one that is tried out keeps
    the prompt it has."""
    if function.own_prompt:
        return function
    statement, wanted = _NEWEST, [site_id, function.name]
    if at is not None:
        statement = _NEWEST_AT
        wanted = [*wanted, connection.ops.adapt_datetimefield_value(at)]
    found = select_rows(statement, wanted)
    return function.with_prompt(found[0][0]) if found else function


def prompts_in_use(site: Site) -> dict[str, InUse]:
    """What is in use of each function the site has ever worded for itself."""
    rows = PromptOverride.objects.filter(site=site).order_by("version")
    sizes = rows.annotate(size=Length("text")).values_list("function", "version", "size")
    return {function: InUse(version, bool(size)) for function, version, size in sizes}


def save_prompt(
    function: AIFunction[Any, Any], text: str, *, site: Site, by: str, after: int
) -> PromptOverride:
    """A new version, in use from the next question on; `after` is the version it was made from.

    Raises PromptError when it cannot be used, PromptChangedError when `after` is not the newest.
    """
    check_prompt(function, text)
    return _add_version(function, text, site=site, by=by, after=after)


def reset_prompt(
    function: AIFunction[Any, Any], *, site: Site, by: str, after: int
) -> PromptOverride:
    """Back to the prompt shipped, as a version of its own."""
    return _add_version(function, "", site=site, by=by, after=after)


def restore_prompt(
    function: AIFunction[Any, Any], version: int, *, site: Site, by: str, after: int
) -> PromptOverride:
    """An older version once more, as a new one; raises as `save_prompt` does."""
    if is_reset(function, site, version):
        return reset_prompt(function, site=site, by=by, after=after)
    return save_prompt(function, prompt_at(function, site, version), site=site, by=by, after=after)


def newest_version(function: AIFunction[Any, Any], site: Site) -> int:
    """0 while the site has always used the default."""
    return _versions(site.pk, function.name).values_list("version", flat=True).first() or 0


def prompt_history(function: AIFunction[Any, Any], site: Site) -> list[PromptOverride]:
    """All versions, the one in use first; none while the site has always used the default."""
    return list(_versions(site.pk, function.name))


def prompt_at(function: AIFunction[Any, Any], site: Site, version: int) -> str:
    """The text of a version; 0, and a reset, is the prompt shipped."""
    texts = _versions(site.pk, function.name).filter(version=version)
    text = texts.values_list("text", flat=True).first()
    if text is None and version:
        raise _not_there(version)
    return text or shipped_prompt(function.prompt)


def prompt_difference(
    function: AIFunction[Any, Any], site: Site, *, older: int, newer: int
) -> list[str]:
    """The lines of a unified diff, without line ends; none when both read the same."""
    before = prompt_at(function, site, older).splitlines()
    after = prompt_at(function, site, newer).splitlines()
    names = (f"version {older}", f"version {newer}")
    return list(unified_diff(before, after, *names, lineterm=""))


def is_reset(function: AIFunction[Any, Any], site: Site, version: int) -> bool:
    """Whether this version is the prompt shipped; raises UserError when there is no such one."""
    if not version:
        return True
    texts = _versions(site.pk, function.name).filter(version=version).values_list("text", flat=True)
    if not texts:
        raise _not_there(version)
    return texts[0] == ""


def _versions(site_id: int, function: str) -> "QuerySet[PromptOverride]":
    rows = PromptOverride.objects.filter(site_id=site_id, function=function)
    return rows.order_by("-version")


def _add_version(
    function: AIFunction[Any, Any], text: str, *, site: Site, by: str, after: int
) -> PromptOverride:
    """The constraint decides between two who save at the same moment."""
    newest = newest_version(function, site)
    if newest != after:
        raise _changed(newest)
    try:
        with transaction.atomic():
            return PromptOverride.objects.create(
                site=site, function=function.name, version=newest + 1, text=text, made_by=by[:120]
            )
    except IntegrityError as error:
        raise _changed(newest + 1) from error


def _not_there(version: int) -> UserError:
    return UserError(f"There is no version {version} of this prompt; choose one of its history.")


def _changed(newest: int) -> PromptChangedError:
    return PromptChangedError(
        f"Version {newest} was saved in the meantime; compare yours with it and save again."
    )
