"""A site in every state that pages show, made of rows: python -m tests.browser.showroom"""

import os
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "igny8.config.settings")

OWNER, PASSWORD = "mara@example.com", "three-cups-a-day-12"
TOTALS = {1: 47, 2: 8, 3: 56, 4: 56, 5: 56, 6: 224}
CREATED = {1: 8, 2: 56, 3: 56, 4: 56, 5: 224, 6: 224}
USED = {1: "11", 2: "61", 3: "0", 4: "291", 5: "55", 6: "418"}
HIGH = {1: "12", 2: "64", 3: "0", 4: "280", 5: "56", 6: "430"}
MINUTES = {1: 2, 2: 9, 3: 1, 4: 64, 5: 12, 6: 84}
STAGES = range(1, 7)
KEYWORDS = (
    "moka pot cleaning", "descale moka pot", "cold brew ratio", "best burr grinder",
    "aeropress recipe", "espresso without machine", "water for coffee", "latte art for beginners",
    "french press grind size", "coffee storage", "pour over kettle", "decaf coffee taste",
)  # fmt: skip


def furnish() -> None:
    """An owner, and one site a state; a run that is `running` here goes nowhere: no worker."""
    from igny8.automation.models import AutomationRun
    from tests.browser.imports_shown import with_imports

    Status = AutomationRun.Status
    with_prompts(furnish_one())
    with_other_endings()
    site_in("empty")
    with_imports(with_keywords(site_in("ready")))
    run_of(with_articles(site_in("running"), 33), Status.RUNNING, stage=4, processed=33)
    wait(run_of(with_articles(site_in("waiting"), 12), Status.RUNNING, stage=4, processed=12))
    run_of(with_articles(site_in("paused"), 21), Status.PAUSED, stage=4, processed=21)
    with_errors(run_of(with_keywords(site_in("failed")), Status.FAILED, stage=5, processed=0))
    run_of(with_keywords(site_in("cancelled")), Status.CANCELLED, stage=2, processed=3)
    tell_of(list(AutomationRun.objects.order_by("pk")))
    budgeted(answered_by(with_articles(site_in("dear"), 4), "gpt-4o-mini", "gpt-image-1"))
    without_prices(answered_by(with_articles(site_in("unpriced"), 40), "house-model", "house-art"))
    with_errors(
        with_parked(
            run_of(with_articles(site_in("errors"), 49), Status.COMPLETED, stage=7, processed=0)
        )
    )


def furnish_one() -> Any:
    """An owner, and one site whose pipeline has run."""
    from igny8.accounts.models import Membership, User, owner_account

    person = User.objects.create_user(OWNER, PASSWORD, name="Mara Kellner")
    Membership.objects.create(account=owner_account(), user=person, role="owner")
    site = site_in("completed")
    made_by_the_pipeline(site)
    return site


def site_in(state: str) -> Any:
    from igny8.accounts.models import owner_account
    from igny8.automation.runs import config_of
    from igny8.core import clock
    from igny8.sites.models import Site

    site = Site.objects.create(
        account=owner_account(),
        slug=state,
        name=f"Northwind {state.capitalize()}",
        time_zone="Europe/Berlin",
        is_sample=state == "completed",
    )
    spend(site, 269)
    config = config_of(site)
    if state != "empty":
        config.schedule = "daily"
        config.next_run_at = clock.now() + timedelta(hours=14, minutes=5)
        config.budget_month = None if state == "ready" else Decimal(10_000)
        config.save()
    return site


def answered_by(site: Any, text_model: str, image_model: str) -> Any:
    """Routes of this site alone, to a provider that nobody asks here."""
    from igny8.ai.models import AIConnection, RouteStep

    hosted, _ = AIConnection.objects.get_or_create(
        account=site.account, name="Hosted", kind="openai_compatible",
        base_url="https://api.openai.com/v1",
    )  # fmt: skip
    for function, model in (("text", text_model), ("image", image_model)):
        RouteStep.objects.create(
            account=site.account, site=site, function=function, position=0, connection=hosted,
            model=model,
        )  # fmt: skip
    return site


def budgeted(site: Any) -> None:
    from igny8.automation.runs import config_of

    config = config_of(site)
    config.budget_run = Decimal(100)
    config.save()


