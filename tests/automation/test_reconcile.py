from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import Q

from igny8.ai.models import AICall, AIConnection
from igny8.automation.batches import begin, next_batch
from igny8.automation.generations import next_generation, workflow_id
from igny8.automation.models import AutomationRun
from igny8.automation.reconcile import reconcile
from igny8.automation.runner import LEFT, advance
from igny8.automation.runs import cancel_run, pause_run, resume_run, start_run
from igny8.automation.stages import STAGES
from igny8.core import clock as product_clock
from igny8.core.clock import ManualClock
from igny8.jobs import workers
from igny8.jobs.models import Worker
from igny8.writer.models import Task
from tests.automation.conftest import Workflows
from tests.automation.world import (
    Watched,
    another_worker,
    fresh,
    hold,
    lease_of,
    lines,
    site_with,
    states,
    task_of,
    until_it_rests,
    until_stage,
)
from tests.provider_faults import status
from tests.provider_server import ProviderServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "worker")]

Committed = Callable[..., object]


@pytest.fixture
def run() -> AutomationRun:
    """A run that is about to write one article."""
    site = site_with()
    task_of(site)
    return start_run(site, first_stage=4, stop_after=4)


@pytest.fixture
def reconciled(
    no_engine: Workflows, django_capture_on_commit_callbacks: Committed
) -> Callable[[], Workflows]:
    """Reconciles, and does what follows its commits."""

    def once() -> Workflows:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            reconcile()
        return no_engine

    return once


def in_the_middle(run: AutomationRun) -> int:
    """The run's item is being worked on and its row held; returns the lease."""
    lease = until_stage(run, 4)
    stage, current = STAGES[3], fresh(run)
    assert begin(current, stage, next_batch(current, stage))
    return lease


def dies(worker: str) -> None:
    Worker.objects.filter(pk=worker).update(dead_at=product_clock.now())


def test_a_running_run_without_a_workflow_is_handed_over(
    run: AutomationRun, reconciled: Callable[[], Workflows]
) -> None:
    assert reconciled().enqueued == [(f"run-{run.pk}-g1", (run.pk, 1), 0.0)]


def test_a_waiting_run_is_handed_over_with_its_delay(
    run: AutomationRun, reconciled: Callable[[], Workflows], clock: ManualClock
) -> None:
    AutomationRun.objects.update(wake_at=clock.now() + timedelta(minutes=8))

    assert reconciled().enqueued == [(f"run-{run.pk}-g1", (run.pk, 1), 480.0)]


def test_a_workflow_that_waits_or_works_on_a_live_worker_is_left_alone(
    run: AutomationRun, reconciled: Callable[[], Workflows], no_engine: Workflows
) -> None:
    in_the_middle(run)
    for state in (("queued", ""), ("working", workers.me())):
        no_engine.known[workflow_id(run)] = state

        assert reconciled().enqueued == []
        assert fresh(run).generation == 1
        assert states(run, 4) == ["working"]


def test_a_run_whose_workflow_ended_gets_a_new_generation_and_counts_a_crash(
    run: AutomationRun, reconciled: Callable[[], Workflows], no_engine: Workflows
) -> None:
    lease = in_the_middle(run)
    no_engine.known[workflow_id(run)] = ("ended", workers.me())

    assert reconciled().enqueued == [(f"run-{run.pk}-g2", (run.pk, 2), 0.0)]

    assert (fresh(run).crashes, run.worker, run.status) == (1, None, "running")
    assert run.lease == lease + 1
    assert states(run, 4) == ["queued"]
    assert Task.objects.get().held_by is None


def test_a_workflow_that_a_dead_worker_ended_is_no_crash(
    run: AutomationRun, reconciled: Callable[[], Workflows], no_engine: Workflows
) -> None:
    in_the_middle(run)
    no_engine.known[workflow_id(run)] = ("ended", workers.me())
    dies(workers.me())

    with another_worker():
        reconciled()

    assert (fresh(run).crashes, run.generation) == (0, 2)


def test_a_run_on_a_dead_worker_gets_a_new_generation_without_counting_a_crash(
    run: AutomationRun, reconciled: Callable[[], Workflows], no_engine: Workflows
) -> None:
    in_the_middle(run)
    no_engine.known[workflow_id(run)] = ("working", workers.me())
    gone = workers.me()
    dies(gone)

    with another_worker():
        assert reconciled().enqueued == [(f"run-{run.pk}-g2", (run.pk, 2), 0.0)]

    assert (fresh(run).crashes, run.worker) == (0, None)
    assert no_engine.dropped == [gone]


def test_a_worker_whose_heart_stopped_is_flagged_dead_and_its_run_adopted(
    run: AutomationRun,
    reconciled: Callable[[], Workflows],
    no_engine: Workflows,
    clock: ManualClock,
) -> None:
    in_the_middle(run)
    silent = workers.me()
    no_engine.known[workflow_id(run)] = ("working", silent)
    clock.time += timedelta(seconds=31)

    with another_worker():
        reconciled()

    assert Worker.objects.get(pk=silent).dead_at is not None
    assert fresh(run).generation == 2
    assert not Worker.objects.filter(pk=workers.me(), dead_at=None).exists()
    assert not workers.beat()


