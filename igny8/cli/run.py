"""`igny8 run`: shows what a run will take, starts or resumes it, and follows it to its end."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from igny8.cli.opening import open_database, open_site
from igny8.cli.options import AsJson, SiteSlug, say, say_json
from igny8.cli.typist import note_down, typist
from igny8.core.errors import UsageError, UserError

if TYPE_CHECKING:
    from igny8.automation.confirming import ToType
    from igny8.automation.dry_run import DryRun
    from igny8.automation.models import AutomationRun
    from igny8.sites.models import Site

MODEL_HELP = "With --dry-run: reckon with this model, which needs no key."


def run(
    site: SiteSlug,
    wait: Annotated[bool, typer.Option(help="Follow the run to its end.")] = True,
    from_stage: Annotated[int, typer.Option(min=1, max=6, help="Begin at this stage.")] = 1,
    stop_after: Annotated[
        int | None, typer.Option(min=1, max=6, help="Stop after this stage.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option(help="Show the estimate and what would stop it; start nothing.")
    ] = False,
    model: Annotated[str, typer.Option(help=MODEL_HELP)] = "",
    image_model: Annotated[str, typer.Option(help=MODEL_HELP)] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Turn what is pending into articles at the review gate."""
    if not dry_run and (model or image_model or as_json):
        raise UsageError("--model, --image-model and --json belong to --dry-run; add that.")
    open_database()
    target = open_site(site)
    if dry_run:
        _show(_looked(target, from_stage, stop_after, model, image_model), as_json=as_json)
        return
    current = _started(target, from_stage, stop_after, yes=yes)
    if wait or not _handed_over():
        _finish(_carried(current), site)


def _carried(run: "AutomationRun") -> "AutomationRun":
    from igny8.cli.working import carry

    return carry(run)


def _started(
    site: "Site", first_stage: int, stop_after: int | None, *, yes: bool
) -> "AutomationRun":
    """A new run, once its estimate is said and confirmed, or the one that is under way."""
    from igny8.automation.confirming import limits_passed, number_to_type
    from igny8.automation.estimates import estimate
    from igny8.automation.runs import active_run, config_of, start_run

    current = active_run(site)
    if current is None:
        config = config_of(site)
        last = stop_after or config.own_stop(first_stage)
        expected = estimate(site, config, first_stage=first_stage, stop_after=last)
        say("\n".join(expected.lines()))
        limits = limits_passed(expected, config)
        for limit in limits:
            say(f"  Maybe more than your budget ({limit.text}); the run pauses when it is reached.")
        _confirm(number_to_type(expected, limits), yes)
        run = start_run(site, first_stage=first_stage, stop_after=stop_after, by=typist())
        note_down("started", f"run {run.pk}", site)
        return run
    if current.status == current.Status.PAUSED:
        raise UserError(
            f"Run {current.pk} of {site.slug} is paused: {current.reason} "
            f"Go on with: igny8 resume --site {site.slug}"
        )
    say(f"Run {current.pk} of {site.slug} is under way; following it.")
    return current


def _handed_over() -> bool:
    """True when a live worker has the run, so that nobody need wait for it here."""
    from igny8.jobs.models import Worker

    return Worker.objects.alive().exists()


def _looked(
    site: "Site", first_stage: int, stop_after: int | None, model: str, image_model: str
) -> "DryRun":
    from igny8.automation.dry_run import look_before
    from igny8.automation.loads import Chosen
    from igny8.automation.runs import config_of

    return look_before(
        site,
        config_of(site),
        first_stage=first_stage,
        stop_after=stop_after,
        chosen=Chosen(text=model, image=image_model),
    )


def _show(found: "DryRun", *, as_json: bool) -> None:
    if as_json:
        say_json(found.as_json())
        return
    say("\n".join(found.expected.lines()))
    for obstacle in found.obstacles:
        say(f"  {'! ' if obstacle.kind == 'stops' else ''}{obstacle.text}")
    say("Nothing was started." if found.would_finish else "Nothing was started; see what has a !.")


def _confirm(to_type: "ToType | None", yes: bool) -> None:
    """A slip of the hand costs money: of a large or dear run the number must be typed."""
    if yes or to_type is None:
        return
    if not sys.stdin.isatty():
        raise typer.BadParameter(
            f"This run makes about {to_type.counted}; add --yes to confirm that."
        )
    if typer.prompt(f"Type {to_type.number} to make about {to_type.counted}") != str(
        to_type.number
    ):
        raise typer.Exit(1)


def _finish(run: "AutomationRun", site: str) -> None:
    if run.status == run.Status.COMPLETED:
        say(run.reason or "Completed")
        return
    if run.status == run.Status.RUNNING:
        raise UserError(f"Stopped here; run {run.pk} goes on with: igny8 run --site {site}")
    raise UserError(f"Run {run.pk} is {run.status}: {run.reason}")
