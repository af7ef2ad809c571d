"""`/healthz` and what `doctor` says of an installation that runs."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from igny8.automation.models import AutomationRun
from igny8.config import operating
from igny8.config.installation import backing_up
from igny8.core import clock as product_clock
from igny8.core.clock import ManualClock
from igny8.jobs.models import Worker
from tests.factories import make_site

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: "Settings", tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    settings.ENGINE_FILE = tmp_path / "igny8.engine.sqlite3"
    return tmp_path


def wrong(client: Client) -> dict[str, str]:
    """What is not well, by name; the answer's status agrees with it."""
    answer = client.get("/healthz")
    found = answer.json()
    bad = {check["name"]: check["detail"] for check in found["checks"] if not check["ok"]}
    assert found["ok"] is (not bad)
    assert answer.status_code == (503 if bad else 200)
    return bad


def test_a_new_installation_is_well(client: Client) -> None:
    assert wrong(client) == {}


def test_a_database_that_is_away_is_said_without_its_address(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("connection to db.example as igny8 with password secret failed")

    monkeypatch.setattr(operating, "select_rows", refuse)
    bad = wrong(client)
    assert set(bad) == {"database"}
    assert "example" not in str(bad)
    assert "secret" not in str(bad)


def test_a_run_in_nobodys_hands_is_said(client: Client, clock: ManualClock) -> None:
    AutomationRun.objects.create(site=make_site())
    assert wrong(client) == {}

    clock.sleep(120)
    AutomationRun.objects.update(updated_at=clock.now() - timedelta(seconds=90))
    assert "start igny8 worker" in wrong(client)["workers"]


def test_a_full_disk_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operating, "LEAST_FREE_BYTES", 1 << 60)
    assert "make room" in wrong(client)["disk"]


def test_missing_changes_of_the_schema_are_said(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("igny8_jobs", "0001_initial")
    assert "igny8_jobs.0001_initial" in wrong(client)["schema"]


def test_a_database_of_a_newer_version_is_said(client: Client) -> None:
    MigrationRecorder(connection).record_applied("igny8_jobs", "9999_from_the_future")
    assert "newer IGNY8" in wrong(client)["schema"]


def test_a_heartbeat_from_the_future_is_a_wrong_clock() -> None:
    Worker.objects.create(pk="w", host="h", pid=1)
    assert operating.clocks().ok
    Worker.objects.update(seen_at=product_clock.now() + timedelta(minutes=5))
    found = operating.clocks()
    assert not found.ok
    assert "NTP" in found.detail


def test_a_backup_that_grew_old_is_said_but_none_is_a_choice(clock: ManualClock) -> None:
    assert operating.backup().ok
    backing_up._note_file().write_text(f'{{"made_at": "{clock.now():%Y-%m-%dT%H:%M:%SZ}"}}')
    assert operating.backup().ok
    clock.sleep(timedelta(days=9).total_seconds())
    assert not operating.backup().ok


@pytest.mark.sqlite
def test_an_engine_file_that_is_damaged_is_said_with_what_to_do(folder: Path) -> None:
    assert operating.engine().ok
    (folder / "igny8.engine.sqlite3").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    found = operating.engine()
    assert not found.ok
    assert "igny8.engine.sqlite3" in found.detail
