"""With the product's own heartbeat and duties: what is lost is taken up within a minute."""

import sqlite3
import threading
import time
from contextlib import closing
from functools import partial
from pathlib import Path

from django.db.models import F

from igny8.ai.booking import reservation_of
from igny8.ai.models import AICall
from igny8.automation.models import AutomationRun
from igny8.automation.workflow import DUTIES
from igny8.core import crashpoints
from igny8.credits.models import CreditReservation
from igny8.jobs import engine
from igny8.jobs.models import Worker
from igny8.jobs.working import at_work
from tests.faults.children import Child, ChildFailedError
from tests.faults.lab import Facts, Lab
from tests.faults.stories import hasten, quick_duties, wait_for
from tests.faults.trials import kills

MINUTE, SOON = 60.0, 25.0
LATENCY = 0.5
TAKES_NOTHING = """
CREATE TRIGGER takes_nothing BEFORE UPDATE ON workflow_status
BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END
"""
TAKES_ALL = "DROP TRIGGER takes_nothing"


def run(lab: Lab, count: int) -> Facts:
    """A workflow that ended by an error; on PostgreSQL also a killed worker beside a live one, on
    SQLite also one whose end could not even be recorded."""
    kills.prepare(lab, 2)
    found = {"error_taken_up_after": _after_an_error(lab)}
    if lab.database.url:
        found |= _after_a_kill(lab)
    else:
        found["unrecorded_end_taken_up_after"] = _after_an_unrecorded_end(lab)
    lab.violated("took", [f"{name} {s} s" for name, s in found.items() if s > MINUTE])
    return found


def work() -> None:
    """`igny8 worker`, until the run is over."""
    with at_work(DUTIES) as dead:
        wait_for(lambda: dead.is_set() or kills.is_over(), 3 * MINUTE)


def _after_an_error(lab: Lab) -> float:
    lab.begin("writing")

    def work_and_fail_once() -> None:
        left = ["settle written"]

        def fail(name: str) -> None:
            if name in left:
                left.clear()
                raise RuntimeError("a fault of the product")

        crashpoints.arm(fail)
        work()

    worker = Child(work_and_fail_once)
    _wait_until(lab, lambda: len(lab.provider.accepted()) >= 1)
    began = time.monotonic()
    worker.result(3 * MINUTE)
    lab.check_books("after an error", kills=0)
    return round(time.monotonic() - began, 1)


def _after_an_unrecorded_end(lab: Lab) -> float:
    """The engine's file takes nothing while a workflow ends: its worker lives on without it."""
    lab.begin("writing")
    file = lab.folder / "igny8.engine.sqlite3"

    def work_and_fail_in_silence() -> None:
        hasten()
        engine.GONE_AFTER_SECONDS = 1.0
        left = ["settle written"]

        def fail(name: str) -> None:
            if name in left:
                left.clear()
                _tell(file, TAKES_NOTHING)
                threading.Timer(1.0, _tell, (file, TAKES_ALL)).start()
                raise RuntimeError("a fault of the product")

        crashpoints.arm(fail)
        with at_work(quick_duties()):
            wait_for(kills.is_over, SOON)

    began = time.monotonic()
    try:
        lab.ask(work_and_fail_in_silence)
    except ChildFailedError:
        lab.violated("after an end that was not recorded", ["nobody took the run up again"])
    else:
        lab.check_books("after an end that was not recorded", kills=0)
    return round(time.monotonic() - began, 1)


def _tell(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file, timeout=10)) as database:
        database.execute(statement)
        database.commit()


def _after_a_kill(lab: Lab) -> dict[str, float]:
    """Its run is asked for by another worker, and what it had set aside is free again."""
    lab.begin("writing", latency=LATENCY)
    crew = {child.pid: child for child in (Child(work), Child(work))}
    _wait_until(lab, lambda: len(lab.provider.accepted()) >= 2)
    worker, process = lab.ask(_carrier_of_the_run)
    crew.pop(process).kill()
    asked, began = len(lab.provider.accepted()), time.monotonic()
    aside = lab.ask(partial(_set_aside_by, worker))
    _wait_until(lab, lambda: not lab.ask(partial(_set_aside_by, worker)))
    freed = round(time.monotonic() - began, 1)
    _wait_until(lab, lambda: len(lab.provider.accepted()) > asked)
    replaced = round(time.monotonic() - began, 1)
    for child in crew.values():
        child.result(3 * MINUTE)
    lab.check_books("after a kill beside a live worker", kills=1)
    lab.violated("after a kill", [] if aside else ["nothing was set aside when it was killed"])
    return {"killed_worker_replaced_after": replaced, "its_credits_freed_after": freed}


def _carrier_of_the_run() -> tuple[str, int]:
    worker = AutomationRun.objects.values_list("worker", flat=True).get(status="running")
    return str(worker), int(Worker.objects.values_list(F("pid"), flat=True).get(pk=worker))


def _set_aside_by(worker: str) -> int:
    """Open reservations of its calls."""
    sent = AICall.objects.filter(worker=worker, state="sent").values_list("pk", flat=True)
    keys = [reservation_of(pk) for pk in sent]
    return CreditReservation.objects.filter(key__in=keys, state="open").count()


def _wait_until(lab: Lab, happened: "object") -> None:
    assert callable(happened)
    until = time.monotonic() + 3 * MINUTE
    while not happened():
        if time.monotonic() > until:
            raise TimeoutError("nothing happened for three minutes")
        time.sleep(0.05)
