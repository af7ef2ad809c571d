"""`igny8 cancel`."""

from igny8.cli.opening import open_active_run
from igny8.cli.options import SiteSlug, say
from igny8.cli.typist import note_down, typist


def cancel(site: SiteSlug) -> None:
    """End the site's run for good; what it made stays."""
    run = open_active_run(site, "cancel")
    from igny8.automation.runs import calls_in_flight, cancel_run

    cancel_run(run, by=typist())
    note_down("cancelled", f"run {run.pk}", run.site)
    say(f"Run {run.pk} of {site} is cancelled; what it made stays.")
    if calls_in_flight(run):
        say("One call is still being answered; its answer is kept.")
    say(f"A new run takes what is pending: igny8 run --site {site}")
