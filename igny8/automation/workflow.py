"""A run as durable work: one workflow a generation, steps only."""

from datetime import timedelta

from igny8.automation.generations import ANY, WORKFLOW, leave, take_lease
from igny8.automation.notify.delivering import deliver_due
from igny8.automation.reconcile import reconcile
from igny8.automation.runner import LEFT, advance
from igny8.automation.schedule import start_due_runs
from igny8.automation.upkeep import CHORES
from igny8.core import clock
from igny8.core.logs import logged_as
from igny8.core.outages import outlast
from igny8.jobs import Duty, step, workflow
from igny8.jobs.working import is_stopping
from igny8.planner import import_work

STEPS_A_WORKFLOW = 500
STRETCH = timedelta(seconds=1)


@workflow(WORKFLOW)
@logged_as("run")
def pipeline(run_id: int, generation: int) -> None:
    """The lease is taken in the body, so that a body that runs again takes a new one."""
    lease = outlast(lambda: take_lease(run_id, generation))
    for _ in range(STEPS_A_WORKFLOW):
        if is_stopping():
            break
        if lease is None or step(advance_a_while, run_id, lease) == LEFT:
            return
    if lease is not None:
        step(_hand_on, run_id, lease)


def advance_a_while(run_id: int, lease: int) -> str:
    """Pieces that take milliseconds share a step: one of the engine costs more than they do."""
    end = clock.now() + STRETCH
    while (outcome := advance(run_id, lease)) != LEFT:
        if clock.now() >= end or is_stopping():
            break
    return outcome


def _hand_on(run_id: int, lease: int) -> bool:
    return leave(run_id, lease, where=ANY)


DUTIES = (
    Duty(name="reconcile", every_seconds=30, do=reconcile),
    # It looks ahead over all waiting keywords of each site that is due.
    Duty(name="schedule", every_seconds=5, do=start_due_runs, waits=True),
    Duty(name="notices", every_seconds=5, do=deliver_due, waits=True),
    *CHORES,
    *import_work.DUTIES,
)
