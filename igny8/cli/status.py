"""`igny8 status`: where a site stands."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from igny8.cli.opening import only_site, open_database, open_site
from igny8.cli.options import AsJson, console, counted, say, say_json

if TYPE_CHECKING:
    from rich.table import Table

    from igny8.sites.models import Site

ROWS = ("keywords", "clusters", "ideas", "tasks", "content", "images")
COLOURS = {
    "done": "green", "completed": "green", "running": "blue", "paused": "yellow",
    "failed": "red", "cancelled": "red", "skipped": "dim", "waiting": "dim",
}  # fmt: skip


def status(
    site: Annotated[
        str | None, typer.Option(help="The site's short name; needed when there are several.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what is made, what is pending, and the run that matters."""
    open_database()
    from igny8.automation.status import status_of

    target = open_site(site) if site else only_site()
    found = status_of(target)
    if as_json:
        say_json(found)
        return
    console().print(_rows(target, found))
    say("")
    _say_run(target, found)
    say(_next(found))


def _rows(site: "Site", found: dict[str, Any]) -> "Table":
    from rich.markup import escape

    figures = ("total", "processed", "pending")
    table = _table(f"{escape(site.name)} ({site.slug})", (*figures, "attention"))
    for name in ROWS:
        row = found[name]
        attention = f"[red]{row['attention']:,}[/red]" if row["attention"] else "–"
        table.add_row(name.capitalize(), *(f"{row[each]:,}" for each in figures), attention)
    return table


def _say_run(site: "Site", found: dict[str, Any]) -> None:
    run = found["run"]
    if run is None:
        say("No run yet.")
        return
    console().print(_sentence(site, run))
    table = _table("", ("status", "total", "processed", "created", "errors"))
    for stage in run["stages"]:
        figures = (str(stage[name] or "–") for name in ("total", "processed", "created", "failed"))
        table.add_row(f"{stage['number']} {stage['title']}", _coloured(stage["status"]), *figures)
    console().print(table)
    say("")


def _sentence(site: "Site", run: dict[str, Any]) -> str:
    """What one wants to know of a run first."""
    from rich.markup import escape

    from igny8.automation.wording import duration

    parts = [f"Run {run['run_id']} is {_coloured(run['status'])}, {run['percent']} %"]
    if run["eta_seconds"]:
        parts.append(f"about {duration(run['eta_seconds'])} left")
    parts.append(f"started {_local(site, run['started_at'])}")
    if run["ended_at"]:
        parts.append(f"ended {_local(site, run['ended_at'])}")
    parts.append(f"{run['credits_used']} credits")
    return ", ".join(parts) + "." + (f"\n{escape(run['reason'])}" if run["reason"] else "")


def _next(found: dict[str, Any]) -> str:
    site, run = found["site"], found["run"]
    if run is not None and run["status"] == "paused":
        return f"Go on with: igny8 resume --site {site}"
    if run is not None and run["status"] == "running":
        return f"Watch it: igny8 logs --site {site} --follow"
    if any(found[name]["attention"] for name in ROWS):
        return f"Some rows need attention; try them again: igny8 retry --site {site}"
    if any(found[name]["pending"] for name in ROWS):
        return f"Next: igny8 run --site {site}"
    waiting = counted(found["review"], "article waits", "articles wait")
    return f"{waiting} for review. Take them along: igny8 export --site {site} --to FOLDER"


def _table(title: str, columns: tuple[str, ...]) -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(title, style="bold", min_width=26)
    for column in columns:
        table.add_column(column, justify="left" if column == "status" else "right")
    return table


def _coloured(status: str) -> str:
    return f"[{COLOURS[status]}]{status}[/{COLOURS[status]}]"


def _local(site: "Site", moment: str) -> str:
    from datetime import datetime

    return f"{datetime.fromisoformat(moment).astimezone(site.zone):%Y-%m-%d %H:%M}"