def without_prices(site: Any) -> None:
    """A run whose models have no known price, just ended."""
    from igny8.automation.models import AutomationRun

    run = run_of(site, AutomationRun.Status.COMPLETED, stage=7, processed=0)
    stages = [
        {**entry, "credits": None if entry["number"] != 3 else {"low": "0", "high": "0"}}
        for entry in run.estimate["stages"]
    ]
    run.estimate = {"credits": None, "stages": stages, "unpriced": ["house-art", "house-model"]}
    for n in STAGES:
        setattr(run, f"stage_{n}_result", {**run.result(n), "credits": "0"})
    run.credits_used = Decimal(0)
    run.save()


def spend(site: Any, amount: int) -> None:
    """A line of this month's ledger."""
    from igny8.credits.models import CreditEntry

    CreditEntry.objects.create(
        account=site.account,
        kind="charge",
        credits=Decimal(amount),
        call_id=1_000_000 + site.pk,
        site_id=site.pk,
        site_slug=site.slug,
    )


def with_keywords(site: Any) -> Any:
    from igny8.planner.models import Keyword

    Keyword.objects.bulk_create(
        Keyword(site=site, keyword=text, normalised=text, volume=5400) for text in KEYWORDS
    )
    return site


def with_articles(site: Any, written: int) -> Any:
    """Rows as they are while the fourth stage works: so many of 56 articles are written."""
    from igny8.planner.models import Cluster, ContentIdea, Keyword
    from igny8.writer.models import Content, Task

    clusters = Cluster.objects.bulk_create(
        Cluster(site=site, name=f"Topic {n}", name_folded=f"topic {n}", status="mapped")
        for n in range(TOTALS[2])
    )
    Keyword.objects.bulk_create(
        Keyword(
            site=site, keyword=f"phrase {n}", normalised=f"phrase {n}", status="mapped",
            cluster=clusters[n % len(clusters)], page=1,
        )
        for n in range(TOTALS[1])
    )  # fmt: skip
    ideas = ContentIdea.objects.bulk_create(
        ContentIdea(
            site=site, cluster=clusters[n % len(clusters)], page=n // len(clusters) + 1,
            title=f"Article {n}", status="in_progress",
        )
        for n in range(TOTALS[3])
    )  # fmt: skip
    tasks = Task.objects.bulk_create(
        Task(
            site=site, idea=idea, title=idea.title,
            status="completed" if n < written else "pending",
        )
        for n, idea in enumerate(ideas)
    )  # fmt: skip
    Content.objects.bulk_create(
        Content(site=site, task=task, title=task.title, slug=f"article-{n}", body="Text.")
        for n, task in enumerate(tasks[:written])
    )
    return site


def run_of(site: Any, status: Any, *, stage: int, processed: int) -> Any:
    """A run that began two hours ago and got so far into this stage."""
    from igny8.automation.forecast import settings_of
    from igny8.automation.models import AutomationRun
    from igny8.automation.runs import config_of
    from igny8.core import clock

    began = clock.now() - timedelta(hours=2)
    run = AutomationRun(site=site, status=status, current_stage=stage, started_at=began)
    run.started_by = "Mara Kellner"
    run.config = settings_of(config_of(site))
    run.estimate = {
        "credits": {"low": "760", "high": "842"},
        "stages": [
            {"number": n, "items": TOTALS[n], "seconds": MINUTES[n] * 60, "credits": None}
            | {"credits": {"low": HIGH[n], "high": HIGH[n]}}
            for n in STAGES
        ],
    }
    for n in STAGES:
        setattr(run, f"stage_{n}_result", result(n, stage, processed, began, str(status)))
        began += timedelta(minutes=MINUTES[n])
    results = [run.result(n) for n in STAGES]
    run.percent = 100 * sum(r["processed"] for r in results) // sum(TOTALS.values())
    run.credits_used = sum((Decimal(r["credits"]) for r in results), Decimal(0))
    run.reason, run.reason_code = REASONS.get(str(status), ("", ""))
    run.ended_at = None if status in AutomationRun.ACTIVE else clock.now() - timedelta(minutes=9)
    run.save()
    log(run)
    return run


REASONS = {
    "paused": ("Paused by Mara Kellner", "by_person"),
    "failed": ("Stage 4 incomplete, cannot proceed to Stage 5", "incomplete"),
    "cancelled": ("Cancelled by Mara Kellner", "by_person"),
}


