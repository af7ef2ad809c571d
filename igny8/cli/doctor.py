"""`igny8 doctor`: is what must always be true still true, and can this machine work?"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from igny8.cli.environment import machine_checks
from igny8.cli.opening import open_database
from igny8.cli.options import AsJson, console, say, say_json
from igny8.core.errors import UserError

if TYPE_CHECKING:
    from igny8.cli.environment import Finding


def doctor(as_json: AsJson = False) -> None:
    """Check this machine and every row; say what to do about what is wrong."""
    with console(for_progress=True).status("Checking"):
        found = list(_findings())
    ok = all(finding.ok for finding in found)
    if as_json:
        checks = [{"name": f.name, "ok": f.ok, "detail": f.detail} for f in found]
        say_json({"ok": ok, "checks": checks})
    else:
        _show(found)
    if not ok:
        raise typer.Exit(1)


def _findings() -> "Iterator[Finding]":
    """Without a database there is nothing more to look at."""
    from igny8.cli.environment import Finding

    yield from machine_checks()
    try:
        open_database()
    except UserError as error:
        yield Finding("database", False, str(error))
        return
    from igny8.automation.checks import all_checks
    from igny8.config.operating import DOCTOR

    for check in (*(look() for look in DOCTOR), *all_checks()):
        yield Finding(check.name, check.ok, check.detail)


def _show(found: "list[Finding]") -> None:
    from rich.markup import escape

    screen = console()
    for finding in found:
        mark = "[green]ok[/green]  " if finding.ok else "[red]FAIL[/red]"
        screen.print(f"{mark}  {finding.name}: {escape(finding.detail)}", soft_wrap=True)
    bad = sum(not finding.ok for finding in found)
    say(f"\n{len(found)} checks, {bad} failed." if bad else f"\nAll {len(found)} checks hold.")
