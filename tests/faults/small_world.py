"""A run small enough to disturb it at every commit, and the disturbances."""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from django.db import OperationalError

from igny8.ai.models import AICall
from igny8.automation.generations import take_lease, workflow_id
from igny8.automation.models import AutomationRun
from igny8.automation.reconcile import reconcile
from igny8.automation.runner import LEFT, advance
from igny8.automation.runs import start_run
from igny8.core import clock
from igny8.core.errors import UserError
from igny8.credits.models import PriceOverride
from igny8.jobs import workers
from tests.automation.conftest import Workflows
from tests.automation.world import Watched, site_with, task_of
from tests.faults.invariants import Facts, broken, left_behind_by, shown_counts
from tests.faults.power import Moment, Recorder, commits_watched, recorded, restore, snapshot

KEYWORDS = ("raised bed soil mix", "best soil for raised beds", "raised garden bed soil")
STEPS = 400
# A call of 200 tokens, at ten dollars a million of them, costs 0.2 credits.
MODEL, A_TOKEN, A_CALL = "test-model", 10_000_000, Decimal("0.2")


@dataclass(frozen=True)
class Boundary:
    """Between two pieces of work of the undisturbed run, after so many commits: all that its worker
    knows there is who it is and which lease it has."""

    commits: int
    database: sqlite3.Connection
    calls: int
    worker: str
    lease: int


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
    boundaries: list[Boundary] = field(default_factory=list)
    at_boundary: Callable[[int], None] = lambda lease: None

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
        self.at_boundary = partial(self._note_boundary, recorder)
        self.moments = list(recorded(recorder, self.carry))
        self.at_boundary = lambda lease: None
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

    def go_to(self, boundary: Boundary) -> None:
        """As if the run had been carried to there by this process."""
        restore(boundary.database)
        self.provider.asked[:] = self.journal[: boundary.calls]
        self.engine.known.clear()
        workers._me = boundary.worker

    def boot(self) -> None:
        """A new worker; on this database it is the only one."""
        workers.register()
        workers.flag_dead(all_others=True)

    def carry(self, steps: int = STEPS, *, lease: int | None = None) -> None:
        """What the engine does with this run on this worker, until the run is over; with a lease,
        from the middle of the workflow that has it."""
        for _ in range(STEPS):
            lease = lease or self._taken(steps)
            if lease is None:
                return
            while steps > 0:
                self.at_boundary(lease)
                if advance(self.run_id, lease) == LEFT:
                    break
                steps -= 1
            lease = None
            if self.run.worker not in (None, workers.me()):
                return
        raise Violation("the run never ends")

    def _taken(self, steps: int) -> int | None:
        run = self.run
        if run.status != AutomationRun.Status.RUNNING or steps <= 0:
            return None
        if run.wake_at and run.wake_at > clock.now():
            clock.sleep((run.wake_at - clock.now()).total_seconds())
            workers.beat()
        return take_lease(run.pk, run.generation)

    def _note_boundary(self, recorder: Recorder, lease: int) -> None:
        self.boundaries.append(
            Boundary(recorder.commits, snapshot(), self.provider.count(), workers.me(), lease)
        )

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
        boundary = self._last_before(number)
        begun, due = boundary.commits if boundary else 0, False

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
                self.carry(lease=boundary.lease if boundary else None)
        finally:
            if begun < number:
                raise Violation(f"the run was over before commit {number}")

    def _last_before(self, number: int) -> Boundary | None:
        """Goes to the last boundary before this commit; None at the start."""
        before = [boundary for boundary in self.boundaries if boundary.commits < number]
        if before:
            self.go_to(before[-1])
            workers.beat()
            return before[-1]
        self.begin_again()
        self.boot()
        return None

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


def written_since(found: Facts, world: SmallWorld) -> list[str]:
    """But for the ledger: an answer is paid for, whoever gets it and however late."""
    now = left_behind_by(world.run)
    return [name for name in now if name != "credits" and now[name] != found[name]]


def if_possible(turn: Callable[[AutomationRun], None], run: AutomationRun) -> None:
    """Nothing when the run is over by then."""
    with suppress(UserError):
        turn(run)
