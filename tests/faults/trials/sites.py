"""Ten sites at once on two workers and one connection with a limit: nobody starves."""

import time
from collections.abc import Iterator, Sequence
from functools import partial
from statistics import mean
from typing import Any

import pytest

from igny8.accounts.models import owner_account
from igny8.ai import calls
from igny8.ai.connections import route_for
from igny8.ai.errors import NotBefore
from igny8.ai.functions import Form
from igny8.ai.gate import pass_gate
from igny8.ai.models import AICall, AIConnection
from igny8.automation.runs import start_run
from igny8.automation.workflow import DUTIES
from igny8.jobs import engine
from igny8.jobs.models import Worker
from igny8.jobs.working import at_work
from igny8.sites.models import Site
from igny8.writer.models import Content
from tests.automation.world import site_with, task_of
from tests.faults.children import Child
from tests.faults.lab import Facts, Lab
from tests.faults.stories import wait_for
from tests.faults.trials import kills

SITES, ARTICLES, AT_ONCE, LATENCY = 10, 2, 3, 0.2
LONGEST_TO_MEAN, FEWEST_WAITS = 3.0, 40
Passage = tuple[float, str, bool]


def run(lab: Lab, count: int) -> Facts:
    workers = 2 if lab.database.url else 1
    lab.prepare("sites", _ten_sites)
    lab.begin("sites", latency=LATENCY)
    began = time.monotonic()
    crew = [Child(partial(_work, workers)) for _ in range(workers)]
    passages = [tuple(passage) for child in crew for passage in child.result(240)]
    seconds = round(time.monotonic() - began, 1)
    lab.check_books("ten sites", kills=0)
    waits = list(_waits(sorted(passages)))
    found: Facts = {
        "most_at_once": max(line["in_flight"] for line in lab.provider.accepted()),
        "seconds": seconds,
        "questions": len(waits),
        "refused": sum(wait > 0 for wait in waits),
        "mean_wait": round(mean(waits), 2),
        "longest_wait": round(max(waits), 2),
        **lab.ask(_made),
    }
    lab.violated("ten sites", list(_faults(found, workers)))
    return found


def _work(workers: int) -> Any:
    """Its share of the runs, which begin when all workers are there; returns when which run came
    to the gate, and whether it got through."""
    engine.RUNS_AT_ONCE = SITES // workers
    passages: list[Passage] = []

    def noted(connection: AIConnection, *, run_ref: str, worker: str) -> NotBefore | None:
        refusal = pass_gate(connection, run_ref=run_ref, worker=worker)
        passages.append((time.monotonic(), run_ref, refusal is None))
        return refusal

    with pytest.MonkeyPatch.context() as patch, at_work(DUTIES[:2]):
        patch.setattr(calls, "pass_gate", noted)
        wait_for(lambda: Worker.objects.alive().count() == workers)
        for site in Site.objects.all():
            start_run(site, first_stage=4, stop_after=4)
        wait_for(kills.is_over)
    return passages


def _waits(passages: Sequence[Passage]) -> Iterator[float]:
    """Of every question: seconds from the first time it was refused until it got through, 0 when
    it never was. A run has one question at a time."""
    since: dict[str, float] = {}
    for moment, run, is_through in passages:
        first = since.setdefault(run, moment)
        if is_through:
            yield moment - first
            del since[run]


def _ten_sites() -> None:
    for number in range(SITES):
        site = site_with(slug=f"garden-{number}")
        for article in range(ARTICLES):
            task_of(site, f"Herb {number} {article}", sections=1)
    connection = route_for(owner_account(), Form.TEXT).connection
    AIConnection.objects.filter(pk=connection.pk).update(max_concurrent=AT_ONCE)


def _made() -> Facts:
    return {
        "articles": Content.objects.count(),
        "workers": AICall.objects.values("worker").distinct().count(),
    }


def _faults(found: Facts, workers: int) -> Iterator[str]:
    if found["most_at_once"] > AT_ONCE:
        yield f"{found['most_at_once']} calls at once, {AT_ONCE} allowed"
    if found["articles"] != SITES * ARTICLES:
        yield f"{found['articles']} articles"
    if found["workers"] != workers:
        yield f"{found['workers']} of {workers} workers had a part"
    if found["refused"] < FEWEST_WAITS:
        yield f"only {found['refused']} questions had to wait"
    if found["longest_wait"] > LONGEST_TO_MEAN * found["mean_wait"]:
        yield f"one waited {found['longest_wait']} s, the mean is {found['mean_wait']} s"
