"""An installation of an older version, with its rows, is brought up to date by what opens it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.installations import with_keywords

ROOT = Path(__file__).resolve().parents[2]
FIRST_RELEASES = (
    ("igny8_writer", "0003"),
    ("igny8_automation", "0001"),
    ("igny8_planner", "0003"),
    ("igny8_ai", "0003"),
    ("igny8_credits", "0002"),
)


@pytest.mark.slow
@pytest.mark.sqlite
def test_tables_full_of_rows_are_made_anew_though_triggers_name_them(tmp_path: Path) -> None:
    herbs = with_keywords(tmp_path / "data")
    herbs.call("run", "--site", "herbs", "--yes")
    for app, before in FIRST_RELEASES:
        command = [sys.executable, "manage.py", "migrate", app, before, "--verbosity", "0"]
        subprocess.run(command, check=True, cwd=ROOT, env=herbs.environment)
    assert ("reserved",) not in herbs.query("SELECT name FROM pragma_table_info('igny8_ai_calls')")

    assert "All 3" in herbs.call("doctor")
    [(articles,)] = herbs.query("SELECT COUNT(*) FROM igny8_content")
    assert articles > 0
    assert herbs.query("SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger'") != [(0,)]
