"""Many starts of one site's run at once, two claims of one question, a pause during a claim."""

import threading
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import close_old_connections, connection

from igny8.accounts.models import owner_account
from igny8.ai.calls import Asked, claim
from igny8.ai.connections import route_for
from igny8.ai.errors import NotBefore
from igny8.ai.functions import Form
from igny8.ai.origin import Origin
from igny8.automation.fence import fetch_run, permit_for
from igny8.automation.generations import take_lease
from igny8.automation.models import AutomationRun
from igny8.automation.runs import cancel_run, pause_run, start_run
from igny8.core import crashpoints
from igny8.jobs import workers
from igny8.sites.models import Site
from tests.automation.world import site_with, task_of
from tests.faults.lab import Facts, Lab

STARTS, AT_ONCE = 500, 20
CLAIMS = 100
LONG_ENOUGH = 0.5


def run(lab: Lab, count: int) -> Facts:
    lab.prepare("idle", _one_site)
    lab.begin("idle")
    starts = count or STARTS
    runs = lab.ask(lambda: [_start_at_once() for _ in range(starts // AT_ONCE)])
    lab.violated(f"{AT_ONCE} starts at once", [f"{n} runs" for n in runs if n != 1])
    answers = Counter(answer for pair in lab.ask(_claim_at_once) for answer in pair)
    if answers != {"claimed": CLAIMS, "later": CLAIMS}:
        lab.violated("two claims at once", [str(dict(answers))])
    if lab.ask(_pause_while_claiming) != "waited":
        lab.violated("a pause during a claim", ["was done, and then a question was claimed"])
    return {"starts": starts, "claims": dict(answers)}


def _one_site() -> None:
    task_of(site_with(), sections=1)


def _start_at_once() -> int:
    """How many runs came of it."""
    site = Site.objects.get()
    found = set(_together(lambda _: start_run(site).pk, AT_ONCE))
    active = AutomationRun.objects.active()
    found |= set(active.values_list("pk", flat=True))
    for one in active:
        cancel_run(one)
    return len(found)


def _claim_at_once() -> list[list[Any]]:
    workers.register()

    def ask_for(key: str, _: int) -> str:
        try:
            _claim(key, permit=lambda: None)
        except NotBefore:
            return "later"
        return "claimed"

    keys = [f"f/task:{number}/0/a" for number in range(CLAIMS)]
    return [_together(partial(ask_for, key), 2) for key in keys]


def _claim(key: str, *, permit: Callable[[], None]) -> None:
    origin = Origin(
        account_id=owner_account().pk,
        site_id=1,
        site_slug="garden",
        run_ref="run:1",
        stage=4,
        worker=workers.me(),
        attempts=3,
        permit=permit,
    )
    step = route_for(owner_account(), Form.TEXT).steps[0]
    claim(Asked(key=key, hashes=["h"], function="f"), 0, step, origin, Decimal(0))


def _pause_while_claiming() -> str:
    """A claim that was permitted and is not committed yet: what does a pause do now?"""
    workers.register()
    run = start_run(Site.objects.get(), first_stage=4)
    lease = take_lease(run.pk, run.generation)
    carried = fetch_run(run.pk, lease or 0)
    assert carried is not None
    pausing = threading.Thread(target=_pause, args=(run,))
    seen: list[str] = []

    def pause_now(place: str) -> None:
        if place == "claim call written" and not seen:
            pausing.start()
            pausing.join(LONG_ENOUGH)
            seen.append("waited" if pausing.is_alive() else "did not wait")

    crashpoints.arm(pause_now)
    _claim("f/task:pause/0/a", permit=permit_for(carried))
    pausing.join()
    return seen[0] if AutomationRun.objects.get(pk=run.pk).status == "paused" else "never paused"


def _pause(run: AutomationRun) -> None:
    pause_run(run)
    connection.close()


def _together(act: Callable[[int], Any], number: int) -> list[Any]:
    """What each of so many threads got who all begin at the same moment."""
    gate, got = threading.Barrier(number), []

    def one(mine: int) -> None:
        connection.ensure_connection()
        gate.wait()
        try:
            got.append(act(mine))
        except Exception as error:  # noqa: BLE001 - whatever it was, it must be seen
            got.append(repr(error))
        finally:
            connection.close()
            close_old_connections()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got
