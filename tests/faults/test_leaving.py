"""The real worker leaves when it is asked to, and when it finds that it is thought dead."""

import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.config.installations import Installation, with_keywords
from tests.faults.provider_process import ProviderProcess

pytestmark = [pytest.mark.kill, pytest.mark.sqlite, pytest.mark.timeout(200)]

LONG_CALL, SOON = 30.0, 5.0
NEXT_BEAT = 10.0


@pytest.fixture
def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderProcess]:
    with ProviderProcess(tmp_path / "journal.jsonl") as running:
        monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", running.base_url)
        monkeypatch.setenv("IGNY8_OPENAI_API_KEY", "sk-test")
        monkeypatch.setenv("IGNY8_TEXT_MODEL", "lab-model")
        monkeypatch.setenv("IGNY8_IMAGE_MODEL", "lab-image-model")
        yield running


@pytest.fixture
def herbs(tmp_path: Path, provider: ProviderProcess) -> Installation:
    return with_keywords(tmp_path / "herbs")


def start_worker(installation: Installation) -> "subprocess.Popen[str]":
    worker = installation.start("worker")
    assert worker.stdout is not None
    assert "works" in worker.stdout.readline()
    return worker


def wait_until(happened: Callable[[], object], seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, f"nothing happened for {seconds:g} s"
        time.sleep(0.05)


def test_a_worker_leaves_within_five_seconds_in_the_middle_of_a_call(
    herbs: Installation, provider: ProviderProcess
) -> None:
    provider.begin_again(latency=LONG_CALL)
    worker = start_worker(herbs)
    follower = herbs.start("run", "--site", "herbs", "--yes")
    wait_until(provider.accepted)

    worker.send_signal(signal.SIGTERM)
    began = time.monotonic()
    worker.communicate(timeout=60)
    seconds = time.monotonic() - began
    follower.kill()
    follower.communicate()

    assert worker.returncode == 0
    assert seconds < SOON
    assert herbs.query("SELECT status FROM igny8_automation_runs") == [("running",)]
    assert not herbs.query("SELECT id FROM igny8_workers WHERE dead_at IS NULL")
    assert not herbs.query("SELECT id FROM igny8_keywords WHERE status <> 'new'")

    before = len(provider.accepted())
    provider.begin_again()
    herbs.call("run", "--site", "herbs", "--yes")
    assert herbs.query("SELECT status, reason FROM igny8_automation_runs") == [("completed", "")]
    [(lost,)] = herbs.query("SELECT COUNT(*) FROM igny8_ai_calls WHERE state = 'unknown'")
    assert lost == before == 1
    herbs.call("doctor")


def test_a_worker_that_finds_itself_dead_says_so_and_exits(herbs: Installation) -> None:
    worker = start_worker(herbs)
    with closing(sqlite3.connect(herbs.folder / "igny8.sqlite3", timeout=10)) as database:
        database.execute("UPDATE igny8_workers SET dead_at = seen_at")
        database.commit()
    _, said = worker.communicate(timeout=NEXT_BEAT)

    assert worker.returncode == 1
    assert "thought dead" in said
