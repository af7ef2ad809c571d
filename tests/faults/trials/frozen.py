"""A worker stands still in a transaction, with its locks: it is replaced as fast as any other."""

import os
import signal
import time
from functools import partial
from pathlib import Path
from typing import Any

from igny8.core import crashpoints
from igny8.jobs.models import Worker
from tests.faults.children import Child
from tests.faults.lab import Facts, Lab
from tests.faults.trials import kills, zombies

ARTICLES = 3
PLACES = ("begin written", "claim call written", "book answer written", "settle written")
SOON = 15.0


def run(lab: Lab, count: int) -> Facts:
    """Between each of these writes and its commit, once."""
    undisturbed = kills.prepare(lab, ARTICLES)
    places = PLACES[: count or None]
    return {"replaced_after": {name: _replaced_after(lab, name, undisturbed) for name in places}}


def _replaced_after(lab: Lab, place: str, undisturbed: Any) -> float:
    lab.begin("writing", latency=zombies.LATENCY)
    frozen = Child(partial(_work_until, place))
    _wait_until_it_stands_still(frozen)
    worker, began = lab.ask(partial(_worker_of, frozen.pid)), time.monotonic()
    other = Child(zombies.work)
    while not (replaced := lab.ask(partial(zombies.is_replaced, worker))):
        if time.monotonic() > began + SOON:
            lab.violated(f"frozen at {place}", ["its lock kept the others from taking its run"])
            break
    seconds = time.monotonic() - began
    frozen.send(signal.SIGCONT)
    if replaced:
        zombies.see_it_leave(lab, frozen, worker)
        _finish(lab, place, other, undisturbed)
    else:
        frozen.kill()
        other.kill()
    return round(seconds, 1)


def _work_until(place: str) -> Any:
    left = [place]

    def stand_still(name: str) -> None:
        if name in left:
            left.clear()
            os.kill(os.getpid(), signal.SIGSTOP)
            time.sleep(0.2)  # the other threads may be stopped first

    crashpoints.arm(stand_still)
    return zombies.work()


def _wait_until_it_stands_still(child: Child) -> None:
    until = time.monotonic() + zombies.PATIENCE
    while Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        if time.monotonic() > until:
            raise TimeoutError("it never came there")
        time.sleep(0.02)


def _worker_of(pid: int) -> str:
    return Worker.objects.values_list("pk", flat=True).get(pid=pid)


def _finish(lab: Lab, place: str, other: Child, undisturbed: Any) -> None:
    made = other.result()
    lab.check_books(f"frozen at {place}", kills=1)
    if made != undisturbed:
        lab.violated(f"frozen at {place}", ["not the same was made"])
