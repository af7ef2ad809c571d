"""`igny8 config`: a site's automation settings, shown or set."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from igny8.cli.opening import open_database, open_site
from igny8.cli.options import AsJson, SiteSlug, console, say, say_json
from igny8.cli.typist import note_down
from igny8.core.errors import UsageError

if TYPE_CHECKING:
    from django.core.exceptions import ValidationError
    from django.db.models import Field, Model

    from igny8.automation.models import AutomationConfig

    Setting = tuple[Model, "Field[Any, Any]"]

OF_THE_SITE = (
    "time_zone",
    "granularity",
    "embeddings",
    "language",
    "audience",
    "voice",
    "spelling",
    "banned_words",
    "disclosure",
)
EXAMPLE = "within_stage_delay=5"
NOT_SET = ("", "none")
TRUTHS = {"yes": "True", "on": "True", "no": "False", "off": "False"}


def config(
    site: SiteSlug,
    values: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME=VALUE]...", help="Settings to change.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the site's automation settings, or set some: stop_after=3 budget_run=none."""
    open_database()
    from igny8.automation.runs import config_of

    found = config_of(open_site(site))
    settings = {field.name: (owner, field) for owner, field in _settings(found)}
    if values:
        _set(found, settings, values)
        note = ", ".join(dict.fromkeys(_name_of(value) for value in values))
        note_down("changed the automation of", found.site, found.site, note=note)
    if as_json:
        say_json({"site": site, **_shown(settings), "next_run_at": _next_run(found)})
    elif values:
        for name in dict.fromkeys(_name_of(value) for value in values):
            say(f"{name} = {_text(_shown(settings)[name])}")
        say(f"{_when(found)}. A run that is under way keeps the settings it started with.")
    else:
        _show_table(found, settings)


def _settings(config: "AutomationConfig") -> "Iterator[Setting]":
    for field in config._meta.concrete_fields:
        if field.editable and not field.primary_key and not field.is_relation:
            yield config, field
    for name in OF_THE_SITE:
        [field] = [f for f in config.site._meta.concrete_fields if f.name == name]
        yield config.site, field


def _set(config: "AutomationConfig", settings: "dict[str, Setting]", values: Iterable[str]) -> None:
    """All or nothing: the first value that cannot stand stops everything."""
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from igny8.automation.schedule import reschedule

    for value in values:
        _assign(settings, value)
    try:
        config.full_clean()
        config.site.full_clean()
    except ValidationError as invalid:
        raise UsageError(_sentences(invalid)) from invalid
    with transaction.atomic():
        config.site.save(update_fields=(*OF_THE_SITE, "updated_at"))
        config.save()
        reschedule(config)


def _assign(settings: "dict[str, Setting]", assignment: str) -> None:
    from django.core.exceptions import ValidationError

    name, equals, text = assignment.partition("=")
    if not equals:
        raise UsageError(f"“{assignment}” sets nothing; write it like {name}=VALUE.")
    if name not in settings:
        raise UsageError(f"There is no setting “{name}”. Settings: {', '.join(sorted(settings))}.")
    owner, field = settings[name]
    try:
        setattr(owner, name, _parsed(field, text.strip()))
    except ValidationError as invalid:
        raise UsageError(f"{name}: {' '.join(invalid.messages)}") from invalid


def _parsed(field: "Field[Any, Any]", text: str) -> Any:
    word = text.casefold()
    if field.null and word in NOT_SET:
        return None
    if field.get_internal_type() == "BooleanField":
        text = TRUTHS.get(word, text)
    if field.get_internal_type() == "JSONField":
        if word in NOT_SET:
            return []
        return [part.strip() for part in text.split(",") if part.strip()]
    return field.to_python(text)


def _sentences(invalid: "ValidationError") -> str:
    return "\n".join(
        f"{name}: {' '.join(messages)}" for name, messages in invalid.message_dict.items()
    )


def _show_table(config: "AutomationConfig", settings: "dict[str, Setting]") -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("setting", "value", "meaning"):
        table.add_column(heading)
    for name, value in _shown(settings).items():
        _, field = settings[name]
        table.add_row(name, escape(_text(value)), _meaning(field))
    console().print(table)
    say(f"\nChange one: igny8 config --site {config.site.slug} {EXAMPLE}")
    say(f"{_when(config)}.")


def _meaning(field: "Field[Any, Any]") -> str:
    choices = ", ".join(str(value) for value, _ in field.flatchoices)
    return " ".join(filter(None, (choices, str(field.help_text))))


def _shown(settings: "dict[str, Setting]") -> dict[str, Any]:
    """Values as JSON knows them: times and amounts as text."""
    values = {name: getattr(owner, name) for name, (owner, _) in settings.items()}
    return {
        name: value if value is None or isinstance(value, bool | int | str | list) else f"{value}"
        for name, value in values.items()
    }


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        value = ", ".join(value)
    return "–" if value in (None, "") else f"{value}"


def _next_run(config: "AutomationConfig") -> str | None:
    from igny8.automation.status import moment

    config.refresh_from_db(fields=("next_run_at",))
    return moment(config.next_run_at)


def _when(config: "AutomationConfig") -> str:
    config.refresh_from_db(fields=("next_run_at",))
    if config.next_run_at is None:
        return "No run is scheduled"
    return f"Next run {config.next_run_at.astimezone(config.site.zone):%Y-%m-%d %H:%M %Z}"


def _name_of(assignment: str) -> str:
    return assignment.partition("=")[0]
