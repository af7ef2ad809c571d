"""`igny8 pause`, `resume`, `cancel` and `retry`."""

from typing import TYPE_CHECKING

from igny8.cli.opening import open_database, open_site
from igny8.cli.options import SiteSlug, say
from igny8.core.errors import UserError

if TYPE_CHECKING:
    from igny8.automation.models import AutomationRun


def pause(site: SiteSlug) -> None:
    """Pause the site's run before its next call."""
    from igny8.automation.runs import calls_in_flight, pause_run

    run = _active(site, "pause")
    pause_run(run)
    finishing = ", finishing one batch" if calls_in_flight(run) else ""
    say(f"Run {run.pk} is paused{finishing}. Go on with: igny8 resume --site {site}")


def resume(site: SiteSlug) -> None:
    """Go on with the site's paused run."""
    from igny8.automation.runs import resume_run
    from igny8.jobs.models import Worker

    run = _active(site, "resume")
    resume_run(run)
    say(f"Run {run.pk} goes on.")
    if not Worker.objects.alive().exists():
        say(f"No worker is running; start one with: igny8 up   or: igny8 run --site {site}")


def cancel(site: SiteSlug) -> None:
    """Cancel the site's run; what is made so far stays."""
    from igny8.automation.runs import cancel_run

    run = _active(site, "cancel")
    cancel_run(run)
    say(f"Run {run.pk} is cancelled. What was made stays; a new run takes what is pending.")


def retry(site: SiteSlug) -> None:
    """Put every row that needs attention back into its queue."""
    open_database()
    from igny8.automation.parking import retry_parked
    from igny8.automation.stages import stage_number

    back = {stage: rows for stage, rows in retry_parked(open_site(site)).items() if rows}
    if not back:
        say("Nothing needs attention.")
        return
    for stage, rows in back.items():
        say(f"Stage {stage}: {stage_number(stage).count(rows)} back in the queue")
    say(f"The next run takes them: igny8 run --site {site}")


def _active(slug: str, verb: str) -> "AutomationRun":
    open_database()
    from igny8.automation.runs import active_run

    run = active_run(open_site(slug))
    if run is None:
        raise UserError(f"Site {slug} has no run to {verb}. Start one: igny8 run --site {slug}")
    return run
