"""`igny8 resume`."""

from igny8.cli.opening import open_active_run
from igny8.cli.options import SiteSlug, say
from igny8.cli.typist import note_down, typist


def resume(site: SiteSlug) -> None:
    """Go on with the site's paused run."""
    run = open_active_run(site, "resume")
    from igny8.automation.runs import resume_run
    from igny8.jobs.models import Worker

    resume_run(run, by=typist())
    note_down("resumed", f"run {run.pk}", run.site)
    if Worker.objects.alive().exists():
        say(f"Run {run.pk} of {site} goes on. Watch it: igny8 logs --site {site} --follow")
    else:
        say(f"Run {run.pk} of {site} goes on as soon as somebody works.")
        say(f"Work on it here: igny8 run --site {site}   or serve everything: igny8 up")
