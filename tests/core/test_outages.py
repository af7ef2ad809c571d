import errno
from datetime import timedelta

import psycopg
import pytest
from django.conf import settings
from django.db import InterfaceError, InternalError, OperationalError, connection, transaction

from igny8.core.clock import ManualClock
from igny8.core.outages import connection_is_cut, outlast, storage_trouble, was_in_the_way

pytestmark = pytest.mark.django_db


class Away:
    """A database that fails so many times before it answers."""

    def __init__(self, times: int, error: type[Exception] = OperationalError) -> None:
        self.times, self.error = times, error

    def __call__(self) -> str:
        if self.times:
            self.times -= 1
            raise self.error("the connection was closed")
        return "stored"


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_work_is_done_as_soon_as_the_database_is_back(
    error: type[Exception], clock: ManualClock
) -> None:
    assert outlast(Away(4, error)) == "stored"
    assert clock.slept == [0.1, 0.2, 0.4, 0.8]


def test_a_server_that_only_reads_since_another_took_over_is_away(clock: ManualClock) -> None:
    inner = psycopg.errors.ReadOnlySqlTransaction()

    class Demoted(InternalError):
        def __init__(self, said: str) -> None:
            super().__init__(said)
            self.__cause__ = inner

    assert outlast(Away(2, Demoted)) == "stored"
    assert connection_is_cut(Demoted("cannot execute UPDATE in a read-only transaction"))


def test_a_database_that_stays_away_is_an_error_in_the_end(clock: ManualClock) -> None:
    with pytest.raises(OperationalError):
        outlast(Away(1000), patience=timedelta(seconds=10))
    assert 10 <= sum(clock.slept) < 13


def test_other_errors_are_not_tried_again(clock: ManualClock) -> None:
    with pytest.raises(ValueError, match="closed"):
        outlast(Away(1, ValueError))
    assert clock.slept == []


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EROFS, "Read-only file system"),
        OperationalError("database or disk is full"),
    ],
)
def test_a_disk_that_takes_nothing_more_is_named(error: OSError | OperationalError) -> None:
    assert "Make room on the disk" in (storage_trouble(error) or "")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_who_has_a_lock_for_too_long_was_in_the_way() -> None:
    here = connection.settings_dict["NAME"]
    with psycopg.connect(settings.DATABASE_URL, dbname=here) as other:
        other.execute("SELECT pg_advisory_xact_lock(1)")
        with pytest.raises(OperationalError) as told:
            wait_for_a_lock()

    assert was_in_the_way(told.value)
    assert not was_in_the_way(OperationalError("the connection was closed"))


@transaction.atomic
def wait_for_a_lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = 50")
        cursor.execute("SELECT pg_advisory_xact_lock(1)")


@pytest.mark.parametrize("error", [ConnectionResetError(104, "reset"), OperationalError("locked")])
def test_other_trouble_is_none_of_the_disk(error: OSError | OperationalError) -> None:
    assert storage_trouble(error) is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_stood_still_is_cut_and_its_work_done_again() -> None:
    stood_still = iter([True])

    def work() -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET idle_in_transaction_session_timeout = 50")
            if next(stood_still, False):
                wait_until_it_is_cut(connection.connection.info.backend_pid)
            cursor.execute("SELECT 1")
            return int(cursor.fetchone()[0])

    assert outlast(work) == 1


def wait_until_it_is_cut(pid: int) -> None:
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as watcher:
        sleeping = "SELECT pg_sleep(0.05) FROM pg_stat_activity WHERE pid = %s"
        for _ in range(200):
            if not watcher.execute(sleeping, [pid]).fetchall():
                return
    raise TimeoutError("nobody cut it")
