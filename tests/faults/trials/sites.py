"""Ten sites at once on two workers and one connection with a limit: nobody starves."""

import time
from collections import defaultdict
from datetime import datetime
from itertools import pairwise
from statistics import mean
from typing import Any

from igny8.accounts.models import owner_account
from igny8.ai.connections import route_for
from igny8.ai.functions import Form
from igny8.ai.models import AICall, AIConnection
from igny8.automation.models import AutomationRun
from igny8.automation.runs import start_run
from igny8.writer.models import Content
from tests.automation.world import site_with, task_of
from tests.faults.children import Child
from tests.faults.lab import Facts, Lab
from tests.faults.trials import kills

SITES, ARTICLES, AT_ONCE, LATENCY = 10, 2, 3, 0.15
LONGEST_TO_MEAN = 3.0


def run(lab: Lab, count: int) -> Facts:
    lab.prepare("sites", _ten_sites)
    lab.begin("sites", latency=LATENCY)
    began = time.monotonic()
    crew = [Child(work) for _ in range(2 if lab.database.url else 1)]
    for child in crew:
        child.result(240)
    seconds = round(time.monotonic() - began, 1)
    lab.check_books("ten sites", kills=0)
    most = max(line["in_flight"] for line in lab.provider.accepted())
    found: Facts = lab.ask(_waits)
    if most > AT_ONCE:
        lab.violated("ten sites", [f"{most} calls at once, {AT_ONCE} allowed"])
    if found["articles"] != SITES * ARTICLES:
        lab.violated("ten sites", [f"{found['articles']} articles"])
    if found["longest"] > LONGEST_TO_MEAN * found["mean"]:
        lab.violated("ten sites", [f"waits {found}"])
    return {"most_at_once": most, "seconds": seconds, **found}


def work() -> Any:
    return kills.work_until_over()


def _ten_sites() -> None:
    for number in range(SITES):
        site = site_with(slug=f"garden-{number}")
        for article in range(ARTICLES):
            task_of(site, f"Herb {number} {article}", sections=1)
        start_run(site, first_stage=4, stop_after=4)
    connection = route_for(owner_account(), Form.TEXT).connection
    AIConnection.objects.filter(pk=connection.pk).update(max_concurrent=AT_ONCE)


def _waits() -> Facts:
    """Seconds from a site's call, or from the start, to its next call."""
    started = AutomationRun.objects.earliest("started_at").started_at
    first = AICall.objects.earliest("sent_at").sent_at
    times: dict[int | None, list[datetime]] = defaultdict(lambda: [max(started, first)])
    for site, sent in AICall.objects.order_by("sent_at").values_list("site_id", "sent_at"):
        times[site].append(sent)
    waits = [(b - a).total_seconds() for sent in times.values() for a, b in pairwise(sent)]
    per_site = [sum((b - a).total_seconds() for a, b in pairwise(s)) for s in times.values()]
    return {
        "articles": Content.objects.count(),
        "mean": round(mean(per_site), 2),
        "longest": round(max(per_site), 2),
        "longest_single_wait": round(max(waits), 2),
        "mean_single_wait": round(mean(waits), 2),
    }
