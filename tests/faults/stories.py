"""What a process does from its boot to the end of the work, whatever an earlier one left behind.

Every story may be told again at any point of itself: that is what is tested.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from igny8.automation.generations import take_lease, workflow_id
from igny8.automation.models import AutomationConfig, AutomationRun
from igny8.automation.parking import retry_parked
from igny8.automation.reconcile import reconcile
from igny8.automation.runner import LEFT, advance
from igny8.automation.runs import cancel_run, pause_run, resume_run, start_run, start_selection
from igny8.automation.schedule import start_due_runs
from igny8.automation.stages import STAGES
from igny8.automation.workflow import DUTIES
from igny8.core import clock, crashpoints
from igny8.core.clock import ManualClock, SystemClock, clock_set_to
from igny8.core.errors import UserError
from igny8.core.outages import outlast
from igny8.jobs import engine, workers, working
from igny8.jobs.working import at_work
from igny8.sites.models import Site
from igny8.writer.models import Content, Image
from igny8.writer.picture_edits import redraw_image
from tests.automation.conftest import Workflows
from tests.automation.world import content_of, images_of, site_with, task_of
from tests.faults.invariants import left_behind_by

KEYWORDS = ("raised bed soil mix", "best soil for raised beds", "raised garden bed soil")
ROUNDS = 200
Run = AutomationRun


@dataclass(frozen=True)
class Story:
    """`faults` are what the provider does meanwhile; `but` are facts that a fault may change.

    `every`: it is disturbed at all of its points, also at those that other stories come to.
    """

    name: str
    prepare: Callable[[], object]
    tell: Callable[[], Any]
    faults: Sequence[dict[str, Any]] = ()
    but: Sequence[str] = ("log",)
    every: bool = False


def newest_run() -> Run | None:
    return Run.objects.order_by("pk").last()


def pipeline_from_keywords() -> Any:
    """Three keywords become an illustrated article at the gate."""
    with _alone() as workflows:
        run = newest_run() or start_run(Site.objects.get())
        _carry(run, workflows)
        return left_behind_by(newest_run() or run)


def a_bad_day() -> Any:
    """The provider fails in every way there is, people interfere, and all becomes good."""
    with _alone() as workflows:
        crashpoints_after(_people_interfere)
        site = Site.objects.get()
        for _ in range(ROUNDS):
            run = newest_run()
            if run is None or run.status == Run.Status.CANCELLED:
                _start_by_schedule(site)
            elif run.status == Run.Status.PAUSED:
                _go_on(run, workflows)
            elif run.status == Run.Status.RUNNING:
                _carry(run, workflows)
            elif not _try_what_is_parked(site):
                return _left_on_a_bad_day(run)
    raise AssertionError("the bad day never ends")


def picture_made_again() -> Any:
    """Somebody wants another picture; till it is there the old one stays."""
    with _alone() as workflows:
        site, images = Site.objects.get(), STAGES[5]
        chosen = list(images.pending(site).values_list("pk", flat=True))
        run = newest_run() or start_selection(site, images, chosen)
        _carry(run, workflows)
        return left_behind_by(newest_run() or run)


def article_of_a_real_worker() -> Any:
    """An article written by the engine's own threads, from boot to resignation."""
    return _work_of_a_real_worker(first_stage=4, stop_after=4)


def pipeline_of_a_real_worker() -> Any:
    return _work_of_a_real_worker(first_stage=1, stop_after=None)


def _work_of_a_real_worker(*, first_stage: int, stop_after: int | None) -> Any:
    hasten()
    site = outlast(Site.objects.get)
    with at_work(quick_duties()):
        start = partial(start_run, site, first_stage=first_stage, stop_after=stop_after)
        run = outlast(lambda: newest_run() or start())
        wait_for(lambda: Run.objects.get(pk=run.pk).status == Run.Status.COMPLETED)
    return outlast(lambda: left_behind_by(Run.objects.get(pk=run.pk)))


def hasten() -> None:
    """Heartbeats, leases and looks for work in fractions of a second."""
    workers.BEAT_SECONDS, workers.STALE_AFTER = 0.2, timedelta(seconds=1.5)
    engine.POLL_SECONDS = 0.1
    working.GRACE_SECONDS = engine.SHUT_DOWN_SECONDS = 0.3


def quick_duties() -> Any:
    return tuple(replace(duty, every_seconds=0.3) for duty in DUTIES[:2])


def wait_for(happened: Callable[[], bool], seconds: float = 60.0) -> None:
    """Looks ten times a second; raises TimeoutError."""
    system = SystemClock()
    until = system.now() + timedelta(seconds=seconds)
    while not outlast(happened):
        if system.now() > until:
            raise TimeoutError(f"nothing happened for {seconds} s")
        system.sleep(0.1)


