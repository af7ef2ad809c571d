"""`igny8 status`: where a site stands."""

from typing import Any

from igny8.cli.opening import open_database, open_site
from igny8.cli.options import AsJson, SiteSlug, say, say_json

ROWS = ("keywords", "clusters", "ideas", "tasks", "content", "images")


def status(site: SiteSlug, as_json: AsJson = False) -> None:
    """Show what is made, what is pending, and the run that matters."""
    open_database()
    from igny8.automation.status import status_of

    found = status_of(open_site(site))
    if as_json:
        say_json(found)
        return
    _say_rows(found)
    _say_run(found)


def _say_rows(found: dict[str, Any]) -> None:
    say(f"{found['site']:<12} {'total':>8} {'done':>8} {'pending':>8} {'attention':>10}")
    for name in ROWS:
        row = found[name]
        figures = f"{row['total']:>8} {row['processed']:>8} {row['pending']:>8}"
        say(f"{name:<12} {figures} {row['attention']:>10}")
    say(f"{found['review']} articles wait for review")


def _say_run(found: dict[str, Any]) -> None:
    run = found["run"]
    if run is None:
        say(f"No run yet. Start one: igny8 run --site {found['site']}")
        return
    reason = f": {run['reason']}" if run["reason"] else ""
    say(f"Run {run['run_id']} is {run['status']}{reason}, {run['percent']} %")
    for stage in run["stages"]:
        figures = f"{stage['processed']:>5}/{stage['total']:<5} {stage['failed']} errors"
        say(f"  {stage['number']} {stage['title']:<26} {stage['status']:<10} {figures}")
