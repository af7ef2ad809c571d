"""What importing 100,000 keywords costs: `python -m bench.keyword_import [rows]`.

Time beside one `executemany` of the same rows, already parsed, in one transaction on an empty copy
of the same SQLite file: same table, indexes, triggers and pragmas. The import reads and checks the
file, finds duplicates, keeps the tool's figures and commits chunk by chunk. A second process that
wants to write tells how long the write lock was held.
"""

import csv
import multiprocessing
import random
import resource
import shutil
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from bench.installation import open_installation

ROUNDS = 5
PROBE_EVERY = 0.0005
PROBE_START = 30
KEYWORDS_EXPLORER = "google_us_herb-garden_matching-terms_2026-05-02_10-11-12.csv"
MAGIC_TOOL = "herb-garden_broad-match_us_2026-05-01.csv"
WORDS = (
    "herb", "garden", "basil", "mint", "grow", "light", "indoor", "kit", "pot", "soil", "seeds",
    "kitchen", "wall", "hydroponic", "rosemary", "thyme", "best", "cheap", "how to", "water",
    "window", "shelf", "balcony", "small", "large", "led", "lamp", "timer", "guide", "care", "tips",
)  # fmt: skip
VOLUMES = ("10", "20", "50", "90", "110", "1300", "22200", "0-10", "")
INTENTS = ("Informational", "Commercial,Non-branded", "Transactional", "Navigational,Branded")
INSERT = "INSERT INTO igny8_keywords ({}) VALUES ({})"


def main(rows: int) -> None:
    bench = Bench(Path(open_installation()))
    ahrefs, semrush = write_exports(bench.folder, rows)
    with bench.fresh():
        before = peak_megabytes()
        bring_in(ahrefs)
        grown = peak_megabytes() - before
        parsed = stored_rows()
    rounds = [bench.compare(ahrefs, parsed) for _ in range(ROUNDS)]
    raw, ours = (median(each) for each in zip(*rounds, strict=True))
    ratio = median(Cost(ours.wall / raw.wall, ours.cpu / raw.cpu) for raw, ours in rounds)
    print(f"{rows:,} keywords, median of {ROUNDS} rounds")
    print(f"  raw executemany  {raw.wall:6.2f} s   {raw.cpu:6.2f} s CPU")
    print(f"  import           {ours.wall:6.2f} s   {ours.cpu:6.2f} s CPU")
    print(f"  ratio            {ratio.wall:6.2f}     {ratio.cpu:6.2f}      (limit 2.5)")
    print(f"  memory           {grown:+6.0f} MB              (limit +60)")
    with bench.fresh():
        for name, path in (("new", ahrefs), ("again", ahrefs), ("second tool", semrush)):
            wall, longest = bench.probed(path)
            print(f"  {name:<16} {wall:6.2f} s   {1000 * longest:6.0f} ms lock  (limit 100)")
    shutil.rmtree(bench.folder)


@dataclass(frozen=True)
class Cost:
    """Seconds."""

    wall: float
    cpu: float


class Bench:
    """An empty, migrated database that every measurement starts from."""

    def __init__(self, folder: Path) -> None:
        from django.db import connection

        from igny8.accounts.models import Account
        from igny8.sites.models import Site

        Site.objects.create(account=Account.objects.create(name="Bench"), slug="bench")
        connection.close()
        self.folder = folder
        self.database = Path(str(connection.settings_dict["NAME"]))
        self.empty = folder / "empty"
        shutil.copy(self.database, self.empty)

    @contextmanager
    def fresh(self) -> Iterator[None]:
        from django.db import connection

        for left in self.folder.glob(f"{self.database.name}*"):
            left.unlink()
        shutil.copy(self.empty, self.database)
        connection.ensure_connection()
        yield
        connection.close()

    def compare(self, path: Path, parsed: "Parsed") -> tuple[Cost, Cost]:
        """Of the raw insert and of the import."""
        with self.fresh():
            raw = cost_of(lambda: insert_raw(parsed))
        with self.fresh():
            return raw, cost_of(lambda: bring_in(path))

    def probed(self, path: Path) -> tuple[float, float]:
        """Seconds of an import, and the longest that another process waited for the write lock."""
        spawn = multiprocessing.get_context("spawn")
        ready, stop, waits = spawn.Event(), spawn.Event(), spawn.Queue()
        other = spawn.Process(target=probe, args=(self.database, ready, stop, waits))
        other.start()
        if not ready.wait(PROBE_START):
            raise SystemExit("the second process did not start")
        took = cost_of(lambda: bring_in(path))
        stop.set()
        longest = waits.get()
        other.join()
        return took.wall, longest


