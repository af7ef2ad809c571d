"""What grows old is let go, and nothing else."""

from datetime import datetime, timedelta

import pytest

from igny8.ai.models import AICall, AIConnection
from igny8.automation import upkeep
from igny8.automation.models import AutomationRun, RunLog
from igny8.core import clock
from igny8.core.clock import ManualClock
from igny8.jobs import engine
from igny8.jobs.models import Worker
from igny8.sites.models import Site
from tests.factories import make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(clock: ManualClock) -> Site:
    return make_site()


def ago(days: float) -> datetime:
    return clock.now() - timedelta(days=days)


def test_log_lines_are_kept_for_90_days(site: Site) -> None:
    run = AutomationRun.objects.create(site=site, status="completed")
    for days in (0, 89.9, 90.1, 400):
        RunLog.objects.create(run=run, at=ago(days), message=f"{days} days old")

    upkeep.drop_old_log_lines()

    kept = RunLog.objects.order_by("pk").values_list("message", flat=True)
    assert list(kept) == ["0 days old", "89.9 days old"]


def test_many_old_lines_go_in_pieces(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "ROWS_AT_ONCE", 3)
    run = AutomationRun.objects.create(site=site, status="completed")
    RunLog.objects.bulk_create(RunLog(run=run, at=ago(91), message="old") for _ in range(10))

    upkeep.drop_old_log_lines()

    assert not RunLog.objects.exists()


@pytest.mark.parametrize(
    ("state", "days", "kept"),
    [
        ("rejected", 31, False),
        ("late", 31, False),
        ("failed", 31, False),
        ("rejected", 29, True),
        ("answered", 400, True),
    ],
)
def test_raw_answers_that_nobody_will_use_are_kept_for_30_days(
    site: Site, state: str, days: int, kept: bool
) -> None:
    connection = AIConnection.objects.create(account=site.account, name="c", kind="sample")
    call = AICall.objects.create(
        key="k",
        attempt=1,
        state=state,
        function="f",
        request_hash="h",
        connection=connection,
        raw=b"an answer",
        cost_microusd=12,
        deadline_at=ago(days),
        ended_at=ago(days),
    )

    upkeep.drop_raw_answers()

    call.refresh_from_db()
    assert (call.raw is not None) is kept
    assert call.cost_microusd == 12


def test_workers_are_forgotten_a_week_after_their_death(clock: ManualClock) -> None:
    for name, dead in (("alive", None), ("yesterday", ago(1)), ("long ago", ago(8))):
        Worker.objects.create(pk=name, host="h", pid=1, dead_at=dead)

    upkeep.forget_dead_workers()

    assert set(Worker.objects.values_list("pk", flat=True)) == {"alive", "yesterday"}


def test_the_engines_finished_workflows_go_until_none_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [engine.PRUNED_AT_ONCE, engine.PRUNED_AT_ONCE, 7]
    monkeypatch.setattr(engine, "prune", lambda: found.pop(0))

    upkeep.drop_finished_workflows()

    assert found == []


def test_every_chore_is_a_duty_of_its_own() -> None:
    from igny8.automation.workflow import DUTIES

    names = [duty.name for duty in DUTIES]
    assert set(names) >= {duty.name for duty in upkeep.CHORES}
    assert len(names) == len(set(names))
