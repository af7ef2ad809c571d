"""`igny8 connection`: the providers of models, and which of them answers what."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from igny8.cli.opening import open_database, open_site
from igny8.cli.options import AsJson, say, say_json
from igny8.core.errors import UsageError, UserError

if TYPE_CHECKING:
    from igny8.ai.models import AIConnection
    from igny8.ai.step_settings import StepSettings
    from igny8.sites.models import Site

connection = typer.Typer(
    no_args_is_help=True, help="Connect providers of models, try them, choose who answers what."
)
Name = Annotated[str, typer.Argument(help="The name of the connection.")]
ForSite = Annotated[str, typer.Option("--site", help="Only for this site.")]


@connection.command("add")
def add(
    name: Name,
    kind: Annotated[
        str, typer.Option(help="openai_compatible, anthropic or gemini.")
    ] = "openai_compatible",
    url: Annotated[str, typer.Option(help="Its base URL; the usual one when left out.")] = "",
    at_once: Annotated[int | None, typer.Option(help="Most calls at once.", min=1)] = None,
    a_minute: Annotated[int | None, typer.Option(help="Most calls a minute.", min=1)] = None,
) -> None:
    """Store a connection; asks for its API key, or reads it from standard input."""
    open_database()
    from igny8.accounts.models import owner_account
    from igny8.ai.edits import add_connection

    made = add_connection(
        owner_account(),
        name=name,
        kind=kind,
        base_url=url,
        key=_key(),
        max_concurrent=at_once,
        requests_per_minute=a_minute,
    )
    say(f"Added {made.name}. Try it: igny8 connection test {made.name}")


@connection.command("key")
def key(name: Name) -> None:
    """Replace its API key; asks for it, or reads it from standard input."""
    found = _open(name)
    from igny8.ai.edits import replace_key

    replace_key(found, _key())
    say(f"{found.name} has a new key.")


@connection.command("test")
def try_out(
    name: Name,
    model: Annotated[str, typer.Option(help="The model to try.")] = "",
    as_json: AsJson = False,
) -> None:
    """Try it: its models, how it gives JSON, how fast it is."""
    found_connection = _open(name)
    from dataclasses import asdict

    from igny8.ai.checking import check_connection

    found = check_connection(found_connection, model=model)
    if as_json:
        say_json({"ok": found.ok, **asdict(found), "advice": found.advice})
    else:
        say(f"Models   {', '.join(found.models) or 'it does not say'}")
    if not found.ok:
        raise UserError(f"{found_connection.name}: {found.problem}")
    if not as_json:
        say(f"Tried    {found.model}: works, JSON {found.output_mode}")
        say(f"Speed    {found.seconds:g} s, {found.tokens_per_second or 'unknown'} tokens a second")
        say(f"Context  {f'{found.context:,}' if found.context else 'unknown'} tokens")
        if found.advice:
            say(f"Advice   {found.advice}")


@connection.command("list")
def list_connections(as_json: AsJson = False) -> None:
    """List connections and routes."""
    open_database()
    from igny8.accounts.models import owner_account
    from igny8.ai.models import AIConnection, RouteStep

    stored = AIConnection.objects.filter(account=owner_account(), removed_at=None)
    rows = [_told(one) for one in stored.order_by("name")]
    steps = RouteStep.objects.filter(account=owner_account()).select_related("connection", "site")
    routes: list[dict[str, Any]] = [
        {
            "function": step.function,
            "site": step.site.slug if step.site else None,
            "connection": step.connection.name,
            "model": step.model,
            "settings": dict(sorted(step.settings.items())),
        }
        for step in steps.order_by("function", "site_id", "position")
    ]
    if as_json:
        say_json({"connections": rows, "routes": routes})
        return
    for row in rows:
        say("  ".join(str(value) for value in row.values() if value))
    for route in routes:
        where = f" (site {route['site']})" if route["site"] else ""
        more = "".join(f", {name} {value}" for name, value in route["settings"].items())
        say(f"{route['function']}{where}: {route['model']} at {route['connection']}{more}")
    if not rows:
        say("None yet. Add one: igny8 connection add NAME")


@connection.command("route")
def route(
    function: Annotated[str, typer.Argument(help="text, image, or the name of one function.")],
    steps: Annotated[
        list[str] | None, typer.Argument(help="CONNECTION=MODEL, the first choice first.")
    ] = None,
    site: ForSite = "",
    temperature: Annotated[float | None, typer.Option(help="From 0 to 2.")] = None,
    seconds: Annotated[float | None, typer.Option(help="Longest wait for one answer.")] = None,
    spare_tokens: Annotated[
        int | None, typer.Option(help="Room for what a model thinks; 4,000 when left out.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Of image models that know one.")] = None,
    quality: Annotated[str | None, typer.Option(help="Of images: low, medium or high.")] = None,
) -> None:
    """Choose who answers: the first, or the next one when it is down. None: as before."""
    open_database()
    from igny8.accounts.models import owner_account
    from igny8.ai.edits import Choice, set_route, stored_connection

    account, choices = owner_account(), []
    if function not in _functions():
        listed = ", ".join(_functions())
        raise UsageError(f"There is no function “{function}”. There are: {listed}.")
    settings = _settings(
        temperature=temperature,
        seconds=seconds,
        spare_tokens=spare_tokens,
        seed=seed,
        quality=quality,
    )
    for text in steps or ():
        name, sign, model = text.partition("=")
        if not (sign and model.strip()):
            raise UsageError(f"“{text}” names no model; write CONNECTION=MODEL.")
        choices.append(Choice(stored_connection(account, name), model.strip(), settings))
    set_route(account, function, choices, site=_site(site))
    said = ", then ".join(f"{one.model} at {one.connection.name}" for one in choices)
    say(f"{function}: {said or 'the usual'}")


@connection.command("remove")
def remove(name: Name) -> None:
    """Remove it with its key and its places in routes."""
    found = _open(name)
    from igny8.ai.edits import remove_connection

    remove_connection(found)
    say(f"Removed {found.name}.")


def _open(name: str) -> "AIConnection":
    open_database()
    from igny8.accounts.models import owner_account
    from igny8.ai.edits import stored_connection

    return stored_connection(owner_account(), name)


def _site(slug: str) -> "Site | None":
    return open_site(slug) if slug else None


def _settings(**given: object) -> "StepSettings":
    """For every step that is named; raises UsageError that says which one cannot be."""
    from pydantic import ValidationError

    from igny8.ai.step_settings import StepSettings

    try:
        return StepSettings.model_validate({n: one for n, one in given.items() if one is not None})
    except ValidationError as invalid:
        wrong = invalid.errors()[0]
        name = str(wrong["loc"][0]).replace("_", "-")
        raise UsageError(f"--{name}: {wrong['msg'].removeprefix('Input ')}.") from invalid


def _functions() -> list[str]:
    """All that a route can be for."""
    from igny8.ai.connections import ALL_TEXT, FAMILIES
    from igny8.automation.workload import WORK

    return [ALL_TEXT, *FAMILIES.values(), *sorted(WORK)]


def _told(one: "AIConnection") -> dict[str, str]:
    return {
        "name": one.name,
        "kind": one.kind,
        "base_url": one.base_url,
        "key": f"…{one.key_tail}" if one.key_tail else ("stored" if one.sealed_key else ""),
        "output_mode": one.output_mode,
        "attention": one.attention,
    }


def _key() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("API key (empty for none)", default="", hide_input=True))
    return sys.stdin.readline().strip()
