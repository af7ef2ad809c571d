"""`igny8 logs`: what a site's newest run did."""

from typing import Annotated

import typer

from igny8.cli.opening import open_database, open_site
from igny8.cli.options import AsJson, SiteSlug, say, say_json
from igny8.core.errors import UserError

Follow = Annotated[bool, typer.Option("--follow", help="Go on until the run ends.")]


def logs(site: SiteSlug, follow: Follow = False, as_json: AsJson = False) -> None:
    """Show the log of the site's newest run."""
    open_database()
    from igny8.automation.live import newest_run
    from igny8.automation.models import RunLog
    from igny8.automation.status import moment
    from igny8.cli.following import follow_in_lines, line_of

    run = newest_run(open_site(site))
    if run is None:
        raise UserError(f"Site {site} has no run yet. Start one: igny8 run --site {site}")
    if follow:
        follow_in_lines(run.pk, lambda: False)
        return
    lines = RunLog.objects.filter(run=run).order_by("pk")
    if as_json:
        say_json(
            [
                {"at": moment(e.at), "level": e.level, "stage": e.stage, "message": e.message}
                for e in lines
            ]
        )
        return
    for entry in lines:
        say(line_of(entry))
