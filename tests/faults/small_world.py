"""A run small enough to disturb it at every commit, and the disturbances."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import OperationalError

from igny8.ai.models import AICall
from igny8.automation.generations import take_lease, workflow_id
from igny8.automation.models import AutomationRun
from igny8.automation.reconcile import reconcile
from igny8.automation.runner import LEFT, advance
from igny8.automation.runs import cancel_run, pause_run, resume_run, start_run
from igny8.core import clock
from igny8.core.errors import UserError
from igny8.credits.models import PriceOverride
from igny8.jobs import workers
from igny8.jobs.models import Worker
from igny8.writer.models import Task
from tests.automation.conftest import Workflows
from tests.automation.world import Watched, another_worker, site_with, task_of
from tests.faults.invariants import Facts, broken, left_behind_by, shown_counts
from tests.faults.power import Moment, Recorder, commits_watched, recorded, restore

KEYWORDS = ("raised bed soil mix", "best soil for raised beds", "raised garden bed soil")
STEPS = 400
# A call of 200 tokens, at ten dollars a million of them, costs 0.2 credits.
MODEL, A_TOKEN, A_CALL = "test-model", 10_000_000, Decimal("0.2")


class Violation(AssertionError):
    """Something that must hold did not."""


@dataclass
class SmallWorld:
    """One run, its provider and its engine; `journal` are the calls of the undisturbed run."""

    provider: Watched
    engine: Workflows
    first_stage: int = 4
    stop_after: int | None = 4
    run_id: int = 0
    commits: int = 0
    journal: list[tuple[str, str]] = field(default_factory=list)
    undisturbed: Facts = field(default_factory=dict)
    moments: list[Moment] = field(default_factory=list)

    @property
    def run(self) -> AutomationRun:
        return AutomationRun.objects.select_related("site").get(pk=self.run_id)

    def run_undisturbed(self) -> None:
        """Remembers what an undisturbed run leaves, and every moment on its way."""
        keywords = KEYWORDS if self.first_stage == 1 else ()
        site = site_with(keywords, stage_1_batch_size=2, ideas_per_cluster=1)
        if self.first_stage == 4:
            task_of(site, sections=1)
        PriceOverride.objects.create(
            account=site.account, model=MODEL, input_rate=A_TOKEN, output_rate=A_TOKEN
        )
        self.run_id = start_run(site, first_stage=self.first_stage, stop_after=self.stop_after).pk
        self.boot()
        recorder = Recorder(self.provider.count, at_commit=self._check_commit())
        self.moments = list(recorded(recorder, self.carry))
        self.commits = recorder.commits
        self.journal = list(self.provider.asked)
        self.check()
        self.undisturbed = left_behind_by(self.run)

    def begin_again(self, moment: Moment | None = None) -> None:
        """Back to this moment, or to the start."""
        moment = moment or self.moments[0]
        restore(moment.database)
        self.provider.asked[:] = self.journal[: moment.calls]
        self.engine.known.clear()

    def boot(self) -> None:
        """A new worker; on this database it is the only one."""
        workers.register()
        workers.flag_dead(all_others=True)

    def carry(self, steps: int = STEPS) -> None:
        """What the engine does with this run on this worker, until the run is over."""
        for _ in range(STEPS):
            run = self.run
            if run.status != AutomationRun.Status.RUNNING or steps <= 0:
                return
            if run.wake_at and run.wake_at > clock.now():
                clock.sleep((run.wake_at - clock.now()).total_seconds())
                workers.beat()
            lease = take_lease(run.pk, run.generation)
            if lease is None:
                return
            while steps > 0 and advance(run.pk, lease) != LEFT:
                steps -= 1
            if self.run.worker not in (None, workers.me()):
                return
        raise Violation("the run never ends")

    def reconcile(self, *, ended: bool = False) -> None:
        """`ended`: the engine recorded the end of the run's workflow, else its worker has it."""
        run = self.run
        state = ("working", run.worker) if run.worker else ("queued", "")
        self.engine.known[workflow_id(run)] = ("ended", "") if ended else state
        reconcile()

    def recover(self) -> None:
        """The machine is on again: a new worker adopts the run and finishes it."""
        self.boot()
        self.reconcile()
        if found := broken():
            raise Violation(f"{', '.join(found)} after reconciling")
        run = self.run
        if run.status == run.Status.RUNNING and self.engine.known[workflow_id(run)][0] != "queued":
            raise Violation("nobody was given the run of a dead worker")
        self.carry()
        self.reconcile()

    def disturb(self, number: int, disturbance: Callable[[], None]) -> None:
        """Carries the run anew and, once, disturbs it right after this commit."""
        self._carry_watched(number, lambda: None, disturbance)

    def refuse_commit(self, number: int, because: str = "disk I/O error") -> None:
        """Carries the run anew; the database refuses this commit, which may end the workflow."""

        def refuse() -> None:
            raise OperationalError(because)

        with suppress(OperationalError):
            self._carry_watched(number, refuse, lambda: None)

    def check(self, *, lost: int = 0) -> None:
        """Nothing is broken; at most so many calls were lost and asked again."""
        if found := broken():
            raise Violation(", ".join(found))
        if AICall.objects.filter(state__in=("unknown", "late")).count() > lost:
            raise Violation(f"more than {lost} lost calls")
        if self.journal and self.provider.count() > len(self.journal) + lost:
            raise Violation("something answered was asked again")
        if self.provider.count() > AICall.objects.count():
            raise Violation("the provider was asked more often than we know")

    def check_end(self, where: str, *, lost: int = 0, but: Iterable[str] = ()) -> None:
        """Everything is as after the undisturbed run, `but` for these facts."""
        try:
            self.check(lost=lost)
        except Violation as found:
            raise Violation(f"{where}: {found}") from found
        now = left_behind_by(self.run)
        for name, facts in self.undisturbed.items():
            if name not in (*but, "credits") and now[name] != facts:
                raise Violation(f"{where}: {name} is {now[name]}, not {facts}")
        if "credits" not in but:
            self._check_credits(where, Decimal(now["credits"]), lost)

    def _check_credits(self, where: str, used: Decimal, lost: int) -> None:
        """As undisturbed; an answer that came after its call was given up was paid, too."""
        usual = Decimal(self.undisturbed["credits"])
        if not usual <= used <= usual + lost * A_CALL:
            raise Violation(f"{where}: {used} credits were used, not {usual}")

    def _carry_watched(
        self, number: int, before: Callable[[], None], after: Callable[[], None]
    ) -> None:
        self.begin_again()
        self.boot()
        begun, due = 0, False

        def at_commit_begin() -> None:
            nonlocal begun, due
            begun += 1
            if begun == number:
                due = True
                before()

        def at_commit_end() -> None:
            nonlocal due
            if due:
                due = False
                after()

        try:
            with commits_watched(at_commit_begin, at_commit_end):
                self.carry()
        finally:
            if begun < number:
                raise Violation(f"the run was over before commit {number}")

    def _check_commit(self) -> Callable[[int], None]:
        shown: list[int] = []

        def check(number: int) -> None:
            now = list(shown_counts(self.run))
            if any(after < before for before, after in zip(shown, now, strict=False)):
                raise Violation(f"a shown count fell at commit {number}")
            shown[:] = now
            if found := broken():
                raise Violation(f"{', '.join(found)} at commit {number}")

        return check


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
    if wrote := written_since(found, world):
        raise Violation(f"{where}: it wrote {', '.join(wrote)}")
    world.recover()
    world.check_end(where, lost=1, but=("log",))


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
    if wrote := written_since(found, world):
        raise Violation(f"{where}: the first wrote {', '.join(wrote)}")
    world.recover()
    world.check_end(where, lost=1, but=("log",))


def written_since(found: Facts, world: SmallWorld) -> list[str]:
    """But for the ledger: an answer is paid for, whoever gets it and however late."""
    now = left_behind_by(world.run)
    return [name for name in now if name != "credits" and now[name] != found[name]]


def if_possible(turn: Callable[[AutomationRun], None], run: AutomationRun) -> None:
    """Nothing when the run is over by then."""
    with suppress(UserError):
        turn(run)
