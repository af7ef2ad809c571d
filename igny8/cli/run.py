"""`igny8 run`: shows what a run will take, starts or resumes it, and follows it to its end."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from igny8.cli.opening import open_database, open_site
from igny8.core.errors import UserError

if TYPE_CHECKING:
    from igny8.automation.models import AutomationRun

ARTICLES_TO_CONFIRM = 50
SiteSlug = Annotated[str, typer.Option("--site", help="The site's short name.")]
StageNumber = Annotated[int, typer.Option(min=1, max=6)]


def run(
    site: SiteSlug,
    wait: Annotated[bool, typer.Option(help="Follow the run to its end.")] = True,
    from_stage: Annotated[int, typer.Option(min=1, max=6, help="Begin at this stage.")] = 1,
    stop_after: Annotated[
        int | None, typer.Option(min=1, max=6, help="Stop after this stage.")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Show the estimate and start nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
) -> None:
    """Turn what is pending into articles at the review gate."""
    open_database()
    from igny8.automation.estimates import estimate
    from igny8.automation.runs import active_run, config_of, start_run

    target = open_site(site)
    current = active_run(target)
    if current is None or dry_run:
        expected = estimate(
            target, config_of(target), first_stage=from_stage, stop_after=stop_after
        )
        _say("\n".join(expected.lines()))
        if dry_run:
            return
        _confirm(expected.articles, yes)
        current = start_run(target, first_stage=from_stage, stop_after=stop_after)
    elif current.status == current.Status.PAUSED:
        raise UserError(
            f"Run {current.pk} of {site} is paused: {current.reason} "
            f"Go on with: igny8 resume --site {site}"
        )
    else:
        _say(f"Run {current.pk} of {site} is under way; following it.")
    if wait or not _handed_over():
        _finish(carry_to_end(current.pk), site)


def carry_to_end(run_id: int) -> "AutomationRun":
    from igny8.automation.models import AutomationRun
    from igny8.cli.working import carry

    return carry(AutomationRun.objects.get(pk=run_id))


def _handed_over() -> bool:
    """True when a live worker has the run, so that nobody need wait for it here."""
    from igny8.jobs.models import Worker

    return Worker.objects.alive().exists()


def _confirm(articles: int, yes: bool) -> None:
    """Above fifty articles the number must be typed: a slip of the hand costs money."""
    if yes or articles <= ARTICLES_TO_CONFIRM:
        return
    if not sys.stdin.isatty():
        raise typer.BadParameter(
            f"This run writes about {articles} articles; add --yes to confirm that."
        )
    if typer.prompt(f"Type {articles} to write about {articles} articles") != str(articles):
        raise typer.Exit(1)


def _finish(run: "AutomationRun", site: str) -> None:
    if run.status == run.Status.COMPLETED:
        _say(run.reason or "Completed")
        return
    if run.status == run.Status.RUNNING:
        raise UserError(f"Stopped here; run {run.pk} goes on with: igny8 run --site {site}")
    raise UserError(f"Run {run.pk} is {run.status}: {run.reason}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