class _alone:
    """This process without an engine, as the only worker; waits cost nothing."""

    def __enter__(self) -> Workflows:
        self._clock = clock_set_to(ManualClock(clock.now()))
        self._clock.__enter__()
        workflows = Workflows()
        for name in ("states_of", "enqueue", "drop_leftovers"):
            engine_name = "workflow_states" if name == "states_of" else name
            setattr(engine, engine_name, getattr(workflows, name))
        workers.register()
        workers.flag_dead(all_others=True)
        _reconcile(workflows)
        return workflows

    def __exit__(self, *error: Any) -> None:
        self._clock.__exit__(*error)
        workers.resign()


def _reconcile(workflows: Workflows) -> None:
    for run in Run.objects.all():
        state = ("working", run.worker) if run.worker else ("queued", "")
        workflows.known[workflow_id(run)] = state
    reconcile()


def _carry(run: Run, workflows: Workflows) -> None:
    """What the engine does with it, until it runs no more."""
    for _ in range(ROUNDS):
        run.refresh_from_db()
        if run.status != Run.Status.RUNNING:
            return _reconcile(workflows)
        if run.wake_at and run.wake_at > clock.now():
            clock.sleep((run.wake_at - clock.now()).total_seconds())
        lease = take_lease(run.pk, run.generation)
        while lease is not None and advance(run.pk, lease) != LEFT:
            workers.beat()
    raise AssertionError("the run never ends")


def crashpoints_after(people: Callable[[str], None]) -> None:
    """People act before the fuse burns: who dies there dies after they acted."""
    fuse = crashpoints._armed

    def both(name: str) -> None:
        people(name)
        if fuse is not None:
            fuse(name)

    crashpoints.arm(both)


def _people_interfere(name: str) -> None:
    """One pause between two calls of an article; one cancel when an article is finished."""
    run = newest_run()
    if run is None or run.status != Run.Status.RUNNING:
        return
    if name == "book answer committed" and not _said("Paused by a person"):
        with suppress(UserError):
            pause_run(run)
    if name == "settle committed" and not _said("Cancelled by a person"):
        with suppress(UserError):
            cancel_run(run)


def _said(line: str) -> bool:
    from igny8.automation.models import RunLog

    return RunLog.objects.filter(message=line).exists()


def _start_by_schedule(site: Site) -> None:
    AutomationConfig.objects.filter(site=site).update(
        enabled=True, schedule="daily", next_run_at=clock.now() - timedelta(minutes=1)
    )
    start_due_runs()


def _go_on(run: Run, workflows: Workflows) -> None:
    """A person resumes what waits for one; the rest tries again by itself."""
    if run.wake_at:
        clock.sleep(max(0.0, (run.wake_at - clock.now()).total_seconds()))
        _reconcile(workflows)
    else:
        resume_run(run)


def _try_what_is_parked(site: Site) -> bool:
    """Retry, then the chosen rows; False when nothing is left to do."""
    retry_parked(site)
    for stage in STAGES[3:6]:
        if ids := list(stage.pending(site).values_list("pk", flat=True)):
            start_selection(site, stage, ids)
            return True
    return False


def _left_on_a_bad_day(run: Run) -> Any:
    """How many runs it took is not the same every time; what they made is."""
    facts = left_behind_by(run)
    return {name: facts[name] for name in ("clusters", "ideas", "tasks", "content", "images")}


def three_keywords() -> None:
    site_with(
        KEYWORDS,
        stage_1_batch_size=2,
        ideas_per_cluster=1,
        within_stage_delay=1,
        between_stage_delay=1,
    )


def _two_tasks_and_an_image() -> None:
    site = site_with()
    task_of(site, "How to grow basil indoors", sections=1)
    task_of(site, "How to grow chives indoors", sections=1)
    images_of(content_of(site), 1)


def _one_task() -> None:
    task_of(site_with(), sections=1)


def _a_picture_that_somebody_dislikes() -> None:
    content = content_of(site_with())
    [image] = images_of(content, 1)
    Content.objects.filter(pk=content.pk).update(status=Content.Status.REVIEW)
    made = {"status": Image.Status.GENERATED, "file": "garden/old.webp"}
    Image.objects.filter(pk=image.pk).update(**made)
    redraw_image(image, prompt="Green tomatoes on a windowsill in the rain")


def _fails(function: str, fault: str, times: int = 1) -> dict[str, Any]:
    return {"function": function, "fault": fault, "times": times}


STORIES = (
    Story("pipeline", three_keywords, pipeline_from_keywords),
    Story("article", _one_task, article_of_a_real_worker),
    Story("picture", _a_picture_that_somebody_dislikes, picture_made_again, every=True),
    Story(
        "bad_day",
        _two_tasks_and_an_image,
        a_bad_day,
        faults=(
            _fails("write_introduction", "401"),
            _fails("write_introduction", "reset"),
            _fails("write_section", "429"),
            _fails("write_metadata", "503", 6),
            _fails("write_metadata", "wrong_schema"),
            _fails("generate_image_prompts", "content_filter"),
        ),
    ),
)
