"""When a schedule's next slot is: arithmetic on local times, without rows and without a clock.

A local time that does not exist stands for the first minute after it that does; one that exists
twice stands for the first time.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from igny8.core.errors import UsageError

CRON = "cron"
CRON_FIELDS = 5
SOME_DAY = datetime(2026, 1, 1)
MINUTE = timedelta(minutes=1)


class ScheduleError(UsageError):
    """A schedule that cannot be understood, or that never comes."""


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """When somebody wants runs, in local time.

    `weekday` 0 is Monday; a `day` that a month does not have is the last one it has.
    """

    kind: str
    at: time = time(6)
    weekday: int = 0
    day: int = 1
    cron: str = ""


def next_slot(timetable: Timetable, after: datetime, zone: ZoneInfo) -> datetime | None:
    """The first slot later than `after`, in UTC; None when there is none.

    Raises ScheduleError when the cron expression is none.
    """
    start = after.astimezone(zone).replace(tzinfo=None)
    wanted = cron_times if timetable.kind == CRON else _times_of_days
    moments = (_moment(local, zone) for local in wanted(timetable, start))
    return next((moment for moment in moments if moment > after), None)


def check_cron(expression: str) -> None:
    """Raises ScheduleError, which says what is wrong with it."""
    if next(cron_times(Timetable(kind=CRON, cron=expression), SOME_DAY), None) is None:
        raise ScheduleError(f"“{expression}” never comes; choose another day or month.")


def cron_times(timetable: Timetable, start: datetime) -> Iterator[datetime]:
    """Local times after `start`; no local time is left out or doubled here."""
    expression = timetable.cron
    try:
        if len(expression.split()) != CRON_FIELDS:
            raise CronSimError("Wrong number of fields")
        times = CronSim(expression, start)
    except CronSimError as error:
        raise ScheduleError(
            f"“{expression}” is no schedule: {str(error).lower()}. Write minute, hour, day, month "
            "and weekday, like “30 6 * * 1-5” for 06:30 from Monday to Friday."
        ) from error
    yield from times


DAYS: Mapping[str, Callable[[Timetable, date], bool]] = {
    "daily": lambda timetable, day: True,
    "weekly": lambda timetable, day: day.weekday() == timetable.weekday,
    "monthly": lambda timetable, day: (
        day.day == min(timetable.day, monthrange(day.year, day.month)[1])
    ),
}


def _times_of_days(timetable: Timetable, start: datetime) -> Iterator[datetime]:
    is_wanted = DAYS.get(timetable.kind)
    if is_wanted is None:
        return
    at = timetable.at.replace(second=0, microsecond=0)
    for number in count():
        day = start.date() + timedelta(days=number)
        if is_wanted(timetable, day):
            yield datetime.combine(day, at)


def _moment(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC time of a local one."""
    while True:
        moment = local.replace(tzinfo=zone).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == local:
            return moment
        local += MINUTE
