"""What happens to a small world: at every commit once, and each time it ends as if undisturbed."""

from collections.abc import Callable

from igny8.ai.models import AICall
from igny8.automation.generations import take_lease
from igny8.automation.models import AutomationRun
from igny8.automation.runs import cancel_run, pause_run, resume_run, start_run
from igny8.core import clock
from igny8.jobs import workers
from igny8.jobs.models import Worker
from igny8.writer.models import Task
from tests.automation.world import another_worker
from tests.faults.invariants import Facts, left_behind_by
from tests.faults.power import Recorder, recorded, restore
from tests.faults.small_world import STEPS, SmallWorld, Violation, if_possible, written_since


def power_fails(world: SmallWorld) -> None:
    """kill -9 at every moment; the next worker goes on."""
    for moment in world.moments:
        world.begin_again(moment)
        world.recover()
        world.check_end(f"power cut after commit {moment.number}", lost=1)


def power_fails_twice(world: SmallWorld) -> None:
    """A second kill at every moment of the recovery, too."""
    for first in world.moments[:: max(1, len(world.moments) // 8)]:
        world.begin_again(first)
        recorder = Recorder(world.provider.count)
        seconds = list(recorded(recorder, world.recover))
        asked = list(world.provider.asked)
        for second in seconds:
            restore(second.database)
            world.provider.asked[:] = asked[: second.calls]
            world.engine.known.clear()
            world.recover()
            where = f"power cuts after commits {first.number} and +{second.number}"
            if _one_call_was_lost_twice():
                world.check(lost=2)
            else:
                world.check_end(where, lost=2, but=("log",))


def commits_are_refused(world: SmallWorld) -> None:
    """The database fails at every commit: the workflow ends, its worker lives on."""
    for number in range(1, world.commits + 1):
        world.refuse_commit(number)
        world.reconcile(ended=world.run.status == AutomationRun.Status.RUNNING)
        world.carry()
        world.reconcile()
        world.check_end(f"commit {number} refused", lost=1, but=("log",))


def zombies_wake_up(world: SmallWorld) -> None:
    """A worker stands still after every commit, is replaced, and goes on when all is done."""
    for number in range(1, world.commits + 1):
        _zombie_wakes_up(world, number, STEPS)


def zombies_wake_up_early(world: SmallWorld) -> None:
    """The same, when nobody has adopted the run yet, or somebody has just begun."""
    for steps in (0, 1, 2):
        for number in range(1, world.commits + 1):
            _zombie_wakes_up(world, number, steps)


def bodies_run_twice(world: SmallWorld) -> None:
    """The engine runs the workflow's body again while a live worker is still in it."""
    for number in range(1, world.commits + 1):
        _body_runs_again(world, number, STEPS)


def bodies_run_twice_early(world: SmallWorld) -> None:
    """The same, when the second has only taken the lease."""
    for number in range(1, world.commits + 1):
        _body_runs_again(world, number, 0)


def people_pause_and_resume(world: SmallWorld) -> None:
    """A pause after every commit, resumed when the worker has left."""
    asked = 0

    def pause() -> None:
        nonlocal asked
        asked = world.provider.count()
        if_possible(pause_run, world.run)

    for number in range(1, world.commits + 1):
        world.disturb(number, pause)
        if world.run.status == "paused" and world.provider.count() > asked + 1:
            raise Violation("a call began after a pause")
        if_possible(resume_run, world.run)
        world.carry()
        world.check_end(f"paused after commit {number}", but=("log",))


def people_pause_again_and_again(world: SmallWorld) -> None:
    """Pauses during the first of an item's calls cost no attempt, however many."""
    world.begin_again()
    for _ in range(6):
        function = world.journal[len(world.provider.asked)][0]
        world.provider.during(function, lambda: pause_run(world.run))
        world.carry()
        if world.run.status != AutomationRun.Status.PAUSED:
            raise Violation("a pause cost the item its attempts")
        AICall.objects.filter(state="answered").delete()
        world.provider.asked.clear()
        resume_run(world.run)
    world.carry()
    world.check_end("paused six times", but=("log", "credits"))


def people_cancel(world: SmallWorld) -> None:
    """A cancel after every commit; a new run finishes without asking what was answered."""
    for number in range(1, world.commits + 1):
        _cancelled_and_started_anew(world, number)


DISTURBANCES: tuple[Callable[[SmallWorld], None], ...] = (
    power_fails,
    people_pause_and_resume,
    people_cancel,
)
LONG_DISTURBANCES = (
    *DISTURBANCES,
    zombies_wake_up,
    zombies_wake_up_early,
    bodies_run_twice,
    bodies_run_twice_early,
    commits_are_refused,
)


def _one_call_was_lost_twice() -> bool:
    """Then its row is parked by the book: it may have been paid for twice already."""
    lost = list(AICall.objects.filter(state="unknown").values_list("key", flat=True))
    return len(lost) > len(set(lost)) and Task.objects.get().parked_code == "lost_answer"


def _cancelled_and_started_anew(world: SmallWorld, number: int) -> None:
    found: Facts = {}

    def cancel() -> None:
        if_possible(cancel_run, world.run)
        found.update(left_behind_by(world.run))

    world.disturb(number, cancel)
    if world.run.status == AutomationRun.Status.CANCELLED:
        if left_behind_by(world.run)["content"] != found["content"]:
            raise Violation("a cancelled run went on writing")
        _start_anew(world)
    made = ("run", "results", "items", "log")
    world.check_end(f"cancelled after commit {number}", but=made)


def _start_anew(world: SmallWorld) -> None:
    run = world.run
    first = start_run(run.site, first_stage=world.first_stage, stop_after=world.stop_after)
    world.run_id, cancelled = first.pk, run.pk
    world.carry()
    world.run_id = cancelled


def _zombie_wakes_up(world: SmallWorld, number: int, steps: int) -> None:
    """Thought dead after this commit, unless `steps` is 0 replaced, it must not write a thing."""
    found: Facts = {}

    def stand_still() -> None:
        Worker.objects.filter(pk=workers.me()).update(dead_at=clock.now())
        if steps:
            with another_worker():
                world.reconcile()
                world.carry(steps)
        found.update(left_behind_by(world.run))

    where = f"zombie after commit {number}, {steps} steps"
    world.disturb(number, stand_still)
    _check_that_nothing_was_written(world, found, where)


def _body_runs_again(world: SmallWorld, number: int, steps: int) -> None:
    """From then on the first body must not write a thing."""
    found: Facts = {}

    def run_again() -> None:
        with another_worker():
            take_lease(world.run_id, world.run.generation)
            world.carry(steps)
        found.update(left_behind_by(world.run))

    where = f"body run again after commit {number}, {steps} steps"
    world.disturb(number, run_again)
    _check_that_nothing_was_written(world, found, where)


def _check_that_nothing_was_written(world: SmallWorld, found: Facts, where: str) -> None:
    """Nor does it hinder those who recover the run from what was found."""
    if wrote := written_since(found, world):
        raise Violation(f"{where}: the first wrote {', '.join(wrote)}")
    world.recover()
    world.check_end(where, lost=1, but=("log",))
