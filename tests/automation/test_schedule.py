from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from igny8.automation import schedule
from igny8.automation.models import AutomationConfig, AutomationRun
from igny8.automation.runs import active_run, cancel_run, config_of, pause_run, start_run
from igny8.automation.schedule import reschedule, start_due_runs
from igny8.core.clock import ManualClock
from igny8.sites.models import Site
from tests.factories import make_cluster, make_keyword, make_site

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

BEFORE_SIX = datetime(2026, 1, 5, 4, 59, tzinfo=UTC)
SIX = datetime(2026, 1, 5, 5, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def site(clock: ManualClock) -> Site:
    """A site in Berlin with something to do, to be looked after every day at six."""
    clock.time = BEFORE_SIX
    site = make_site(time_zone="Europe/Berlin")
    make_keyword(site)
    set_schedule(site, schedule="daily", schedule_time=time(6, 0))
    return site


def set_schedule(site: Site, **settings: object) -> AutomationConfig:
    config = config_of(site)
    for name, value in settings.items():
        setattr(config, name, value)
    config.save()
    reschedule(config)
    return config


def test_a_site_whose_zone_nobody_knows_keeps_no_other_from_its_slot(
    site: Site, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    """As after a move to a machine with older time zones."""
    first = AutomationConfig.objects.earliest("pk").site
    other = make_site(time_zone="Europe/Berlin")
    make_keyword(other)
    set_schedule(other, schedule="daily", schedule_time=time(6, 0))
    Site.objects.filter(pk=first.pk).update(time_zone="Mars/Olympus")
    clock.time = SIX

    start_due_runs()

    assert [run.site for run in AutomationRun.objects.all()] == [other]
    assert f"{first} was not looked after" in caplog.text


def runs_of(site: Site) -> list[AutomationRun]:
    return list(AutomationRun.objects.filter(site=site).order_by("pk"))


def end_run(site: Site) -> None:
    run = active_run(site)
    assert run is not None
    cancel_run(run)


def work_until(clock: ManualClock, end: datetime) -> None:
    while clock.time < end:
        clock.time += timedelta(hours=1)
        start_due_runs()


def test_a_run_starts_at_its_slot_and_not_before(site: Site, clock: ManualClock) -> None:
    start_due_runs()
    assert runs_of(site) == []

    clock.time = SIX
    start_due_runs()

    [run] = runs_of(site)
    assert run.trigger == AutomationRun.Trigger.SCHEDULE
    config = config_of(site)
    assert config.next_run_at == SIX + DAY
    assert config.last_check == f"Started run {run.pk} at 06:00"


def test_a_slot_starts_one_run_however_often_workers_look(site: Site, clock: ManualClock) -> None:
    clock.time = SIX
    for _ in range(5):
        start_due_runs()

    assert len(runs_of(site)) == 1


def test_a_worker_that_read_the_slot_before_another_took_it_does_nothing(
    site: Site, clock: ManualClock
) -> None:
    clock.time = SIX
    read_by_the_slow_worker = AutomationConfig.objects.select_related("site__account").get()
    start_due_runs()
    end_run(site)

    schedule._look_after(read_by_the_slow_worker, SIX)

    assert len(runs_of(site)) == 1
    assert config_of(site).slots_missed == 0


def test_a_claim_that_cannot_make_its_run_gives_the_slot_back(
    site: Site, clock: ManualClock
) -> None:
    clock.time = SIX
    with transaction.atomic():
        start_due_runs()
        transaction.set_rollback(True)
    assert runs_of(site) == []

    start_due_runs()

    assert len(runs_of(site)) == 1


def test_a_slot_is_not_held_while_the_keywords_are_grouped_for_the_estimate(
    site: Site, clock: ManualClock
) -> None:
    """Grouping takes longer than a transaction may."""
    clock.time = SIX
    with CaptureQueriesContext(connection) as asked:
        start_due_runs()

    [run] = runs_of(site)
    assert run.estimate["stages"][0]["items"] == 1
    statements = [query["sql"] for query in asked]
    claim = next(
        n for n, sql in enumerate(statements) if sql.startswith("UPDATE") and "next_run" in sql
    )
    assert not [sql for sql in statements[claim:] if 'FROM "igny8_keywords"' in sql]


def test_a_slot_that_meets_an_active_run_is_skipped_and_logged(
    site: Site, clock: ManualClock
) -> None:
    run = start_run(site)
    pause_run(run)
    clock.time = SIX

    start_due_runs()

    assert len(runs_of(site)) == 1
    assert f"Scheduled run of 06:00 skipped: run {run.pk} is paused" in messages(run)
    config = config_of(site)
    assert (config.slots_missed, config.next_run_at) == (1, SIX + DAY)
    assert config.last_check == f"Skipped 06:00: run {run.pk} is paused"


def test_pages_learn_of_a_skipped_slot(site: Site, clock: ManualClock) -> None:
    run = start_run(site)
    clock.time = SIX
    start_due_runs()

    before, run.version = run.version, 0
    run.refresh_from_db()
    assert run.version > before


def test_three_skipped_slots_in_a_row_are_told_once(site: Site, clock: ManualClock) -> None:
    run = start_run(site)
    work_until(clock, SIX + 4 * DAY)

    warnings = [line for line in messages(run, level="warning") if "in a row" in line]
    assert len(warnings) == 1
    assert warnings[0].startswith("3 scheduled runs in a row were skipped")
    assert config_of(site).slots_missed == 5


def test_a_slot_that_is_used_ends_the_row_of_skipped_ones(site: Site, clock: ManualClock) -> None:
    start_run(site)
    work_until(clock, SIX + DAY)
    end_run(site)
    work_until(clock, SIX + 2 * DAY)

    assert config_of(site).slots_missed == 0


def test_a_slot_with_nothing_pending_makes_no_run(site: Site, clock: ManualClock) -> None:
    site.keywords.all().delete()
    clock.time = SIX

    start_due_runs()

    assert runs_of(site) == []
    config = config_of(site)
    assert config.last_check == "Checked 06:00, nothing to do"
    assert config.last_checked_at == SIX
    assert config.next_run_at == SIX + DAY


def test_rows_that_need_attention_are_nothing_to_do(site: Site, clock: ManualClock) -> None:
    site.keywords.update(parked_at=clock.time, parked_code="bad_answer")
    clock.time = SIX

    start_due_runs()

    assert runs_of(site) == []


@pytest.mark.parametrize("away", [timedelta(hours=3), 5 * DAY, 400 * DAY])
def test_after_downtime_there_is_one_run_not_one_for_each_slot(
    site: Site, clock: ManualClock, away: timedelta
) -> None:
    clock.time = SIX + away + timedelta(minutes=7)
    start_due_runs()
    end_run(site)
    start_due_runs()

    assert len(runs_of(site)) == 1
    due = config_of(site).next_run_at
    assert due is not None
    assert clock.time < due <= clock.time + DAY + timedelta(hours=1)


def test_a_site_that_is_archived_gets_no_run(site: Site, clock: ManualClock) -> None:
    Site.objects.update(archived_at=clock.time)
    work_until(clock, SIX + DAY)

    assert runs_of(site) == []


def test_a_schedule_that_is_disabled_starts_nothing(site: Site, clock: ManualClock) -> None:
    AutomationConfig.objects.update(enabled=False)
    work_until(clock, SIX + DAY)

    assert runs_of(site) == []


def test_a_schedule_that_is_enabled_again_does_not_make_up_for_the_past(
    site: Site, clock: ManualClock
) -> None:
    set_schedule(site, enabled=False)
    assert config_of(site).next_run_at is None
    clock.time = SIX + 3 * DAY + timedelta(hours=2)

    set_schedule(site, enabled=True)
    start_due_runs()

    assert runs_of(site) == []
    assert config_of(site).next_run_at == SIX + 4 * DAY


def test_a_changed_time_zone_moves_the_next_slot(site: Site, clock: ManualClock) -> None:
    Site.objects.update(time_zone="America/New_York")

    start_due_runs()

    assert config_of(site).next_run_at == datetime(2026, 1, 5, 11, tzinfo=UTC)


def test_a_clock_that_was_years_ahead_does_not_stop_the_schedule(
    site: Site, clock: ManualClock
) -> None:
    clock.time = SIX + 3650 * DAY
    start_due_runs()
    end_run(site)
    clock.time = BEFORE_SIX + DAY

    start_due_runs()

    assert config_of(site).next_run_at == SIX + DAY


@pytest.mark.parametrize(
    ("name", "at", "first_days"),
    [
        ("America/New_York", time(2, 15), ["2026-03-06", "2026-10-30"]),
        ("Australia/Lord_Howe", time(2, 15), ["2026-04-03", "2026-10-02"]),
        ("Africa/Cairo", time(0, 15), ["2026-04-22", "2026-10-27"]),
    ],
)
def test_every_day_around_a_change_of_clocks_gets_one_run(
    clock: ManualClock, name: str, at: time, first_days: list[str]
) -> None:
    site = make_site(time_zone=name)
    make_keyword(site)
    for first in first_days:
        clock.time = datetime.fromisoformat(f"{first}T18:00:00Z")
        set_schedule(site, schedule="daily", schedule_time=at)
        AutomationRun.objects.all().delete()
        for _ in range(4 * 4):
            clock.time += timedelta(hours=6)
            start_due_runs()
            if active_run(site):
                end_run(site)

        days = [run.started_at.astimezone(site.zone).date() for run in runs_of(site)]
        assert len(days) == len(set(days)) == 4


def test_one_site_with_a_broken_schedule_does_not_hold_up_the_others(
    site: Site, clock: ManualClock
) -> None:
    broken = make_site()
    AutomationConfig.objects.create(
        site=broken, schedule="cron", schedule_cron="often", next_run_at=SIX
    )
    clock.time = SIX

    start_due_runs()

    assert len(runs_of(site)) == 1
    assert config_of(broken).last_check.startswith("“often” is no schedule")


def test_an_idle_look_at_the_schedules_is_one_query(
    site: Site, django_assert_num_queries: "DjangoAssertNumQueries"
) -> None:
    with django_assert_num_queries(1):
        start_due_runs()


def test_a_cron_expression_is_checked_at_its_field(site: Site) -> None:
    config = config_of(site)
    config.schedule, config.schedule_cron = AutomationConfig.Schedule.CRON, "61 * * * *"

    with pytest.raises(ValidationError) as refused:
        config.full_clean()

    assert list(refused.value.message_dict) == ["schedule_cron"]


def test_what_waits_behind_the_stage_to_stop_after_is_nothing_to_do(
    site: Site, clock: ManualClock
) -> None:
    site.keywords.all().delete()
    make_cluster(site)
    set_schedule(site, stop_after=1)
    clock.time = SIX

    start_due_runs()

    assert runs_of(site) == []


def messages(run: AutomationRun, *, level: str = "") -> list[str]:
    log = run.log.filter(level=level) if level else run.log.all()
    return list(log.order_by("pk").values_list("message", flat=True))
