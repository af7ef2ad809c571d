from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8.automation.slots import ScheduleError, Timetable, check_cron, next_slot

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
ZONES = (
    *("UTC", "Europe/Berlin", "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Athens"),
    *("Europe/Kyiv", "Europe/Istanbul", "Atlantic/Azores", "Africa/Cairo", "Africa/Casablanca"),
    *("Africa/Johannesburg", "Asia/Beirut", "Asia/Jerusalem", "Asia/Kolkata", "Asia/Kathmandu"),
    *("Asia/Tokyo", "Asia/Tehran", "Australia/Sydney", "Australia/Adelaide", "Pacific/Auckland"),
    *("Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Kiritimati", "America/New_York"),
    *("America/St_Johns", "America/Havana", "America/Santiago", "America/Los_Angeles"),
    *("America/Sao_Paulo", "America/Nuuk", "Antarctica/Troll"),
)
TIMES = (time(0, 0), time(0, 30), time(1, 30), time(2, 0), time(2, 30), time(3, 0), time(6, 0))
FIRST, LAST = datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2028, 1, 1, 12, tzinfo=UTC)


def slots(timetable: Timetable, zone: ZoneInfo, start: datetime, end: datetime) -> list[datetime]:
    found = []
    while (slot := next_slot(timetable, start, zone)) is not None and slot < end:
        found.append(slot)
        start = slot
    return found


def days_between(first: datetime, last: datetime) -> list[date]:
    return [first.date() + timedelta(days=n) for n in range((last.date() - first.date()).days + 1)]


def local(slot: datetime | None, zone: ZoneInfo) -> str:
    assert slot is not None
    return f"{slot.astimezone(zone):%a %Y-%m-%d %H:%M}"


def test_a_schedule_that_is_off_has_no_slot() -> None:
    assert next_slot(Timetable(kind="off"), FIRST, BERLIN) is None


def test_a_daily_slot_is_at_the_same_local_time_in_winter_and_in_summer() -> None:
    daily = Timetable(kind="daily", at=time(6, 0))

    assert next_slot(daily, datetime(2026, 1, 10, tzinfo=UTC), BERLIN) == datetime(
        2026, 1, 10, 5, tzinfo=UTC
    )
    assert next_slot(daily, datetime(2026, 7, 10, tzinfo=UTC), BERLIN) == datetime(
        2026, 7, 10, 4, tzinfo=UTC
    )


def test_the_next_slot_is_later_than_the_moment_asked_for() -> None:
    daily = Timetable(kind="daily", at=time(6, 0))
    slot = datetime(2026, 1, 10, 5, tzinfo=UTC)

    assert next_slot(daily, slot - timedelta(microseconds=1), BERLIN) == slot
    assert next_slot(daily, slot, BERLIN) == slot + timedelta(days=1)


@pytest.mark.parametrize("name", ZONES)
def test_every_day_of_two_years_has_exactly_one_daily_slot(name: str) -> None:
    zone = ZoneInfo(name)
    for at in TIMES:
        found = slots(Timetable(kind="daily", at=at), zone, FIRST, LAST)

        days = [slot.astimezone(zone).date() for slot in found]
        assert days == days_between(found[0].astimezone(zone), found[-1].astimezone(zone))
        assert len(found) in (729, 730)
        assert all(slot.astimezone(zone).time() >= at for slot in found)


@pytest.mark.parametrize("name", ZONES)
def test_a_cron_expression_for_a_time_of_day_means_the_same_as_daily(name: str) -> None:
    zone = ZoneInfo(name)
    start, end = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
    daily = Timetable(kind="daily", at=time(2, 30))

    assert slots(Timetable(kind="cron", cron="30 2 * * *"), zone, start, end) == slots(
        daily, zone, start, end
    )


def test_a_time_that_does_not_exist_runs_at_the_first_minute_that_does() -> None:
    daily = Timetable(kind="daily", at=time(2, 30))

    found = next_slot(daily, datetime(2026, 3, 29, 0, tzinfo=UTC), BERLIN)

    assert found == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert local(found, BERLIN) == "Sun 2026-03-29 03:00"


