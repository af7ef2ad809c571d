"""The command, called in this process on a data folder of the test's own."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from typer.testing import CliRunner, Result

from igny8.automation.models import AutomationRun
from igny8.automation.runs import start_run
from igny8.sites.models import Site
from tests.automation.world import phrases, site_with

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings


class Command(Protocol):
    def __call__(self, *words: str, stdin: str = "") -> Result: ...


@pytest.fixture
def data_folder(settings: "Settings", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setenv("IGNY8_DATA", str(settings.DATA_DIR))
    return tmp_path / "data"


@pytest.fixture
def igny8(db: None, data_folder: Path) -> Command:
    """Runs one subcommand; its result has `exit_code`, `stdout` and `stderr`."""
    from igny8.cli import app

    def call(*words: str, stdin: str = "") -> Result:
        return CliRunner().invoke(app, list(words), input=stdin, prog_name="igny8")

    return call


@pytest.fixture
def garden(db: None) -> Site:
    """A site with keywords that nobody has worked on yet; each article gets one image."""
    return site_with(phrases(3))


@pytest.fixture
def finished(garden: Site, drive: Callable[[AutomationRun], AutomationRun]) -> AutomationRun:
    """A run of the garden that reached the gate."""
    return drive(start_run(garden))