def test_three_crashes_in_a_row_pause_the_run_for_a_person(
    run: AutomationRun,
    reconciled: Callable[[], Workflows],
    no_engine: Workflows,
    clock: ManualClock,
) -> None:
    for _ in range(3):
        no_engine.known[workflow_id(fresh(run))] = ("ended", workers.me())
        reconciled()

    assert (fresh(run).status, run.reason_code, run.crashes) == ("paused", "internal", 3)
    assert len(no_engine.enqueued) == 2
    assert lines(run, level="error") == ["Paused: the runner failed three times in a row"]
    clock.time += timedelta(days=1)
    reconciled()
    assert fresh(run).status == "paused"
    resume_run(run)
    assert fresh(run).crashes == 0


def test_a_settled_batch_forgives_the_crashes_before_it(
    run: AutomationRun, provider: Watched
) -> None:
    AutomationRun.objects.update(crashes=2)

    until_it_rests(run)

    assert run.crashes == 0


def test_what_another_process_reconciled_meanwhile_is_not_done_twice(
    run: AutomationRun,
    reconciled: Callable[[], Workflows],
    no_engine: Workflows,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from igny8.jobs import engine

    def states_of_before(_: object) -> dict[str, tuple[str, str]]:
        next_generation(run.pk, Q(generation=1))
        return {f"run-{run.pk}-g1": ("ended", "")}

    monkeypatch.setattr(engine, "workflow_states", states_of_before)

    assert reconciled().enqueued == []
    assert (fresh(run).generation, run.crashes) == (2, 0)


@pytest.mark.parametrize("turn", [pause_run, cancel_run])
def test_a_stopped_run_of_a_dead_worker_lets_go_of_its_rows_and_is_not_handed_over(
    turn: Callable[[AutomationRun], None],
    run: AutomationRun,
    reconciled: Callable[[], Workflows],
    no_engine: Workflows,
) -> None:
    in_the_middle(run)
    no_engine.known[workflow_id(run)] = ("working", workers.me())
    turn(run)
    dies(workers.me())

    with another_worker():
        assert reconciled().enqueued == []

    assert fresh(run).worker is None
    assert Task.objects.get().held_by is None
    assert states(run, 4) == ["queued"]


def test_rows_held_by_runs_that_are_over_are_freed_and_those_of_active_runs_kept(
    run: AutomationRun, reconciled: Callable[[], Workflows]
) -> None:
    site = run.site
    mine, theirs, lost = Task.objects.get(), task_of(site, "Second"), task_of(site, "Third")
    over = start_run(site_with(slug="other"))
    cancel_run(over)
    hold(mine, run.ref)
    hold(theirs, over.ref)
    hold(lost, "run:4711")

    reconciled()

    held = Task.objects.order_by("pk").values_list("held_by", flat=True)
    assert list(held) == [run.ref, None, None]


def test_rows_of_a_cancelled_run_stay_held_while_its_worker_is_still_in_a_call(
    run: AutomationRun, reconciled: Callable[[], Workflows], no_engine: Workflows
) -> None:
    in_the_middle(run)
    no_engine.known[workflow_id(run)] = ("working", workers.me())
    cancel_run(run)

    reconciled()

    assert Task.objects.get().held_by == run.ref


def sent_call(worker: str, key: str, *, seconds: float = 180) -> AICall:
    account = AIConnection.objects.first()
    assert account is not None
    return AICall.objects.create(
        key=key,
        attempt=1,
        function="write_section",
        request_hash="x",
        connection=account,
        worker=worker,
        deadline_at=product_clock.now() + timedelta(seconds=seconds),
    )


def test_calls_of_dead_workers_and_past_their_deadline_turn_unknown(
    run: AutomationRun, reconciled: Callable[[], Workflows]
) -> None:
    gone = Worker.objects.create(pk="gone", host="h", pid=1, dead_at=product_clock.now())
    lost = sent_call(gone.pk, "a/task:1/0/x")
    forgotten = sent_call(workers.me(), "b/task:1/0/x", seconds=-3601)
    about_to_be_booked = sent_call(workers.me(), "c/task:1/0/x", seconds=-600)
    under_way = sent_call(workers.me(), "d/task:1/0/x")

    reconciled()

    states_by_pk = dict(AICall.objects.values_list("pk", "state"))
    assert [states_by_pk[call.pk] for call in (lost, forgotten)] == ["unknown", "unknown"]
    assert [states_by_pk[call.pk] for call in (about_to_be_booked, under_way)] == ["sent", "sent"]


def test_an_answer_that_waited_for_its_books_over_an_outage_is_no_waste(
    run: AutomationRun,
    reconciled: Callable[[], Workflows],
    no_engine: Workflows,
    provider: Watched,
    clock: ManualClock,
) -> None:
    """The database is away from the answer until long after the call's deadline; a sweep, of this
    worker or of one whose clock is ahead, comes before the answer is stored."""

    def away() -> None:
        clock.time += timedelta(minutes=20)
        workers.beat()
        reconciled()

    no_engine.known[workflow_id(run)] = ("working", workers.me())
    provider.during("write_section", away)

    until_it_rests(run)

    assert run.status == "completed"
    assert set(AICall.objects.values_list("state", flat=True)) == {"used"}


def paused_for_storage(run: AutomationRun) -> AutomationRun:
    """Its time to try again has come."""
    AutomationRun.objects.filter(pk=run.pk).update(
        status="paused", reason_code="storage", wake_at=product_clock.now()
    )
    return fresh(run)


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[AutomationRun], object]) -> None:
    """Somebody acts between what the sweep reads and what it writes."""

    def acted_then_resumed(run: AutomationRun, *, why: str, where: Q) -> None:
        act(AutomationRun.objects.get(pk=run.pk))
        resume_run(run, why=why, where=where)

    monkeypatch.setattr("igny8.automation.reconcile.resume_run", acted_then_resumed)


