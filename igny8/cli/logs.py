"""`igny8 logs`: what a site's newest run did."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from igny8.cli.opening import open_database, open_site
from igny8.cli.options import AsJson, SiteSlug, say, say_json
from igny8.core import clock
from igny8.core.errors import UsageError, UserError

if TYPE_CHECKING:
    from igny8.automation.models import AutomationRun, RunLog

LOOK_SECONDS = 1.0


class Level(StrEnum):
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def logs(
    site: SiteSlug,
    follow: Annotated[bool, typer.Option("--follow", help="Go on until the run ends.")] = False,
    level: Annotated[Level, typer.Option(help="Lines of this level and above.")] = Level.INFO,
    stage: Annotated[int | None, typer.Option(min=1, max=7, help="Only this stage.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the log of the site's newest run."""
    if follow and as_json:
        raise UsageError("--follow is for people, --json for programs: leave out one of them.")
    open_database()
    from igny8.automation.runs import newest_run

    run = newest_run(open_site(site))
    if run is None:
        raise UserError(f"Site {site} has no run yet. Start one: igny8 run --site {site}")
    if as_json:
        say_json([_as_json(entry) for entry in _lines(run, level, stage)])
        return
    seen, goes_on = 0, True
    while goes_on:
        goes_on = follow and _is_active(run)
        seen = _show(run, level, stage, after=seen)
        if goes_on:
            clock.sleep(LOOK_SECONDS)


def _lines(run: "AutomationRun", level: Level, stage: int | None, after: int = 0) -> "list[RunLog]":
    from igny8.automation.models import RunLog

    levels = list(Level)[list(Level).index(level) :]
    lines = RunLog.objects.filter(run=run, level__in=levels, pk__gt=after).order_by("pk")
    return list(lines if stage is None else lines.filter(stage=stage))


def _show(run: "AutomationRun", level: Level, stage: int | None, *, after: int) -> int:
    """Says the lines after that one; returns the newest line's id."""
    from igny8.cli.following import line_of

    lines = _lines(run, level, stage, after)
    for entry in lines:
        say(line_of(entry))
    return lines[-1].pk if lines else after


def _is_active(run: "AutomationRun") -> bool:
    run.refresh_from_db(fields=("status",))
    return run.status in run.ACTIVE


def _as_json(entry: "RunLog") -> dict[str, Any]:
    from igny8.automation.status import moment

    return {
        "at": moment(entry.at),
        "level": entry.level,
        "stage": entry.stage,
        "message": entry.message,
    }
