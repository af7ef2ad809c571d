"""The machine's clock jumps while a run is under way: the run ends, and no time is negative."""

from datetime import timedelta

import pytest
from django.db.models import F

from igny8.automation.checks import all_checks
from igny8.automation.models import RunItem
from igny8.automation.runs import start_run
from igny8.core.clock import ManualClock
from tests.automation.world import Watched, site_with, task_of, until_it_rests
from tests.faults.invariants import broken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("worker")]

JUMPS = (
    timedelta(hours=1),
    timedelta(hours=-1),
    timedelta(days=-1),
    timedelta(seconds=-2),
    timedelta(days=3652),
)


@pytest.mark.parametrize("jump", JUMPS, ids=str)
@pytest.mark.parametrize("function", ["write_introduction", "write_section", "write_metadata"])
def test_a_run_survives_a_clock_that_jumps_during_a_call(
    function: str, jump: timedelta, clock: ManualClock, provider: Watched
) -> None:
    def set_clock() -> None:
        clock.time += jump

    site = site_with()
    task_of(site)
    provider.during(function, set_clock)

    run = until_it_rests(start_run(site, first_stage=4, stop_after=4))

    assert run.status == "completed"
    assert run.ended_at is not None
    assert run.ended_at >= run.started_at
    assert not RunItem.objects.filter(ended_at__lt=F("started_at")).exists()
    result = run.result(4)
    assert result["ended_at"] >= result["started_at"]
    assert broken() == []
    assert [c.name for c in all_checks() if not c.ok and c.name.startswith(("I5", "I13"))] == []
