"""How long pages take at 100,000 keywords and 10,000 articles: python -m bench.pages [--small]

Prints, for each page, the server's time (p50, p99; the processor's part of it beside it, which a
busy machine does not change), its weight, its queries and its first paint in a browser that has
nothing cached; then what 200 viewers of a running page cost. Exits 1 when a bound is broken.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import quantiles
from typing import Any

from bench.paint import first_paints

KEYWORDS, ARTICLES, IMAGES, CLUSTERS = 100_000, 10_000, 40_000, 5_000
ROUNDS = 100
P50_MS, P99_MS, WEIGHT_KB, CORE_SHARE = 60, 200, 200, 0.20
VIEWERS, POLL_SECONDS, WATCHED_SECONDS = 200, 2, 10


def main() -> None:
    _set_up()
    site, client = furnish("--small" in sys.argv), sign_in()
    bad = [*_pages(site, client), *_viewers(site, client), *_paints(site, client)]
    print("\n".join(bad) or "Every bound holds.")
    sys.exit(1 if bad else 0)


def _set_up() -> None:
    os.environ["IGNY8_DATA"] = tempfile.mkdtemp(prefix="igny8-bench-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "igny8.config.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)


def furnish(is_small: bool) -> Any:
    """A site with everything, and a run in its fourth stage."""
    from igny8.planner.models import Cluster, ContentIdea, Keyword
    from igny8.writer.models import Content, Image, Task
    from tests.browser.showroom import run_of, site_in

    site = site_in("big")
    share = 100 if is_small else 1

    def many(model: Any, number: int, row: Callable[[int], dict[str, Any]]) -> list[Any]:
        rows = [model(site=site, **row(n)) for n in range(number // share)]
        return list(model.objects.bulk_create(rows, batch_size=1000))

    clusters = many(Cluster, CLUSTERS, lambda n: {"name": f"C{n}", "name_folded": f"c{n}"})
    many(Keyword, KEYWORDS, lambda n: {"keyword": f"phrase {n}", "normalised": f"phrase {n}"})
    ideas = many(
        ContentIdea,
        ARTICLES,
        lambda n: {
            "cluster": clusters[n % len(clusters)],
            "page": n // len(clusters) + 1,
            "title": f"Idea {n}",
        },
    )
    tasks = many(Task, ARTICLES, lambda n: {"idea": ideas[n], "title": f"Idea {n}"})
    contents = many(Content, ARTICLES, lambda n: _content(n, tasks[n]))
    many(Image, IMAGES, lambda n: _image(n, contents[n // 4]))
    run_of(site, "running", stage=4, processed=33)
    return site


def _content(n: int, task: Any) -> dict[str, Any]:
    from igny8.core import clock

    return {
        "task": task,
        "title": f"How to do the thing number {n} well",
        "slug": f"thing-{n}",
        "body": "## Part\n\nWords and more words. \n\n" * 200,
        "status": ("review", "approved", "draft")[n % 3],
        "image_plan_at": clock.now(),
        "word_count": 900,
    }


def _image(n: int, content: Any) -> dict[str, Any]:
    return {
        "content": content,
        "slot": n % 4,
        "kind": "in_article" if n % 4 else "featured",
        "status": "generated" if n % 3 else "pending",
        "file": "big/none.webp" if n % 3 else "",
        "prompt": "A photo of something nice on a table " * 5,
        "alt": "A thing on a table",
    }


def sign_in() -> Any:
    from igny8.accounts.models import Role
    from tests.people import client_of, person_with

    return client_of(person_with(Role.OWNER))


def _addresses(site: Any) -> dict[str, str]:
    from igny8.automation.models import AutomationRun
    from igny8.writer.models import Content

    at = f"/s/{site.slug}"
    run = AutomationRun.objects.filter(site=site).values_list("pk", flat=True).get()
    middle = Content.objects.filter(site=site, status="review").order_by("pk")[100 // 3].pk
    return {
        "automation": f"{at}/automation/",
        "live, changed": f"{at}/automation/live?since=none",
        "configure": f"{at}/automation/configure",
        "cancel": f"{at}/automation/cancel",
        "runs": f"{at}/runs/",
        "run": f"{at}/runs/{run}/",
        "content": f"{at}/content/",
        "content, review": f"{at}/content/?status=review",
        "content, search": f"{at}/content/?q=number+77",
        "article": f"{at}/content/{middle}/",
        "import": f"{at}/keywords/import/",
        "import, columns": f"{at}/keywords/import/{_an_import(site)}/",
    }


def _an_import(site: Any) -> int:
    """A file of 20,000 rows that waits for its columns to be checked."""
    from igny8.planner.imports import begin_import

    rows = "".join(f"another phrase {n},{n}\n" for n in range(20_000))
    lines = [b"Keyword,Volume\n", rows.encode()]
    return int(begin_import(site, person="", name="words.csv", chunks=lines).pk)


def _pages(site: Any, client: Any) -> Iterator[str]:
    from django.core.cache import caches

    print(
        f"{'page':<18}{'p50 ms':>9}{'p99 ms':>9}{'CPU p50':>9}{'CPU p99':>9}{'kB':>8}{'queries':>9}"
    )
    for name, address in _addresses(site).items():
        client.get(address)
        walls, cpus = [], []
        for _ in range(ROUNDS):
            caches["fragments"].clear()
            started, used = time.perf_counter(), time.thread_time()
            answer = client.get(address)
            walls.append(1000 * (time.perf_counter() - started))
            cpus.append(1000 * (time.thread_time() - used))
        (p50, p99), cpu = _middle_and_end(walls), _middle_and_end(cpus)
        weight = len(answer.content) / 1000
        figures = f"{p50:>9.1f}{p99:>9.1f}{cpu[0]:>9.1f}{cpu[1]:>9.1f}{weight:>8.1f}"
        print(f"{name:<18}{figures}{_queries(client, address):>9}", flush=True)
        if p50 > P50_MS or p99 > P99_MS or weight > WEIGHT_KB:
            yield f"{name}: p50 {p50:.0f} ms, p99 {p99:.0f} ms, {weight:.0f} kB"


def _middle_and_end(times: list[float]) -> tuple[float, float]:
    parts = quantiles(times, n=100)
    return parts[49], parts[98]


def _paints(site: Any, client: Any) -> Iterator[str]:
    """Of whole pages; what others fetch while they are open is none."""
    pages = {name: path for name, path in _addresses(site).items() if "live" not in name}
    return first_paints(Path(os.environ["IGNY8_DATA"]), client, pages)


def _queries(client: Any, address: str) -> int:
    from django.core.cache import caches
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    caches["fragments"].clear()
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def _viewers(site: Any, client: Any) -> Iterator[str]:
    """The processor time that so many people take who look at a run that changes all the time."""
    from django.db.models import F

    from igny8.automation.models import AutomationRun

    address, since = f"/s/{site.slug}/automation/live", "none"
    asked = VIEWERS * WATCHED_SECONDS // POLL_SECONDS
    pause = WATCHED_SECONDS / asked
    spent, begun = time.process_time(), time.perf_counter()
    for number in range(asked):
        if number % 50 == 0:
            AutomationRun.objects.filter(site=site).update(version=F("version") + 1)
        answer = client.get(address, {"since": since})
        if answer.status_code == 200:
            since = answer.content.decode().partition("since=")[2].partition("&")[0]
        time.sleep(max(0.0, begun + number * pause - time.perf_counter()))
    share = (time.process_time() - spent) / WATCHED_SECONDS
    print(f"{VIEWERS} viewers take {100 * share:.0f} % of one core")
    if share > CORE_SHARE:
        yield f"{VIEWERS} viewers take {100 * share:.0f} % of one core"


if __name__ == "__main__":
    main()
