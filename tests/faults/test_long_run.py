"""A run longer than one workflow's history goes from workflow to workflow without a rest."""

import contextlib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.kill, pytest.mark.timeout(200)]

HERBS = ("basil", "mint", "thyme", "rosemary", "sage", "chives", "dill", "parsley")
WITHOUT_RESTS = ("within_stage_delay=0", "between_stage_delay=0", "images_per_article=0")
SHORT_HISTORY = """
from datetime import timedelta
from igny8.cli.opening import open_database
open_database()
from igny8.automation import workflow
workflow.STEPS_A_WORKFLOW, workflow.STRETCH = 5, timedelta()
from igny8.cli import main
main()
"""


def test_a_long_run_is_handed_from_workflow_to_workflow_at_once(tmp_path: Path) -> None:
    keywords = tmp_path / "keywords.txt"
    keywords.write_text("".join(f"{herb} seeds for pots\n" for herb in HERBS), encoding="utf-8")
    data = tmp_path / "data"
    igny8(data, "from igny8.cli import main; main()", "import", str(keywords), "--site", "herbs")
    igny8(data, "from igny8.cli import main; main()", "config", "--site", "herbs", *WITHOUT_RESTS)
    done = igny8(data, SHORT_HISTORY, "run", "--site", "herbs", "--yes")

    assert "could not be handed over" not in done.stderr
    with contextlib.closing(sqlite3.connect(data / "igny8.sqlite3")) as database:
        [(generation, status)] = database.execute(
            "SELECT generation, status FROM igny8_automation_runs"
        ).fetchall()
    assert status == "completed"
    assert generation > 5


def igny8(data: Path, program: str, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        env={**os.environ, "IGNY8_DATA": str(data)},
        capture_output=True,
        text=True,
        check=True,
    )
