from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from igny8.accounts.models import owner_account
from igny8.automation.models import AutomationConfig, AutomationRun
from igny8.automation.runs import config_of, start_run
from igny8.automation.schedule import reschedule, start_due_runs
from igny8.core.clock import ManualClock
from igny8.planner.models import Keyword
from igny8.sites.models import Site

pytestmark = pytest.mark.django_db
Drive = Callable[[AutomationRun], AutomationRun]


@pytest.fixture
def config(clock: ManualClock) -> AutomationConfig:
    site = Site.objects.create(account=owner_account(), slug="s", name="S", is_sample=True)
    config = config_of(site)
    config.schedule = AutomationConfig.Schedule.DAILY
    config.save()
    reschedule(config)
    config.refresh_from_db()
    return config


def add_keyword(site: Site) -> None:
    Keyword.objects.create(site=site, keyword="basil", normalised="basil")


def test_the_first_slot_is_tomorrow_at_six(config: AutomationConfig) -> None:
    assert config.next_run_at == datetime(2026, 1, 6, 6, tzinfo=UTC)


def test_a_due_slot_starts_one_run_and_sets_the_next(
    config: AutomationConfig, clock: ManualClock
) -> None:
    add_keyword(config.site)
    clock.time += timedelta(hours=21)
    start_due_runs()
    start_due_runs()
    assert [run.trigger for run in AutomationRun.objects.all()] == ["schedule"]
    config.refresh_from_db()
    assert config.next_run_at == datetime(2026, 1, 7, 6, tzinfo=UTC)


def test_after_days_of_downtime_there_is_one_run(
    config: AutomationConfig, clock: ManualClock
) -> None:
    add_keyword(config.site)
    clock.time += timedelta(days=5)
    start_due_runs()
    start_due_runs()
    assert AutomationRun.objects.count() == 1


def test_a_slot_with_nothing_pending_makes_no_run(
    config: AutomationConfig, clock: ManualClock
) -> None:
    clock.time += timedelta(hours=21)
    start_due_runs()
    config.refresh_from_db()
    assert not AutomationRun.objects.exists()
    assert config.last_check == "Checked 06:00, nothing to do"


def test_a_slot_that_meets_an_active_run_is_skipped_and_said_so(
    config: AutomationConfig, clock: ManualClock
) -> None:
    add_keyword(config.site)
    run = start_run(config.site)
    for _ in range(3):
        clock.time += timedelta(days=1)
        start_due_runs()
    assert AutomationRun.objects.count() == 1
    assert run.log.filter(level="warning", message__startswith="3 scheduled starts").exists()


def test_a_disabled_site_starts_nothing(config: AutomationConfig, clock: ManualClock) -> None:
    add_keyword(config.site)
    AutomationConfig.objects.update(enabled=False)
    clock.time += timedelta(days=2)
    start_due_runs()
    assert not AutomationRun.objects.exists()
