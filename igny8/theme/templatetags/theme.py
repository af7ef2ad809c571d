"""What every template may use: icons, addresses of files, badges, bars."""

from functools import cache
from hashlib import sha256
from importlib.resources import files

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a file of ours; it changes with what the file says, so it may be kept."""
    return f"{static(f'igny8/{name}')}?v={_stamp(name)}"


@register.simple_tag
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


@register.filter
def initials(name: str) -> str:
    """Two letters for a mark: `Northwind Coffee` is NC, `demo` is DE."""
    words = name.replace("-", " ").split()
    letters = [word[0] for word in words[:2]] if len(words) > 1 else list(name[:2])
    return "".join(letters).upper()


@register.filter
def thousands(number: int) -> str:
    return f"{number:,}"


@cache
def _stamp(name: str) -> str:
    content = files("igny8.theme").joinpath("static", "igny8", *name.split("/")).read_bytes()
    return sha256(content).hexdigest()[:12]
