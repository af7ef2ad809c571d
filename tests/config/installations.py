"""Whole installations, used through the real command."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

IGNY8 = Path(sys.executable).parent / "igny8"
PHRASES = (
    "how to plant tomato seeds",
    "when to plant tomato seeds",
    "best fertilizer for basil",
    "organic fertilizer for basil",
)


@dataclass(frozen=True)
class Installation:
    """On SQLite in its folder, or on PostgreSQL when it has an address."""

    folder: Path
    address: str = ""

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "IGNY8_DATA": str(self.folder), "DATABASE_URL": self.address}

    def start(self, *words: str) -> "subprocess.Popen[str]":
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [IGNY8, *words], env=self.environment, stdout=pipe, stderr=pipe, text=True
        )

    def call(self, *words: str, status: int = 0) -> str:
        """What it says, standard error last; it must end with that status."""
        process = self.start(*words)
        out, err = process.communicate(timeout=120)
        assert process.returncode == status, f"igny8 {' '.join(words)}: {out}{err}"
        return out + err

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        if self.address:
            import psycopg

            with psycopg.connect(self.address) as database:
                return database.execute(statement).fetchall()
        with closing(sqlite3.connect(self.folder / "igny8.sqlite3", timeout=10)) as database:
            return database.execute(statement).fetchall()


def with_keywords(folder: Path, *settings: str) -> Installation:
    """A site `herbs` that nobody has worked on yet."""
    folder.mkdir(parents=True, exist_ok=True)
    keywords = folder / "keywords.txt"
    keywords.write_text("\n".join(PHRASES))
    installation = Installation(folder)
    installation.call("import", str(keywords), "--site", "herbs")
    chosen = ("within_stage_delay=0", "between_stage_delay=0", "images_per_article=1", *settings)
    installation.call("config", "--site", "herbs", *chosen)
    return installation


def end_state(installation: Installation) -> list[list[tuple[Any, ...]]]:
    """What a run leaves, without ids and times."""
    return [
        sorted(installation.query(statement), key=repr)
        for statement in (
            "SELECT k.keyword, k.status, c.name FROM igny8_keywords k "
            "LEFT JOIN igny8_clusters c ON c.id = k.cluster_id",
            "SELECT title, status FROM igny8_content_ideas",
            "SELECT title, slug, body, status FROM igny8_content",
            "SELECT slot, prompt, alt, status, sha256 FROM igny8_images",
            "SELECT status, reason, percent FROM igny8_automation_runs",
            "SELECT stage, state, COUNT(*) FROM igny8_run_items GROUP BY 1, 2",
            "SELECT key, COUNT(*) FROM igny8_ai_calls WHERE state = 'used' "
            "AND key NOT LIKE '%:%' GROUP BY 1 HAVING COUNT(*) > 1",
        )
    ]