def test_a_time_that_exists_twice_runs_the_first_time() -> None:
    daily = Timetable(kind="daily", at=time(1, 30))

    first = next_slot(daily, datetime(2026, 11, 1, 4, tzinfo=UTC), NEW_YORK)
    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert local(next_slot(daily, first, NEW_YORK), NEW_YORK) == "Mon 2026-11-02 01:30"


def test_minutes_that_come_again_when_clocks_go_back_make_no_second_run() -> None:
    every_half_hour = Timetable(kind="cron", cron="*/30 * * * *")
    start = datetime(2026, 11, 1, 4, 45, tzinfo=UTC)

    found = slots(every_half_hour, NEW_YORK, start, start + timedelta(hours=3))

    assert [local(slot, NEW_YORK)[-5:] for slot in found] == ["01:00", "01:30", "02:00", "02:30"]


def test_minutes_that_clocks_jump_over_make_one_run() -> None:
    often = Timetable(kind="cron", cron="*/10 2 * * *")
    start = datetime(2026, 3, 8, 5, tzinfo=UTC)

    found = slots(often, NEW_YORK, start, start + timedelta(hours=12))

    assert [local(slot, NEW_YORK) for slot in found] == ["Sun 2026-03-08 03:00"]


def test_a_weekly_slot_keeps_its_weekday() -> None:
    mondays = Timetable(kind="weekly", weekday=0, at=time(23, 30))
    auckland = ZoneInfo("Pacific/Auckland")

    found = slots(mondays, auckland, FIRST, LAST)

    assert {slot.astimezone(auckland).weekday() for slot in found} == {0}
    assert len(found) == 104


def test_day_31_is_the_last_day_of_each_month_also_in_a_leap_year() -> None:
    monthly = Timetable(kind="monthly", day=31)
    start, end = datetime(2028, 1, 15, tzinfo=UTC), datetime(2028, 6, 15, tzinfo=UTC)

    found = [slot.day for slot in slots(monthly, ZoneInfo("UTC"), start, end)]

    assert found == [31, 29, 31, 30, 31]


def test_day_30_comes_in_february_too() -> None:
    monthly = Timetable(kind="monthly", day=30)

    found = next_slot(monthly, datetime(2027, 2, 1, tzinfo=UTC), ZoneInfo("UTC"))

    assert found == datetime(2027, 2, 28, 6, tzinfo=UTC)


def test_cron_knows_weekdays_steps_and_names() -> None:
    zone = ZoneInfo("UTC")
    start = datetime(2026, 1, 3, 12, tzinfo=UTC)

    for expression, expected in {
        "30 6 * * 1-5": "Mon 2026-01-05 06:30",
        "0 */6 * * *": "Sat 2026-01-03 18:00",
        "0 8 1 feb *": "Sun 2026-02-01 08:00",
        "0 0 29 2 *": "Tue 2028-02-29 00:00",
        "15 9 L * *": "Sat 2026-01-31 09:15",
    }.items():
        assert local(next_slot(Timetable(kind="cron", cron=expression), start, zone), zone) == (
            expected
        )


@pytest.mark.parametrize(
    "expression", ["", "daily", "* * * *", "0 0 6 * * *", "61 * * * *", "0 24 * * *", "@daily"]
)
def test_what_is_no_cron_expression_is_answered_with_an_example(expression: str) -> None:
    with pytest.raises(ScheduleError, match=r"is no schedule: .* like “30 6"):
        check_cron(expression)


def test_a_cron_expression_that_never_comes_is_refused() -> None:
    with pytest.raises(ScheduleError, match="30 2"):
        check_cron("0 0 30 2 *")


@given(
    at=st.times(),
    kind=st.sampled_from(["daily", "weekly", "monthly", "cron"]),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    after=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
)
def test_no_slot_lies_between_a_moment_and_the_next_slot(
    at: time, kind: str, zone: ZoneInfo, after: datetime
) -> None:
    timetable = Timetable(kind=kind, at=at, weekday=6, day=31, cron="*/20 1-3 * * *")

    slot = next_slot(timetable, after, zone)

    assert slot is not None
    assert slot > after
    half = after + (slot - after) / 2
    assert next_slot(timetable, half, zone) == slot