def probe(database: Path, ready: Event, stop: Event, waits: "Queue[float]") -> None:
    connection = sqlite3.connect(database, timeout=0, isolation_level=None)
    longest = 0.0
    ready.set()
    while not stop.is_set():
        longest = max(longest, cost_of(lambda: take_lock(connection)).wall)
        time.sleep(PROBE_EVERY)
    waits.put(longest)


def take_lock(connection: sqlite3.Connection) -> None:
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            time.sleep(PROBE_EVERY)
        else:
            connection.execute("ROLLBACK")
            return


@dataclass(frozen=True)
class Parsed:
    """Keywords as columns and rows of their table, without ids."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]] = field(repr=False)


def stored_rows() -> Parsed:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM igny8_keywords ORDER BY id")
        columns = tuple(each[0] for each in cursor.description)
        return Parsed(columns[1:], [row[1:] for row in cursor.fetchall()])


def insert_raw(parsed: Parsed) -> None:
    from django.db import connection

    places = ",".join("?" * len(parsed.columns))
    raw: sqlite3.Connection = connection.connection
    raw.execute("BEGIN IMMEDIATE")
    raw.executemany(INSERT.format(",".join(parsed.columns), places), parsed.rows)
    raw.execute("COMMIT")


def bring_in(path: Path) -> None:
    from igny8.intake import open_export
    from igny8.planner.keyword_import import import_keywords
    from igny8.sites.models import Site

    import_keywords(Site.objects.get(), open_export(path))


def cost_of(work: Callable[[], object]) -> Cost:
    began, used = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - began, time.process_time() - used)


def median(costs: Iterable[Cost]) -> Cost:
    walls, cpus = zip(*((each.wall, each.cpu) for each in costs), strict=True)
    return Cost(statistics.median(walls), statistics.median(cpus))


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def write_exports(folder: Path, rows: int) -> tuple[Path, Path]:
    """The same keywords from two tools, with other figures."""
    draw = random.Random(7)
    ahrefs, semrush = folder / KEYWORDS_EXPLORER, folder / MAGIC_TOOL
    keywords = [
        f"{' '.join(draw.choices(WORDS, k=draw.randint(2, 5)))} {number}" for number in range(rows)
    ]
    write(ahrefs, (
        {
            "#": number, "Keyword": keyword, "Country": "us", "Difficulty": draw.randint(0, 100),
            "Volume": draw.choice(VOLUMES), "CPC": f"{draw.random() * 5:.2f}", "CPS": "1.01",
            "Parent Keyword": " ".join(draw.choices(WORDS, k=2)),
            "Last Update": "2026-05-01 10:00:00", "SERP Features": "Sitelinks,People also ask",
            "Global volume": draw.randint(0, 99_999), "Traffic potential": 300,
            "First seen": "2015-09-01", "Intents": draw.choice(INTENTS),
        }
        for number, keyword in enumerate(keywords, 1)
    ))  # fmt: skip
    write(semrush, (
        {
            "Keyword": keyword, "Intent": draw.choice(("Informational", "Commercial", "")),
            "Volume": draw.randint(0, 99_999), "Keyword Difficulty": draw.randint(0, 100),
            "CPC (USD)": f"{draw.random() * 5:.2f}", "Competitive Density": "0.5",
            "SERP Features": "Image", "Number of Results": 1_000_000,
        }
        for keyword in keywords
    ))  # fmt: skip
    return ahrefs, semrush


def write(path: Path, rows: Iterator[dict[str, object]]) -> None:
    first = next(rows)
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, tuple(first))
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
