"""`igny8 pause`."""

from igny8.cli.opening import open_active_run
from igny8.cli.options import SiteSlug, say
from igny8.cli.typist import note_down, typist


def pause(site: SiteSlug) -> None:
    """Pause the site's run before its next call."""
    run = open_active_run(site, "pause")
    from igny8.automation.runs import calls_in_flight, pause_run

    pause_run(run, by=typist())
    note_down("paused", f"run {run.pk}", run.site)
    say(f"Run {run.pk} of {site} is paused.")
    if calls_in_flight(run):
        say("One call is still being answered; its answer is kept.")
    say(f"Go on with: igny8 resume --site {site}")
