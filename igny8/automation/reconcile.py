"""The net under every hand-over: what no live worker carries is given to one."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat

from igny8.ai.booking import give_up_lost_calls
from igny8.ai.gate import forget_the_absent
from igny8.automation.batches import NEXT_TRIES, TRIES_BY_ITSELF
from igny8.automation.generations import hand_over_now, hand_over_run, next_generation, workflow_id
from igny8.automation.log import complain
from igny8.automation.models import AutomationRun
from igny8.automation.notify.occasions import announce_paused
from igny8.automation.runs import resume_run
from igny8.automation.stages import WORK_STAGES
from igny8.core import clock
from igny8.core.crashpoints import committing, crashpoint
from igny8.core.errors import UserError
from igny8.credits.ledger import expire_reservations
from igny8.jobs import engine
from igny8.jobs.models import Worker
from igny8.jobs.workers import flag_dead

CRASH_LIMIT = 3
# Nobody asks for more: such a moment was written before this machine's clock was put back.
LONGEST_WAIT = timedelta(hours=2)
Status = AutomationRun.Status
Where = Mapping[str, tuple[str, str]]


def reconcile() -> None:
    """Each change is a conditional UPDATE on the generation that was read."""
    flag_dead()
    runs = list(AutomationRun.objects.filter(Q(status__in=AutomationRun.ACTIVE) | ~Q(worker=None)))
    states = engine.workflow_states(workflow_id(run) for run in runs) if runs else {}
    alive = set(Worker.objects.alive().values_list("pk", flat=True))
    for run in runs:
        _look_after(run, states, alive)
    give_up_lost_calls()
    expire_reservations()
    crashpoint("lost calls given up")
    forget_the_absent()
    _free_rows_of_finished_runs()
    crashpoint("rows freed")
    _try_again_by_itself()
    dead = Worker.objects.filter(dead_at__gte=clock.now() - timedelta(days=1))
    engine.drop_leftovers(dead.values_list("pk", flat=True))


def _look_after(run: AutomationRun, states: Where, alive: set[str]) -> None:
    state, executor = states.get(workflow_id(run), ("missing", ""))
    on_dead_worker = state == "working" and executor not in alive
    if run.status == Status.RUNNING and state == "missing":
        hand_over_now(run)
    elif (
        state == "ended"
        or on_dead_worker
        or (run.worker and run.worker not in alive)
        or _waits_too_long(run)
    ):
        # A worker thought dead ends its workflows by the book: only a live one's end is a crash.
        _adopt(run, crashed=state == "ended" and executor in alive)


def _waits_too_long(run: AutomationRun) -> bool:
    return (
        run.status == Status.RUNNING
        and run.wake_at is not None
        and run.wake_at > clock.now() + LONGEST_WAIT
    )


def _adopt(run: AutomationRun, *, crashed: bool) -> None:
    """Generation + 1: whoever carried it before may write nothing more."""
    with committing("adopt"):
        same = Q(generation=run.generation, status=run.status)
        if run.status != Status.RUNNING and run.worker is None:
            return
        if not next_generation(run.pk, same):
            return
        if _waits_too_long(run):
            AutomationRun.objects.filter(pk=run.pk).update(
                wake_at=None, waiting_for="", version=F("version") + 1
            )
        if run.status == Status.RUNNING and crashed:
            _count_crash(run)
        hand_over_run(run.pk)


def _count_crash(run: AutomationRun) -> None:
    """A runner that fails three times in a row waits for a person."""
    rows = AutomationRun.objects.filter(pk=run.pk)
    rows.update(crashes=F("crashes") + 1)
    stopped = rows.filter(crashes__gte=CRASH_LIMIT).update(
        status=Status.PAUSED,
        reason_code="internal",
        reason="The runner failed three times in a row; see the server's log, then resume.",
        wake_at=None,
        version=F("version") + 1,
    )
    if stopped:
        complain(run, "Paused: the runner failed three times in a row")
        run.refresh_from_db()
        announce_paused(run)


def _free_rows_of_finished_runs() -> None:
    """Rows held for runs that are over and carried by nobody; one statement a table, so that a
    run that begins meanwhile loses nothing."""
    carried = AutomationRun.objects.filter(Q(status__in=AutomationRun.ACTIVE) | ~Q(worker=None))
    refs = carried.values(ref=Concat(Value("run:"), Cast("pk", CharField())))
    for stage in WORK_STAGES:
        held = stage.model._default_manager.exclude(held_by=None)
        held.exclude(held_by__in=refs).update(held_by=None)


def _try_again_by_itself() -> None:
    """Never what a person paused: a wait of the run may lie under that pause.

    A clock that was put back since counts as one whose time has come.
    """
    paused = AutomationRun.objects.filter(status=Status.PAUSED, reason_code__in=TRIES_BY_ITSELF)
    now = clock.now()
    for run in paused.filter(Q(wake_at__lte=now) | Q(wake_at__gt=now + NEXT_TRIES[-1])):
        as_read = Q(reason_code=run.reason_code, wake_at=run.wake_at)
        with suppress(UserError):  # another worker, or a person, came first
            resume_run(run, why="Trying again by itself", where=as_read)
