"""The crash lab: `python -m tests.faults kills --count 1000 --database postgresql://...`.

Every trial works on a database of its own (SQLite unless a PostgreSQL server is named), with a
provider in its own process; it prints what it found as JSON and exits 1 when something was
violated. The trials are the modules of tests.faults.trials.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tests.faults.databases import Database, PostgresDatabase, SQLiteFiles
from tests.faults.provider_process import ProviderProcess

if TYPE_CHECKING:
    from tests.faults.lab import Lab


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trial")
    parser.add_argument("--database", default="", help="a PostgreSQL server; SQLite without it")
    parser.add_argument("--count", type=int, default=0, help="how often; 0: as the trial says")
    parser.add_argument("--seed", type=int, default=20261124)
    chosen = parser.parse_args()
    # Processes are killed here, not machines: what is written to memory outlives them.
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="igny8-lab-", dir=place))
    database = PostgresDatabase(chosen.database) if chosen.database else SQLiteFiles(folder)
    try:
        with ProviderProcess(folder / "journal.jsonl") as provider:
            return run_trial(chosen, folder, database, provider)
    finally:
        database.drop()
        shutil.rmtree(folder, ignore_errors=True)


def run_trial(
    chosen: argparse.Namespace, folder: Path, database: Database, provider: ProviderProcess
) -> int:
    _set_up(folder, database, provider)
    from tests.faults.lab import Lab

    lab = Lab(folder, database, provider, seed=chosen.seed)
    _import_what_it_needs(lab)
    trial = import_module(f"tests.faults.trials.{chosen.trial}")
    figures = trial.run(lab, chosen.count)
    report = {"violations": lab.violations, **figures}
    sys.stdout.write(json.dumps(report, indent=1, default=str) + "\n")
    return 1 if lab.violations else 0


def _set_up(folder: Path, database: Database, provider: ProviderProcess) -> None:
    """The product, as a process of this installation would find it; nothing is connected yet."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="igny8.config.settings",
        IGNY8_DATA=str(folder),
        DATABASE_URL=database.url,
        IGNY8_OPENAI_BASE_URL=provider.base_url,
        IGNY8_OPENAI_API_KEY="sk-lab",
        IGNY8_TEXT_MODEL="lab-model",
        IGNY8_IMAGE_MODEL="lab-image-model",
        NO_PROXY="127.0.0.1",
    )
    import django

    django.setup()


def _import_what_it_needs(lab: "Lab") -> None:
    """What a whole pipeline imports, once: each process is forked from this one."""
    from tests.faults.stories import STORIES

    lab.prepare("warm", STORIES[0].prepare)
    lab.begin("warm")
    needed = lab.ask(lambda: (STORIES[0].tell(), sorted(sys.modules))[1])
    for name in [*needed, "dbos"]:
        with suppress(ImportError):
            import_module(name)


if __name__ == "__main__":
    sys.exit(main())
