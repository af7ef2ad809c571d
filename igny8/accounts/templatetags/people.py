"""How pages show people and what they did."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django import template

from igny8.accounts.models import AuditEntry, Kind
from igny8.core import clock

register = template.Library()

LOOKS = {
    Kind.WORK: ("run", "play"),
    Kind.SETTINGS: ("warn", "settings-2"),
    Kind.PUBLISHING: ("ok", "send"),
    Kind.PEOPLE: ("accent", "users"),
    Kind.ACCESS: ("idle", "key-round"),
}


@register.filter
def hue(number: int) -> int:
    """One of eight colours, the same everywhere for one person."""
    return number % 8


@register.filter
def look(entry: AuditEntry) -> dict[str, str]:
    tone, picture = LOOKS[Kind(entry.kind)]
    return {"tone": tone, "icon": picture}


@register.simple_tag
def by_day(
    entries: Iterable[AuditEntry], zone: ZoneInfo | str
) -> list[tuple[str, list[AuditEntry]]]:
    """Lines under the day they fall on in `zone`, as Today, Yesterday or a date."""
    zone = zone or ZoneInfo("UTC")
    assert isinstance(zone, ZoneInfo)
    today = clock.now().astimezone(zone).date()

    def day(entry: AuditEntry) -> date:
        return entry.done_at.astimezone(zone).date()

    return [(_name(at, today), list(group)) for at, group in groupby(entries, day)]


def _name(day: date, today: date) -> str:
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    return f"{day:%A, %B} {day.day}, {day.year}"
