"""A worker stands still for longer than its lease, another takes over, and it wakes up again."""

import signal
import time
from functools import partial
from typing import Any

from django.conf import settings

from igny8.ai.models import AICall
from igny8.automation.models import AutomationRun
from igny8.config.settings import IDLE_TIMEOUT
from igny8.jobs.models import Worker
from tests.faults.children import Child
from tests.faults.lab import Facts, Lab
from tests.faults.trials import kills

TIMES, ARTICLES = 50, 30
LATENCY, CUT_AFTER_MS = 0.08, 700
PATIENCE = 30.0


def run(lab: Lab, count: int) -> Facts:
    """So many times in as many worlds as it takes; there are always two workers."""
    wanted, done, worlds = count or TIMES, 0, 0
    undisturbed = kills.prepare(lab, ARTICLES)
    began = time.monotonic()
    while done < wanted:
        done += _one_world(lab, undisturbed, wanted - done)
        worlds += 1
    return {"zombies": done, "worlds": worlds, "seconds": round(time.monotonic() - began)}


def _one_world(lab: Lab, undisturbed: Any, most: int) -> int:
    lab.begin("writing", latency=LATENCY)
    crew = {child.pid: child for child in (_hire(), _hire())}
    stopped = 0
    while stopped < most and (holder := _holder(lab, crew)):
        if _stands_still(lab, crew, holder):
            stopped += 1
        for pid in [pid for pid, child in crew.items() if child.is_over()]:
            crew.pop(pid).wait()
        while len(crew) < 2:
            child = _hire()
            crew[child.pid] = child
    _finish(lab, crew, undisturbed, stopped)
    return stopped


def _hire() -> Child:
    return Child(work)


def work() -> Any:
    """A transaction that stands still is cut well before its worker counts as dead: as in the
    product, where these are 15 and 30 seconds."""
    options = settings.DATABASES["default"]["OPTIONS"]
    options["options"] = f"-c {IDLE_TIMEOUT}={CUT_AFTER_MS}"
    return kills.work_until_over()


def _holder(lab: Lab, crew: dict[int, Child]) -> dict[str, Any] | None:
    """Who carries the run now: its worker's id and process; None when the run is over."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found: Any = lab.ask(_who_carries)
        if found is None or found["pid"] in crew:
            return dict(found) if found else None
        time.sleep(0.05)
    raise TimeoutError("nobody carries the run")


def _who_carries() -> Any:
    run = AutomationRun.objects.latest("pk")
    if run.status != "running":
        return None
    worker = Worker.objects.alive().filter(pk=run.worker).values("id", "pid").first()
    return worker or {"id": "", "pid": 0}


def _stands_still(lab: Lab, crew: dict[int, Child], holder: dict[str, Any]) -> bool:
    """True when somebody else took over meanwhile; the zombie must find that out and leave."""
    time.sleep(lab.chance.uniform(0, 0.3))
    zombie = crew[holder["pid"]]
    zombie.send(signal.SIGSTOP)
    until = time.monotonic() + PATIENCE
    taken = False
    while not taken and time.monotonic() < until and not lab.ask(kills.is_over):
        taken = lab.ask(partial(is_replaced, holder["id"]))
    zombie.send(signal.SIGCONT)
    if taken:
        see_it_leave(lab, crew.pop(holder["pid"]), holder["id"])
    return taken


def see_it_leave(lab: Lab, zombie: Child, worker: str) -> None:
    """It finds out that it is dead, writes nothing and exits."""
    try:
        zombie.wait(PATIENCE)
    except TimeoutError:
        lab.violated(f"zombie {worker}", [f"it was still there after {PATIENCE:g} s"])
    lab.violated(f"zombie {worker}", lab.ask(partial(_written_by, worker)))


def is_replaced(worker: str) -> bool:
    dead = Worker.objects.filter(pk=worker).exclude(dead_at=None).exists()
    return dead and not AutomationRun.objects.filter(worker__in=["", worker]).exists()


def _written_by(worker: str) -> list[str]:
    """What it did after it was dead; only an answer that came late is booked, for it is paid."""
    dead_at = Worker.objects.values_list("dead_at", flat=True).get(pk=worker)
    claimed = AICall.objects.filter(worker=worker, sent_at__gt=dead_at)
    mine = AutomationRun.objects.filter(worker=worker)
    return [
        *(f"it claimed {key}" for key in claimed.values_list("key", flat=True)),
        *(f"it took run {pk}" for pk in mine.values_list("pk", flat=True)),
    ]


def _finish(lab: Lab, crew: dict[int, Child], undisturbed: Any, stopped: int) -> None:
    made = None
    for child in crew.values():
        made = child.result() or made
    while lab.ask(kills.try_again_what_was_parked):
        made = _hire().result()
    lab.check_books(f"after {stopped} zombies", kills=stopped)
    if made != undisturbed:
        lab.violated(f"after {stopped} zombies", ["not the same was made"])