def test_a_run_that_a_person_paused_meanwhile_is_not_resumed_by_the_sweep(
    run: AutomationRun, reconciled: Callable[[], Workflows], monkeypatch: pytest.MonkeyPatch
) -> None:
    def resume_and_pause(run: AutomationRun) -> None:
        resume_run(run)
        pause_run(run)

    paused_for_storage(run)
    meanwhile(monkeypatch, resume_and_pause)

    reconciled()

    assert (fresh(run).status, run.reason_code) == ("paused", "by_person")


@pytest.mark.parametrize("act", [resume_run, cancel_run])
def test_a_run_that_somebody_turned_meanwhile_does_not_end_the_sweep(
    act: Callable[[AutomationRun], object],
    run: AutomationRun,
    reconciled: Callable[[], Workflows],
    no_engine: Workflows,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gone = Worker.objects.create(pk="gone", host="h", pid=1, dead_at=product_clock.now())
    paused_for_storage(run)
    meanwhile(monkeypatch, act)

    reconciled()

    assert no_engine.dropped == [gone.pk]


def test_a_wait_that_was_written_before_the_clock_was_put_back_ends_at_once(
    run: AutomationRun,
    reconciled: Callable[[], Workflows],
    no_engine: Workflows,
    clock: ManualClock,
) -> None:
    AutomationRun.objects.filter(pk=run.pk).update(
        wake_at=clock.now() + timedelta(seconds=30), waiting_for="delay:30"
    )
    no_engine.known[workflow_id(run)] = ("queued", "")
    clock.time -= timedelta(days=1)

    assert reconciled().enqueued == [(f"run-{run.pk}-g2", (run.pk, 2), 0.0)]

    assert (fresh(run).wake_at, run.waiting_for, run.crashes) == (None, "", 0)


def test_a_pause_that_ends_by_itself_ends_also_when_the_clock_was_put_back(
    run: AutomationRun, reconciled: Callable[[], Workflows], clock: ManualClock
) -> None:
    paused_for_storage(run)
    clock.time -= timedelta(days=1)

    reconciled()

    assert fresh(run).status == "running"


def test_a_run_paused_by_a_provider_that_is_down_tries_again_when_its_time_has_come(
    run: AutomationRun,
    reconciled: Callable[[], Workflows],
    no_engine: Workflows,
    server: ProviderServer,
    clock: ManualClock,
) -> None:
    server.fail(status(503))
    waits = []
    for _ in range(5):
        until_it_rests(run)
        assert (run.status, run.reason_code) == ("paused", "provider_down")
        assert run.wake_at is not None
        waits.append(round((run.wake_at - clock.now()).total_seconds() / 60))
        reconciled()
        assert fresh(run).status == "paused", "not before its time"
        clock.time = run.wake_at
        workers.beat()
        reconciled()
        assert fresh(run).status == "running"
        assert "Trying again by itself" in lines(run)

    assert waits == [5, 15, 60, 120, 120]


def test_after_a_success_the_next_outage_waits_five_minutes_first_again(
    run: AutomationRun,
    reconciled: Callable[[], Workflows],
    no_engine: Workflows,
    server: ProviderServer,
    clock: ManualClock,
) -> None:
    task_of(run.site, "How to plant chives")
    server.fail(status(503))
    for _ in range(2):
        until_it_rests(run)
        assert run.wake_at is not None
        clock.time = run.wake_at
        workers.beat()
        reconciled()
    server.recover()
    lease = lease_of(run)
    while not fresh(run).result(4).get("done"):
        assert advance(run.pk, lease) != LEFT
    server.fail(status(503))

    until_it_rests(run)

    assert run.wake_at is not None
    assert run.wake_at - clock.now() == timedelta(minutes=5)


def test_a_refused_key_is_not_tried_again_by_itself(
    run: AutomationRun,
    reconciled: Callable[[], Workflows],
    server: ProviderServer,
    clock: ManualClock,
) -> None:
    server.fail(status(401))
    until_it_rests(run)
    clock.time += timedelta(days=1)

    reconciled()

    assert fresh(run).status == "paused"
    assert server.count() == 1
