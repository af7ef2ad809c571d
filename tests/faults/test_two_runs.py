"""Two runs, a pipeline and a selection, want one row while a worker stands still and wakes up."""

from collections.abc import Callable

import pytest

from igny8.ai.models import AICall
from igny8.automation.generations import take_lease, workflow_id
from igny8.automation.models import AutomationRun
from igny8.automation.reconcile import reconcile
from igny8.automation.runs import cancel_run, start_selection
from igny8.automation.stages import STAGES
from igny8.core import clock
from igny8.jobs import workers
from igny8.jobs.models import Worker
from igny8.writer.models import Content, Task
from tests.automation.conftest import Workflows
from tests.automation.world import Watched, another_worker
from tests.faults.invariants import broken, broken_by_doctor, left_behind_by
from tests.faults.small_world import SmallWorld, if_possible, written_since

pytestmark = [
    pytest.mark.usefixtures("committed"),
    pytest.mark.sqlite,
    pytest.mark.slow,
    pytest.mark.timeout(300),
]


class TwoRuns(SmallWorld):
    """A pipeline that writes one article, and a selection of the same row."""

    selection_id = 0

    def thought_dead(self) -> None:
        Worker.objects.filter(pk=workers.me()).update(dead_at=clock.now())

    def sweep(self) -> None:
        """Reconciles; the engine knows of every run what its row says."""
        for run in AutomationRun.objects.all():
            state = ("working", run.worker) if run.worker else ("queued", "")
            self.engine.known[workflow_id(run)] = state
        reconcile()

    def select(self) -> None:
        """Somebody chooses the row by hand; this worker begins with that."""
        self.selection_id = start_selection(self.run.site, STAGES[3], [Task.objects.get().pk]).pk
        self.carry_run(self.selection_id, 2)

    def carry_run(self, run_id: int, steps: int = 400) -> None:
        self.run_id, before = run_id, self.run_id
        self.carry(steps)
        self.run_id = before

    def finish(self) -> None:
        """A new worker takes up whatever there is."""
        self.boot()
        self.sweep()
        for run_id in (self.selection_id, self.run_id, self.selection_id):
            self.carry_run(run_id)
            self.sweep()


def adopted_then_selected(world: TwoRuns) -> None:
    world.thought_dead()
    with another_worker():
        world.sweep()
        world.select()


def selected_then_adopted(world: TwoRuns) -> None:
    """The row is still held for the run that nobody carries."""
    world.thought_dead()
    with another_worker():
        world.select()
        world.sweep()


def cancelled_then_selected(world: TwoRuns) -> None:
    if_possible(cancel_run, world.run)
    adopted_then_selected(world)


def both_workers_stand_still(world: TwoRuns) -> None:
    world.thought_dead()
    with another_worker():
        world.sweep()
        world.select()
        world.thought_dead()
        with another_worker():
            world.sweep()
            world.carry(2)


def body_run_again_then_selected(world: TwoRuns) -> None:
    """On a live worker the engine has run the first one's workflow a second time."""
    with another_worker():
        take_lease(world.run_id, world.run.generation)
        world.sweep()
        world.select()


@pytest.mark.parametrize(
    "meanwhile",
    [
        adopted_then_selected,
        selected_then_adopted,
        cancelled_then_selected,
        both_workers_stand_still,
        body_run_again_then_selected,
    ],
    ids=lambda meanwhile: meanwhile.__name__,
)
def test_one_article_comes_of_it_and_the_first_worker_writes_nothing_more(
    meanwhile: Callable[[TwoRuns], None], provider: Watched, no_engine: Workflows
) -> None:
    world = TwoRuns(provider, no_engine)
    world.run_undisturbed()

    for number in range(1, world.commits + 1):
        found = world.undisturbed

        def stand_still() -> None:
            nonlocal found
            meanwhile(world)
            found = left_behind_by(world.run)

        world.disturb(number, stand_still)
        assert written_since(found, world) == [], f"by the first worker after commit {number}"
        world.finish()

        lost = AICall.objects.filter(state__in=("unknown", "late")).count()
        assert (broken(), broken_by_doctor()) == ([], []), f"after commit {number}"
        assert lost <= 1 + (meanwhile is both_workers_stand_still)
        assert provider.count() <= len(world.journal) + lost
        assert Content.objects.count() == 1
        assert not AutomationRun.objects.active().exists()
