"""kill -9 of the worker at random moments, again and again, until the work is done."""

import time
from collections import Counter
from functools import partial
from typing import Any

from igny8.automation.models import AutomationRun
from igny8.automation.parking import retry_parked
from igny8.automation.runs import start_run
from igny8.jobs.working import at_work
from igny8.sites.models import Site
from tests.automation.world import site_with, task_of
from tests.faults.children import Child
from tests.faults.invariants import left_behind_by
from tests.faults.lab import Facts, Lab
from tests.faults.stories import hasten, quick_duties, wait_for

KILLS = {"sqlite": 60, "postgresql": 40}
ARTICLES, LATENCY = 6, 0.02
SHORTEST, LONGEST, PATIENCE = 0.05, 1.6, 300.0
MADE = ("ideas", "tasks", "content", "images")
Run = AutomationRun


def run(lab: Lab, count: int) -> Facts:
    """World after world, until there were so many kills."""
    wanted = count or KILLS["postgresql" if lab.database.url else "sqlite"]
    undisturbed = prepare(lab, ARTICLES)
    total: Counter[str] = Counter()
    began = time.monotonic()
    while total["kills"] < wanted:
        total += one_life(lab, undisturbed, wanted - total["kills"])
        total["worlds"] += 1
    return {**total, "seconds": round(time.monotonic() - began)}


def prepare(lab: Lab, articles: int) -> Any:
    """A site with so much to write, its run started; returns what must come of it."""
    lab.prepare("writing", partial(_so_many_tasks, articles))
    lab.begin("writing", latency=0)
    made = lab.ask(work_until_over, PATIENCE)
    lab.check_books("undisturbed", kills=0)
    return made


def one_life(lab: Lab, undisturbed: Any, most: int) -> Counter[str]:
    """From the start to the end of one installation's work."""
    lab.begin("writing", latency=LATENCY)
    found: Counter[str] = Counter()
    made = None
    while made is None or lab.ask(try_again_what_was_parked):
        made = _live(found, lab, most)
    states = lab.check_books(f"after {found['kills']} kills", kills=found["kills"])
    if made != undisturbed:
        lab.violated(f"after {found['kills']} kills", ["not the same was made"])
    found.update(calls=len(lab.provider.accepted()), unknown=states["unknown"] + states["late"])
    return found


def _live(found: Counter[str], lab: Lab, most: int) -> Any:
    """One process, killed at a random moment unless it was done before; what it made."""
    worker = Child(work_until_over)
    if found["kills"] >= most:
        return worker.result(PATIENCE)
    moment = time.monotonic() + lab.chance.uniform(SHORTEST, LONGEST)
    while time.monotonic() < moment and not worker.is_over():
        time.sleep(0.01)
    if worker.is_over():
        return worker.result()
    worker.kill()
    found["kills"] += 1
    return None


def work_until_over() -> Any:
    """What `igny8 worker` does, hastened; what was made, None when it was thought dead."""
    hasten()
    with at_work(quick_duties()) as dead:
        wait_for(lambda: dead.is_set() or is_over(), PATIENCE)
    return _made() if is_over() else None


def is_over() -> bool:
    return not Run.objects.filter(status=Run.Status.RUNNING).exists()


def _made() -> Any:
    """The texts without their order: who was parked on the way was written last."""
    unfinished = Run.objects.exclude(status=Run.Status.COMPLETED)
    if unfinished.exists():
        raise AssertionError(f"a run is {unfinished[0].status}: {unfinished[0].reason}")
    facts = left_behind_by(Run.objects.latest("pk"))
    return {name: facts[name] for name in MADE}


def try_again_what_was_parked() -> bool:
    """Rows that were being worked on at three kills wait for a person; True when there are any."""
    site = Site.objects.get()
    if not any(retry_parked(site).values()):
        return False
    start_run(site, first_stage=4, stop_after=4)
    return True


def _so_many_tasks(articles: int) -> None:
    site = site_with()
    for number in range(articles):
        task_of(site, f"How to grow herb number {number}", sections=2)
    start_run(site, first_stage=4, stop_after=4)
