"""A disk that is full pauses the run, which loses nothing and goes on by itself."""

import errno
from datetime import timedelta

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
