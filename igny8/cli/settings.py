"""`igny8 config`: a site's automation settings, shown or set."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from igny8.cli.opening import open_database, open_site
from igny8.cli.options import AsJson, SiteSlug, say, say_json
from igny8.core.errors import UsageError

if TYPE_CHECKING:
    from igny8.automation.models import AutomationConfig

HIDDEN = ("id", "site", "created_at", "updated_at")
NOTHING = ("", "none", "off")


def config(
    site: SiteSlug,
    values: Annotated[list[str] | None, typer.Argument(metavar="[NAME=VALUE]...")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the site's automation settings, or set some: stop_after=3 within_stage_delay=0."""
    open_database()
    from igny8.automation.runs import config_of

    found = config_of(open_site(site))
    if values:
        _set(found, values)
    shown = {name: _shown(getattr(found, name)) for name in _names(found)}
    if as_json:
        say_json(shown)
        return
    for name, value in shown.items():
        say(f"{name:<28} {'–' if value is None or value == '' else value}")


def _set(found: "AutomationConfig", values: list[str]) -> None:
    """All or nothing: the first value that cannot stand stops everything."""
    from django.core.exceptions import ValidationError

    from igny8.automation.schedule import reschedule

    settable = [n for n in _names(found) if found._meta.get_field(n).editable]
    for assignment in values:
        name, equals, value = assignment.partition("=")
        if not equals or name not in settable:
            raise UsageError(f"“{assignment}” sets nothing. Names: {', '.join(settable)}.")
        _assign(found, name, value.strip())
    try:
        found.full_clean()
    except ValidationError as invalid:
        raise UsageError(_sentence(invalid)) from invalid
    found.save()
    reschedule(found)


def _assign(found: "AutomationConfig", name: str, value: str) -> None:
    from django.core.exceptions import ValidationError

    [field] = [f for f in found._meta.concrete_fields if f.name == name]
    empty = value.casefold() in NOTHING and field.null
    try:
        setattr(found, name, None if empty else field.to_python(value))
    except ValidationError as invalid:
        raise UsageError(f"{name}: {' '.join(invalid.messages)}") from invalid


def _sentence(invalid: Any) -> str:
    return "; ".join(
        f"{name}: {' '.join(messages)}" for name, messages in invalid.message_dict.items()
    )


def _names(found: "AutomationConfig") -> list[str]:
    return [f.name for f in found._meta.concrete_fields if f.name not in HIDDEN]


def _shown(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)
