"""A run longer than one workflow's history goes from workflow to workflow without a rest."""

import contextlib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.kill, pytest.mark.timeout(200)]

SHORT_HISTORY = """
from datetime import timedelta
from igny8.cli.opening import open_database
open_database()
from igny8.automation import workflow
workflow.STEPS_A_WORKFLOW, workflow.STRETCH = 40, timedelta()
from igny8.cli import main
main()
"""


def test_a_long_run_is_handed_from_workflow_to_workflow_at_once(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHORT_HISTORY, "demo"],
        env={**os.environ, "IGNY8_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0
    assert "could not be handed over" not in done.stderr
    with contextlib.closing(sqlite3.connect(tmp_path / "igny8.sqlite3")) as database:
        [(generation, status)] = database.execute(
            "SELECT generation, status FROM igny8_automation_runs"
        ).fetchall()
    assert status == "completed"
    assert generation > 5
