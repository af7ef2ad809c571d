"""What every template may use: icons, addresses of files, badges, bars."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from igny8.core import clock

register = template.Library()
NOT_YET = mark_safe("–")


@register.simple_tag
@cache
def asset(name: str) -> str:
    """The address of a file of ours; it changes with what the file says, so it may be kept."""
    return f"{static(f'igny8/{name}')}?v={_stamp(name)}"


@register.simple_tag
@cache
def icon(name: str, manner: str = "") -> SafeString:
    """A picture beside a word; screen readers pass over it."""
    return format_html(
        '<svg class="i {}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        manner,
        asset("icons.svg"),
        name,
    )


@register.simple_tag
def badge(tone: str, picture: str, word: str) -> SafeString:
    """A state: never colour alone, always the word beside its icon."""
    manner = "spinner" if picture == "loader-circle" else ""
    return format_html('<span class="badge is-{}">{}{}</span>', tone, icon(picture, manner), word)


@register.simple_tag
def clock_time(moment: datetime | None, zone: tzinfo, form: str = "%I:%M %p") -> SafeString:
    """A moment in the site's time zone, the whole of it on hover; a dash when there is none."""
    if moment is None:
        return NOT_YET
    local = moment.astimezone(zone)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        f"{local:%a, %b} {local.day} {local:%Y, %I:%M:%S %p %Z}",
        f"{local:{form}}".lstrip("0").replace(" 0", " "),
    )


@register.simple_tag
def ago(moment: datetime | None, zone: tzinfo) -> SafeString:
    """How long ago, or until; the page keeps it true."""
    if moment is None:
        return NOT_YET
    local = moment.astimezone(zone)
    return format_html(
        '<time datetime="{}" title="{}" data-relative>{}</time>',
        local.isoformat(timespec="seconds"),
        f"{local:%a, %b} {local.day} {local:%Y, %I:%M %p %Z}",
        relative((moment - clock.now()).total_seconds()),
    )


def relative(seconds: float) -> str:
    """`in 14 hours`, `yesterday`, `2 days ago`, `this minute`; as the browser says it."""
    if 1 <= abs(seconds) / 86400 < 2:
        return "tomorrow" if seconds > 0 else "yesterday"
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if abs(seconds) >= size:
            number = int(abs(seconds) // size)
            text = f"{number} {unit}{'' if number == 1 else 's'}"
            return f"in {text}" if seconds > 0 else f"{text} ago"
    return "this minute"


@register.filter
def initials(name: str) -> str:
    """Two letters for a mark: `Northwind Coffee` is NC, `demo` is DE."""
    words = name.replace("-", " ").split()
    letters = [word[0] for word in words[:2]] if len(words) > 1 else list(name[:2])
    return "".join(letters).upper()


@register.filter
def maker(label: str) -> str:
    """`openai_compatible:gpt-4o` by the model's name, the sample by what it is."""
    kind, _, name = label.partition(":")
    return "built-in sample" if kind == "sample" else name or label


@register.filter
def words(name: str) -> str:
    """`stage_1_batch_size` as people write it."""
    return name.replace("_", " ").capitalize()


@register.filter
def at(found: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping has under a key that is only known in the loop."""
    return found.get(key, ())


@register.filter
def thousands(number: int) -> str:
    return f"{number:,}"


def _stamp(name: str) -> str:
    content = files("igny8.theme").joinpath("static", "igny8", *name.split("/")).read_bytes()
    return sha256(content).hexdigest()[:12]
