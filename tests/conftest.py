"""What every test stands on: its own data folder, no provider but the sample, sockets closed."""

import atexit
import os
import shutil
import tempfile

os.environ["IGNY8_DATA"] = _folder = tempfile.mkdtemp(prefix="igny8-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
for _name in [name for name in os.environ if name.startswith("IGNY8_OPENAI")]:
    del os.environ[_name]

from collections.abc import Callable, Iterator  # noqa: E402 - settings read the environment
from datetime import UTC, datetime  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import TYPE_CHECKING  # noqa: E402

import hypothesis  # noqa: E402
import pytest  # noqa: E402

# How long an example takes says how busy the machine is; speed belongs in bench/.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")

if TYPE_CHECKING:
    from pytest_django import Settings

    from igny8.automation.models import AutomationRun
    from igny8.core.clock import ManualClock


@pytest.fixture(autouse=True)
def media_folder(settings: "Settings", tmp_path: Path) -> Path:
    """Picture files of a test stay in its own folder; static ones are looked for when asked for,
    not all of them for every client."""
    settings.WHITENOISE_AUTOREFRESH = True
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return tmp_path / "media"


@pytest.fixture
def clock() -> Iterator["ManualClock"]:
    """A clock that moves only when somebody sleeps on it."""
    from igny8.core.clock import ManualClock, clock_set_to

    manual = ManualClock(datetime(2026, 1, 5, 9, 0, tzinfo=UTC))
    with clock_set_to(manual):
        yield manual


@pytest.fixture
def worker(db: None) -> str:
    """This process as a live worker, without a job engine."""
    from igny8.jobs import workers

    return workers.register()


@pytest.fixture
def drive(worker: str) -> Callable[["AutomationRun"], "AutomationRun"]:
    """Does what the engine does: takes the lease and advances until the runner has left."""
    from igny8.automation.generations import take_lease
    from igny8.automation.runner import LEFT, advance

    def to_the_end(run: "AutomationRun") -> "AutomationRun":
        run.refresh_from_db()
        lease = take_lease(run.pk, run.generation)
        assert lease is not None
        while advance(run.pk, lease) != LEFT:
            pass
        run.refresh_from_db()
        return run

    return to_the_end
