"""`igny8 prompts`: a site's own wording of what models are told."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from igny8.cli.opening import open_database, open_site
from igny8.cli.options import AsJson, SiteSlug, console, say, say_json
from igny8.cli.typist import note_down, typist
from igny8.core.errors import UsageError

if TYPE_CHECKING:
    from igny8.automation.prompts import Prompt
    from igny8.sites.models import Site

prompts = typer.Typer(
    no_args_is_help=True, help="Read, word, preview, compare and reset a site's own prompts."
)
Name = Annotated[str, typer.Argument(help="The function, as igny8 prompts list names it.")]
Text = Annotated[str, typer.Argument(help="A file with the prompt; - reads standard input.")]
VersionNumber = Annotated[int | None, typer.Argument(help="A version; 0 is the default.", min=0)]


@prompts.command("list")
def list_prompts(site: SiteSlug, as_json: AsJson = False) -> None:
    """List the prompts, each with the version in use."""
    rows = _rows(_opened(site))
    if as_json:
        say_json(rows)
        return
    from rich.table import Table

    table = Table("Prompt", "What it does", "Stage", "In use")
    for row in rows:
        used = f"custom, version {row['version']}" if row["custom"] else "default"
        table.add_row(row["prompt"], row["title"], str(row["stage"]), used)
    console().print(table)


@prompts.command("show")
def show(
    name: Name,
    site: SiteSlug,
    version: Annotated[int | None, typer.Option(help="An older one; 0 is the default.")] = None,
    variables: Annotated[bool, typer.Option("--variables", help="What may stand in it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the prompt in use, or its variables."""
    opened, prompt = _opened(site), _prompt(name)
    from igny8.ai.prompts.overrides import newest_version, prompt_at

    chosen = newest_version(prompt.function, opened) if version is None else version
    text, listed = prompt_at(prompt.function, opened, chosen), _variables(prompt)
    if as_json:
        say_json({"prompt": name, "version": chosen, "text": text, "variables": listed})
    elif variables:
        for one in listed:
            say(f"{one['name']:40} {one['type']:10} {one['use']}")
    else:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")


@prompts.command("set")
def set_prompt(
    name: Name,
    file: Text,
    site: SiteSlug,
    after: Annotated[
        int | None, typer.Option(help="The version it was made from; refused if there is a newer.")
    ] = None,
) -> None:
    """Word a prompt: checked first, then in use from the next run on."""
    opened, prompt, text = _opened(site), _prompt(name), _read(file)
    from igny8.ai.prompts.overrides import newest_version, save_prompt

    newest = newest_version(prompt.function, opened)
    seen = newest if after is None else after
    made = save_prompt(prompt.function, text, site=opened, by=typist(), after=seen)
    note_down("changed the prompt", prompt.title, opened, note=f"version {made.version}")
    say(f"{name}: version {made.version} is in use. Runs under way keep what they began with.")


@prompts.command("reset")
def reset(name: Name, site: SiteSlug) -> None:
    """Bring the default back, as a version of its own."""
    opened, prompt = _opened(site), _prompt(name)
    from igny8.ai.prompts.overrides import newest_version, reset_prompt

    newest = newest_version(prompt.function, opened)
    made = reset_prompt(prompt.function, site=opened, by=typist(), after=newest)
    note_down("reset the prompt", prompt.title, opened, note=f"version {made.version}")
    say(f"{name}: the default is in use again, as version {made.version}.")


@prompts.command("history")
def history(name: Name, site: SiteSlug, as_json: AsJson = False) -> None:
    """List the versions, the one in use first."""
    opened, prompt = _opened(site), _prompt(name)
    from igny8.ai.prompts.overrides import prompt_history

    rows = [
        {
            "version": one.version,
            "custom": bool(one.text),
            "by": one.made_by,
            "at": f"{one.made_at:%Y-%m-%dT%H:%M:%SZ}",
        }
        for one in prompt_history(prompt.function, opened)
    ]
    if as_json:
        say_json(rows)
        return
    for row in rows:
        manner = "" if row["custom"] else "  reset to the default"
        say(f"{row['version']:>4}  {row['at']}  {row['by']}{manner}")
    if not rows:
        say(f"{opened.slug} has always used the default.")


@prompts.command("diff")
def diff(
    name: Name, site: SiteSlug, older: VersionNumber = None, newer: VersionNumber = None
) -> None:
    """Compare two versions; the default with the one in use when left out."""
    opened, prompt = _opened(site), _prompt(name)
    from igny8.ai.prompts.overrides import newest_version, prompt_difference

    last = newest_version(prompt.function, opened) if newer is None else newer
    lines = prompt_difference(prompt.function, opened, older=older or 0, newer=last)
    for line in lines or ["Both read the same."]:
        say(line)


@prompts.command("preview")
def preview(
    name: Name,
    site: SiteSlug,
    file: Annotated[str, typer.Argument(help="A file, or -; without, the one in use.")] = "",
) -> None:
    """Print what a model would get, with something of the site in it; nothing is asked."""
    opened, prompt = _opened(site), _prompt(name)
    from igny8.ai.prompts.overrides import newest_version, prompt_at
    from igny8.ai.prompts.trial import preview_prompt
    from igny8.automation.prompt_items import item_of

    newest = newest_version(prompt.function, opened)
    text = _read(file) if file else prompt_at(prompt.function, opened, newest)
    shown = preview_prompt(prompt.function, text, item_of(prompt, opened).question)
    say(shown.text)


def _opened(slug: str) -> "Site":
    open_database()
    return open_site(slug)


def _prompt(name: str) -> "Prompt":
    from igny8.automation.prompts import prompt_named

    return prompt_named(name)


def _read(file: str) -> str:
    """Raises a UsageError when it cannot be read as text."""
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is no text in UTF-8. Save it as UTF-8.") from error


def _rows(site: "Site") -> list[dict[str, Any]]:
    from igny8.ai.prompts.overrides import InUse, prompts_in_use
    from igny8.automation.prompts import PROMPTS

    used = prompts_in_use(site)
    return [
        {
            "prompt": one.function.name,
            "title": one.title,
            "stage": one.stage,
            "custom": used.get(one.function.name, InUse()).is_own,
            "version": used.get(one.function.name, InUse()).version,
        }
        for one in PROMPTS
    ]


def _variables(prompt: "Prompt") -> list[dict[str, str]]:
    from igny8.ai.prompts.variables import variables_of

    return [
        {
            "name": one.name,
            "type": str(one.kind),
            "use": "needed" if one.is_needed else "text" if one.is_shown else "conditions",
        }
        for one in variables_of(prompt.function)
    ]
