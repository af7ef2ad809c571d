"""Overhead of engine and runner an item: `python -m bench.runner [items]`.

Stage 6 with a provider that answers at once, one call an item, under the real job engine; beside
it a bare loop over the same rows with the same commits (take, claim, answer, settle), written in
plain Django without lease, gate, fence, memo or log levels. Both store the same small picture.
"""

import io
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from bench.installation import open_installation

if TYPE_CHECKING:
    from igny8.sites.models import Site

IMAGES_AN_ARTICLE = 4
LOOK_SECONDS = 0.05
SLOW_SECONDS, SLOW_ITEMS = 3.0, 20
MOST_TIMES_BARE, MOST_CPU_MS, MOST_OVER_THEORY = 2.0, 4.0, 2.0


@dataclass(frozen=True)
class Measure:
    wall: float
    cpu: float


def main(items: int) -> None:
    open_installation()
    picture = small_picture()
    bare_site, our_site, slow_site = (
        make_images(slug, number)
        for slug, number in (("bare", items), ("ours", items), ("slow", SLOW_ITEMS))
    )
    bare = measured(lambda: bare_loop(bare_site, picture))
    with working():
        answer_with(picture, latency=0.0)
        ours = measured(lambda: pipeline_run(our_site, items))
        answer_with(picture, latency=SLOW_SECONDS)
        slow = measured(lambda: pipeline_run(slow_site, SLOW_ITEMS))
    print(f"{items} items, one call each, answered at once")
    print(
        f"  bare loop    {1000 * bare.wall / items:6.2f} ms  {1000 * bare.cpu / items:6.2f} ms CPU"
    )
    print(
        f"  under IGNY8  {1000 * ours.wall / items:6.2f} ms  {1000 * ours.cpu / items:6.2f} ms CPU"
    )
    print(
        f"  ratio        {ours.wall / bare.wall:6.2f}     {ours.cpu / bare.cpu:6.2f}"
        f"         (limit {MOST_TIMES_BARE})"
    )
    overhead = 1000 * (ours.cpu - bare.cpu) / items
    print(f"  overhead                {overhead:6.2f} ms CPU (limit {MOST_CPU_MS})")
    theory = SLOW_ITEMS * SLOW_SECONDS
    print(f"{SLOW_ITEMS} items of {SLOW_SECONDS:g} s: {slow.wall:.2f} s, in theory {theory:.2f} s")
    print(f"  over theory  {100 * (slow.wall / theory - 1):.1f} % (limit {MOST_OVER_THEORY} %)")


def measured(work: Callable[[], object]) -> Measure:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Measure(time.perf_counter() - wall, time.process_time() - cpu)


def small_picture() -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (16, 9)).save(buffer, "WEBP")
    return buffer.getvalue()


def make_images(slug: str, items: int) -> "Site":
    """A site with `items` pending images, a few an article."""
    from igny8.accounts.models import owner_account
    from igny8.planner.models import Cluster, ContentIdea
    from igny8.sites.models import Site
    from igny8.writer.models import Content, Image, Task

    site = Site.objects.create(account=owner_account(), slug=slug, name=slug, is_sample=True)
    cluster = Cluster.objects.create(site=site, name="c", name_folded="c", status="mapped")
    for number in range(-(-items // IMAGES_AN_ARTICLE)):
        idea = ContentIdea.objects.create(
            site=site, cluster=cluster, page=number, title="An idea", status="in_progress"
        )
        task = Task.objects.create(site=site, idea=idea, title="An idea", status="completed")
        content = Content.objects.create(
            site=site,
            task=task,
            title="An article",
            slug=f"a-{number}",
            body="text",
            image_plan_at="2026-01-01T00:00Z",
        )
        Image.objects.bulk_create(
            Image(site=site, content=content, slot=slot, kind="in_article", prompt="p", alt="a")
            for slot in range(min(IMAGES_AN_ARTICLE, items - number * IMAGES_AN_ARTICLE))
        )
    return site


def bare_loop(site: "Site", picture: bytes) -> None:
    from django.db import transaction
    from django.utils.timezone import now

    from igny8.ai.models import AICall, AIConnection
    from igny8.automation.models import AutomationRun, RunItem, RunLog
    from igny8.credits.models import CreditEntry
    from igny8.writer.models import Image
    from igny8.writer.pictures import store_picture

    connection = AIConnection.objects.create(account=site.account, name="Bare", kind="sample")
    run = AutomationRun.objects.create(site=site, current_stage=6)
    for position, pk in enumerate(Image.objects.filter(site=site).values_list("pk", flat=True)):
        with transaction.atomic():
            item = RunItem.objects.create(
                run=run, stage=6, object_id=pk, position=position, batch_no=position, attempt=1
            )
            Image.objects.filter(pk=pk).update(held_by=run.ref)
            RunLog.objects.create(run=run, stage=6, message="Processing one image")
        with transaction.atomic():
            call = AICall.objects.create(
                key=f"bare/image:{pk}/0/picture",
                attempt=1,
                function="bare",
                request_hash="0" * 64,
                connection=connection,
                deadline_at=now() + timedelta(seconds=60),
            )
        with transaction.atomic():
            AICall.objects.filter(pk=call.pk).update(state="answered", raw=picture)
            CreditEntry.objects.create(
                account=site.account, kind="charge", credits=0, call_id=call.pk, run_ref=run.ref
            )
        stored = store_picture(picture, f"bare/{pk}")
        with transaction.atomic():
            Image.objects.filter(pk=pk).update(
                status="generated", held_by=None, file=stored.file, sha256=stored.sha256
            )
            AICall.objects.filter(pk=call.pk).update(state="used", raw=None)
            RunItem.objects.filter(pk=item.pk).update(state="done", ended_at=now())
            AutomationRun.objects.filter(pk=run.pk).update(stage_6_result={"done": position})
    AutomationRun.objects.filter(pk=run.pk).update(status="completed", ended_at=now())


@contextmanager
def working() -> Iterator[None]:
    """This process is a worker; its start and stop are not measured."""
    from igny8.automation.workflow import DUTIES
    from igny8.jobs.working import at_work

    with at_work(DUTIES):
        yield


def answer_with(picture: bytes, *, latency: float) -> None:
    """From now on the sample connection answers with this picture after `latency` seconds."""
    from igny8.ai import providers
    from igny8.ai.models import AIConnection
    from igny8.ai.providers import Provider, Reply, Request

    class Measured:
        def reply(self, connection: AIConnection, request: Request) -> Reply:
            time.sleep(latency)
            return Reply(raw=picture, model="measured")

    table = cast("dict[str, Provider]", providers.PROVIDERS)
    table["sample"] = Measured()


def pipeline_run(site: "Site", items: int) -> None:
    """The same rows through the job engine, from the start of the run to the review gate."""
    from igny8.automation.models import AutomationRun
    from igny8.automation.runs import start_run

    run = start_run(site)
    statuses = AutomationRun.objects.filter(pk=run.pk).values_list("status", flat=True)
    while statuses.get() == "running":
        time.sleep(LOOK_SECONDS)
    run.refresh_from_db()
    if run.stage_6_result is None or run.stage_6_result["done"] != items:
        raise SystemExit(f"The run did not finish: {run.status} {run.reason}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
