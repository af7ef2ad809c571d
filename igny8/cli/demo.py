"""`igny8 demo`: the bundled keywords through all stages, offline, to the review gate."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from igny8.cli.opening import open_database
from igny8.core.errors import UserError

if TYPE_CHECKING:
    from igny8.automation.models import AutomationRun
    from igny8.sites.models import Site

SLUG = "demo"
IMAGES_PER_ARTICLE = 2
PAGE = Path("demo") / "index.html"


def demo() -> None:
    """Make articles from the bundled sample keywords, offline and free, and show them."""
    open_database()
    from igny8.automation.forecast import waiting
    from igny8.automation.runs import active_run, start_run

    site = sample_site()
    import_sample(site)
    run = active_run(site)
    if run is None and any(waiting(site).values()):
        run = start_run(site)
    if run is not None:
        run = _carry(run)
    _report(site, run or _newest(site))


def sample_site() -> "Site":
    """The demo's site, made when it is not there."""
    from igny8.accounts.models import owner_account
    from igny8.automation.runs import config_of
    from igny8.sites.models import Site

    site, created = Site.objects.get_or_create(
        slug=SLUG,
        defaults={"account": owner_account(), "name": "Indoor Herb Garden", "is_sample": True},
    )
    config = config_of(site)
    if created:
        config.images_per_article = IMAGES_PER_ARTICLE
        config.save(update_fields=("images_per_article", "updated_at"))
    return site


def import_sample(site: "Site") -> None:
    """The bundled keywords; those it knows already change nothing."""
    from igny8.intake import open_export
    from igny8.planner.keyword_import import import_keywords
    from igny8.planner.sample import keyword_file

    path = keyword_file()
    rows = import_keywords(site, open_export(path)).rows
    _say(f"Keywords of {path.name}: {rows.new} new, {rows.duplicate} known, {rows.bad} unusable")


def _carry(run: "AutomationRun") -> "AutomationRun":
    from igny8.automation.runs import resume_run
    from igny8.cli.working import carry

    if run.status == run.Status.PAUSED:
        resume_run(run)
    run = carry(run)
    if run.status != run.Status.COMPLETED:
        raise UserError(f"Run {run.pk} is {run.status}. {run.reason} Go on with: igny8 demo")
    return run


def _newest(site: "Site") -> "AutomationRun":
    newest = site.runs.order_by("-pk").first()
    if newest is None:
        raise UserError("The sample site has neither keywords nor runs; try an empty IGNY8_DATA.")
    return newest


def _report(site: "Site", run: "AutomationRun") -> None:
    """What was made, how long each stage took, where to look, what to do next."""
    from django.conf import settings

    from igny8.automation.demo_report import counts_of, stage_times, write_demo_page

    path = Path(settings.DATA_DIR) / PAGE
    write_demo_page(site, run, path)
    for time in stage_times(run):
        if not time.is_gate:
            figures = f"{time.total:>4} in, {time.created:>4} made  {time.seconds:6.1f} s"
            _say(f"  Stage {time.number}  {time.title:<26} {figures}")
    made = counts_of(site)
    _say(
        f"Made from {made.keywords} keywords: {made.clusters} clusters, {made.ideas} ideas, "
        f"{made.articles} articles and {made.images} images, written offline by the sample "
        "provider without an AI model."
    )
    _say(f"Look at them: {_shown(path)}")
    _say("Next: make run   (then open http://localhost:8000/)")


def _shown(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
