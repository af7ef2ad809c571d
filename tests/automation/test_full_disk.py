"""A disk that is full pauses the run, a lock that others keep is waited for: nothing is lost."""

import errno
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import OperationalError

from igny8.automation import batches
from igny8.automation.reconcile import reconcile
from igny8.automation.runs import start_run
from igny8.core.clock import ManualClock
from igny8.writer import pictures
from igny8.writer.models import Image
from tests.automation.conftest import Workflows
from tests.automation.world import (
    Watched,
    content_of,
    images_of,
    lines,
    site_with,
    states,
    task_of,
    until_it_rests,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "worker")]


def test_a_picture_that_cannot_be_stored_pauses_the_run_which_tries_again_by_itself(
    provider: Watched, no_engine: Workflows, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    site = site_with()
    images_of(content_of(site), 1)
    with monkeypatch.context() as patch:
        patch.setattr(pictures, "_write", no_room)
        run = until_it_rests(start_run(site, first_stage=6))
    assert (run.status, run.reason_code) == ("paused", "storage")
    assert "Make room on the disk" in run.reason
    assert states(run, 6) == ["queued"]

    clock.time += timedelta(minutes=5)
    reconcile()
    run = until_it_rests(run)

    assert run.status == "completed"
    assert Image.objects.get().status == "generated"
    assert provider.count("generate_images") == 1
    assert "Trying again by itself" in lines(run)


def test_a_full_database_pauses_the_run_and_costs_no_attempt(
    provider: Watched, no_engine: Workflows, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OperationalError("database or disk is full")

    site = site_with()
    task_of(site)
    with monkeypatch.context() as patch:
        patch.setattr(batches, "_finish_items", full)
        run = until_it_rests(start_run(site, first_stage=4, stop_after=4))

    assert (run.status, run.reason_code) == ("paused", "storage")
    assert states(run, 4) == ["queued"]
    assert run.wake_at is not None


def locked() -> OperationalError:
    """Another program, such as a backup, has kept SQLite's write lock for half a minute."""
    inner = sqlite3.OperationalError("database is locked")
    inner.sqlite_errorname = "SQLITE_BUSY"
    return _caused(OperationalError("database is locked"), inner)


def deadlocked() -> OperationalError:
    return _caused(OperationalError("deadlock detected"), psycopg.errors.DeadlockDetected())


def _caused(error: OperationalError, inner: Exception) -> OperationalError:
    error.__cause__ = inner
    return error


@pytest.mark.parametrize("trouble", [locked, deadlocked])
def test_a_lock_that_others_have_costs_no_attempt_however_often(
    trouble: Callable[[], OperationalError], provider: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was nobody's fault, least of all the row's."""
    site, times = site_with(), iter(range(6))
    task = task_of(site)
    finish = batches._finish_items

    def in_the_way(*arguments: Any) -> None:
        if next(times, None) is not None:
            raise trouble()
        finish(*arguments)

    monkeypatch.setattr(batches, "_finish_items", in_the_way)

    run = until_it_rests(start_run(site, first_stage=4, stop_after=4))

    task.refresh_from_db()
    assert (run.status, task.status, task.parked_code) == ("completed", "completed", "")