def result(n: int, stage: int, processed: int, began: Any, status: str) -> dict[str, Any]:
    """Before the stage all is done, behind it nothing is."""
    is_done, is_now = n < stage, n == stage
    done = TOTALS[n] if is_done else processed if is_now else 0
    share = Decimal(done) / TOTALS[n]
    failed = 7 if status == "failed" and n == 4 else 0
    return {
        "status": "done" if is_done else "running" if is_now else "waiting",
        "opened": is_done or is_now,
        "total": TOTALS[n],
        "forecast": TOTALS[n],
        "processed": done,
        "left": TOTALS[n] - done,
        "created": int(CREATED[n] * share) - failed,
        "failed": failed,
        "batches": TOTALS[n],
        "credits": str((Decimal(USED[n]) * share).quantize(Decimal("0.1")).normalize() + 0),
        "started_at": began.isoformat() if is_done or is_now else None,
        "ended_at": (began + timedelta(minutes=MINUTES[n])).isoformat() if is_done else None,
        "errors": [],
    } | ({} if is_done or is_now else {"opened": False})


LINES = (
    (1, "info", "Processing batch 1/3: 20 keywords"),
    (1, "info", "Processing batch 2/3: 20 keywords"),
    (1, "info", "Processing batch 3/3: 7 keywords"),
    (1, "info", "Stage 1 → Stage 2: Verified: 0 keywords pending, 8 clusters created"),
    (2, "info", "Stage 2 → Stage 3: Verified: 0 clusters pending, 56 ideas created"),
    (3, "info", "Waiting 5 seconds before next stage..."),
    (3, "info", "Stage 3 → Stage 4: Verified: 0 ideas pending, 56 tasks created"),
    (4, "info", "Stage 4: 56 tasks to process"),
    (4, "error", "Parked Burr or blade: The answer had no usable outline after 3 attempts"),
    (4, "info", "Waiting 3 seconds before next batch..."),
    (4, "info", "Delay complete, resuming processing"),
    (4, "info", "Processing batch 34/56: 1 task"),
)


def log(run: Any) -> None:
    from igny8.automation.models import RunItem, RunLog

    for number, (stage, level, message) in enumerate(LINES):
        at = run.started_at + timedelta(minutes=9 * number)
        happened = level != "error" or run.stage_4_result["failed"]
        if stage <= run.current_stage and happened:
            RunLog.objects.create(run=run, stage=stage, level=level, message=message, at=at)
    if run.status == "running":
        title = "How to descale a moka pot without vinegar"
        RunItem.objects.create(
            run=run, stage=4, object_id=1, label=title, position=34, batch_no=34, state="working"
        )


def wait(run: Any) -> None:
    from igny8.core import clock

    run.waiting_for = "The provider asks for a pause (429)"
    run.wake_at = clock.now() + timedelta(minutes=12)
    run.save()


def with_parked(run: Any) -> Any:
    """The same run, of whose articles seven were not to be had."""
    from igny8.writer.models import Content, Task

    Task.objects.filter(site=run.site, status="pending").delete()
    Content.objects.filter(site=run.site).update(status="review", image_plan_at=run.started_at)
    run.stage_4_result = {**run.stage_4_result, "failed": 7, "created": 49}
    run.percent = 100
    run.save()
    run.log.all().delete()
    log(run)
    return run


def with_errors(run: Any) -> None:
    """Tasks that are parked, for two reasons."""
    from igny8.automation.models import RunItem
    from igny8.core import clock
    from tests.automation.world import task_of

    causes = [("bad_answer", "The answer had no usable outline after 3 attempts.")] * 5
    causes += [("declined", "The model declined: the topic is not allowed.")] * 2
    for number, (code, reason) in enumerate(causes):
        task = task_of(run.site, f"Burr or blade: which grinder suits kitchen {number + 1}?")
        type(task).objects.filter(pk=task.pk).update(
            parked_at=clock.now(), parked_code=code, parked_reason=reason
        )
        RunItem.objects.create(
            run=run, stage=4, object_id=task.pk, label=task.title, position=number,
            batch_no=number + 1, state="failed", code=code, reason=reason, attempt=3,
        )  # fmt: skip


TOLD = (
    ("run_completed", "Run {} is complete: 55 articles wait for review, 1 item needs attention."),
    ("over_estimate", "Run {} has used 1,012.0 credits, over 20 % more than the 842.0 it was "
     "estimated to need at most."),
    ("run_paused", "Run {} paused. 40.2 credits used; the budget is 40.0. It goes on when somebody "
     "resumes it."),
    ("run_failed", "Run {} failed: Stage 4 incomplete, cannot proceed to Stage 5. What was made so "
     "far stays."),
)  # fmt: skip


