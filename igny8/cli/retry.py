"""`igny8 retry`."""

from igny8.cli.opening import open_database, open_site
from igny8.cli.options import SiteSlug, say
from igny8.cli.typist import note_down


def retry(site: SiteSlug) -> None:
    """Put every row that needs attention back into its queue."""
    open_database()
    from igny8.automation.parking import retry_parked
    from igny8.automation.stages import stage_number

    opened = open_site(site)
    back = {number: rows for number, rows in retry_parked(opened).items() if rows}
    if not back:
        say(f"Nothing of {site} needs attention.")
        return
    for number, rows in back.items():
        say(f"Stage {number}: {stage_number(number).count(rows)} back in the queue")
    said = (stage_number(number).count(rows) for number, rows in back.items())
    note_down("retried", ", ".join(said), opened)
    say(f"The next run takes them: igny8 run --site {site}")