def tell_of(runs: list[Any]) -> None:
    """Three channels: one that works, one that is refused for now, one that is gone."""
    from igny8.accounts.models import owner_account
    from igny8.automation.models import Channel, Delivery, Notice
    from igny8.automation.notify.channels import add_channel
    from igny8.core import clock

    team = owner_account()
    hook = "https://hooks.example.com/services/T02/B91/kq8-x41z"
    add_channel(team, name="Editors’ chat", kind="slack", address=hook)
    add_channel(team, name="Dashboard", kind="webhook", address="https://dash.example.org/in/igny8")
    address = {"kind": "email", "address": "mara@northwindcoffee.example"}
    Channel.objects.create(account=team, name="Mara", **address)
    answers = (
        ("sent", 1, "Answered 200."),
        ("given_up", 5, "Answered 410: This address is gone."),
        ("sent", 1, "The mail server took it."),
        ("waiting", 2, "Answered 503: Service Unavailable"),
    )
    channels = [*Channel.objects.order_by("pk"), Channel.objects.get(name="Dashboard")]
    for number, (event, says) in enumerate(TOLD):
        run, at = runs[number], clock.now() - timedelta(hours=9 - 2 * number)
        notice = Notice.objects.create(
            key=f"{run.ref}/{event}", event=event, site=run.site, run=run,
            says=says.format(run.pk), at=at,
        )  # fmt: skip
        state, attempts, answer = answers[number]
        due = clock.now() + timedelta(minutes=6)
        Delivery.objects.create(
            notice=notice, channel=channels[number], state=state, attempts=attempts,
            answer=answer, tried_at=at + timedelta(minutes=1), due_at=due,
        )  # fmt: skip


def with_prompts(site: Any) -> None:
    """Three versions of one prompt, by two people."""
    from igny8.ai.prompts.overrides import prompt_at, reset_prompt, save_prompt
    from igny8.automation.prompts import prompt_named

    function = prompt_named("write_section").function
    shipped = prompt_at(function, site, 0)
    own = shipped.replace("Short paragraphs", "Paragraphs of at most three sentences")
    save_prompt(function, own, site=site, by="Mara Kellner", after=0)
    reset_prompt(function, site=site, by="Jonas Petersen", after=1)
    own = own.replace("A list, a table or", "A short list, a small table or")
    save_prompt(
        function, f"You know coffee by heart.\n{own}", site=site, by="Mara Kellner", after=2
    )


def made_by_the_pipeline(site: Any) -> None:
    """A real run, offline, so that there are articles and pictures to review."""
    from igny8.automation.runs import config_of

    config = config_of(with_keywords(site))
    config.within_stage_delay = config.between_stage_delay = 0
    config.images_per_article = 1
    config.save()
    command = "from igny8.cli import main; main()"
    arguments = ["run", "--site", site.slug, "--wait", "--yes"]
    subprocess.run([sys.executable, "-c", command, *arguments], check=True, capture_output=True)


def with_other_endings() -> None:
    """The newest articles of the pipeline: one sent back, one without its pictures, one whose
    picture is made again and had another before."""
    from igny8.core import clock
    from igny8.writer.edits import send_back
    from igny8.writer.gate import turn_to_review_when_ready
    from igny8.writer.models import Content, Image
    from igny8.writer.picture_edits import redraw_image
    from igny8.writer.stored_inspections import inspect_what_changed

    sent_back, without, again, *_ = Content.objects.order_by("-pk")
    send_back(sent_back, "Name the brand of grinder.\nThe second section is too long.", by="Mara")
    Image.objects.filter(content=without).update(
        status="pending", file="", parked_at=clock.now(), parked_code="declined",
        parked_reason="The model declined: the prompt names a person.",
    )  # fmt: skip
    turn_to_review_when_ready([without.pk])
    redraw_image(again.images.get(slot=0), prompt="A kettle on a table of dark wood")
    again.images.get(slot=1).versions.create(
        number=1, kept_at=clock.now(), **_earlier_picture(again)
    )
    while Content.objects.filter(status="review", inspected_at=None).exists():
        inspect_what_changed()


def _earlier_picture(content: Any) -> dict[str, Any]:
    first = content.images.get(slot=0)
    names = ("file", "width", "height", "bytes", "sha256", "widths", "generated_by", "prompt")
    return {name: getattr(first, name) for name in names}


def furnished_folder(folder: Path) -> None:
    """Furnishes an empty data folder, in a process of its own."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("IGNY8_", "DATABASE_"))}
    command = [sys.executable, "-m", "tests.browser.showroom"]
    subprocess.run(command, env={**clean, "IGNY8_DATA": str(folder)}, check=True)


if __name__ == "__main__":
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    furnish()
