"""The history of runs, the errors of one, and what stands beside every page."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from igny8.accounts.models import AuditEntry, Role
from igny8.automation.models import AutomationRun, RunItem
from igny8.automation.month import meter_of
from igny8.automation.parking import failed_rows
from igny8.automation.presenters.causes import causes_of_run, cost_text, trouble_of
from igny8.automation.presenters.run_totals import against_estimate, run_totals
from igny8.automation.runs import config_of, start_run
from igny8.automation.site_states import states_of
from igny8.core import clock
from igny8.credits.models import CreditEntry
from igny8.sites.models import Site
from igny8.writer.models import Task
from tests.automation.world import content_of, phrases, site_with, task_of
from tests.people import client_of, person_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("worker")]
EXPECTED = {"credits": {"low": "80", "high": "100"}}


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    caches["fragments"].clear()


@pytest.fixture
def editor() -> Client:
    return client_of(person_with(Role.EDITOR))


def run_with_errors(site: Site, codes: list[str]) -> AutomationRun:
    """A run that is over, whose fourth stage parked a task for each code."""
    priced = {"number": 4, "items": 10, "seconds": 600, "credits": {"low": "40", "high": "50"}}
    run = AutomationRun(site=site, status="completed", current_stage=7)
    run.estimate = {"stages": [priced]}
    run.stage_4_result = {"processed": 10, "failed": len(codes), "credits": "52"}
    run.ended_at = run.started_at
    run.save()
    for number, code in enumerate(codes):
        task = task_of(site, f"Task {number} ({code})")
        marks = {"parked_at": clock.now(), "parked_code": code, "parked_reason": "Bad."}
        Task.objects.filter(pk=task.pk).update(**marks)
        RunItem.objects.create(
            run=run, stage=4, object_id=task.pk, label=task.title, position=number,
            batch_no=number, state="failed", code=code, reason="Bad.", attempt=3,
        )  # fmt: skip
    return run


def address(run: AutomationRun, query: str = "?tab=errors") -> str:
    return f"/s/{run.site.slug}/runs/{run.pk}/{query}"


def spent(site: Site, amount: int, **values: Any) -> None:
    CreditEntry.objects.create(
        account=site.account, kind="charge", credits=amount, site_id=site.pk, **values
    )


def test_errors_are_grouped_by_cause_with_what_a_retry_costs() -> None:
    run = run_with_errors(site_with(), ["bad_answer", "bad_answer", "declined"])

    trouble = trouble_of(causes_of_run(run), 3)
    assert trouble.title == "3 tasks failed, for 2 reasons"
    assert trouble.cost == " · ~16 credits"
    assert [(g.retried, g.cost) for g in trouble.groups] == [
        ("2 tasks", " · ~10 credits"),
        ("1 task", " · ~5.2 credits"),
    ]


@pytest.mark.parametrize(
    ("each", "number", "text"),
    [
        (Decimal("5.2"), 7, " · ~36 credits"),
        (Decimal("0.2"), 3, " · ~0.6 credits"),
        (Decimal(0), 7, " · free"),
        (None, 7, ""),
    ],
)
def test_a_cost_is_about_right_free_or_not_said(
    each: Decimal | None, number: int, text: str
) -> None:
    assert cost_text(each, number) == text


def test_the_fix_comes_first_and_the_plain_retry_second(editor: Client) -> None:
    run = run_with_errors(site_with(), ["bad_answer", "declined"])

    text = editor.get(address(run)).content.decode()
    fix, plain = text.index("Allow 4 attempts and retry 1 task"), text.index("Retry 1 task")
    assert fix < plain
    assert "Retry all 2 · ~10 credits" in text


def test_the_fix_allows_more_attempts_and_never_fewer(editor: Client) -> None:
    site = site_with()
    run = run_with_errors(site, ["bad_answer", "bad_answer"])
    first, second = failed_rows(run)[4]

    retry = f"/s/{site.slug}/automation/retry"
    editor.post(retry, {"stage": "4", "rows": str(first), "attempts": "5"})
    assert (config_of(site).attempts, Task.objects.parked().count()) == (5, 1)
    editor.post(retry, {"stage": "4", "rows": str(second), "attempts": "2"})
    assert (config_of(site).attempts, Task.objects.parked().count()) == (5, 0)
    assert AuditEntry.objects.filter(verb="retried", thing="1 task").count() == 2


def test_retry_all_takes_the_rows_of_its_run_alone(editor: Client) -> None:
    site = site_with()
    earlier = run_with_errors(site, ["bad_answer"])
    run = run_with_errors(site, ["declined", "poison"])

    editor.post(f"/s/{site.slug}/automation/retry", {"run": str(run.pk)})
    assert list(Task.objects.parked().values_list("pk", flat=True)) == failed_rows(earlier)[4]


def test_a_retry_leads_back_to_our_own_pages_only(editor: Client) -> None:
    site = site_with()
    run_with_errors(site, ["declined"])

    retry = f"/s/{site.slug}/automation/retry"
    for back in ("https://elsewhere.example/", "//elsewhere.example/"):
        answer = editor.post(retry, {"stage": "4", "back": back})
        assert answer.headers["Location"] == f"/s/{site.slug}/automation/"


def test_the_errors_of_one_stage_come_with_their_lines_of_the_log(editor: Client) -> None:
    run = run_with_errors(site_with(), ["declined"])
    run.log.create(stage=4, level="error", message="Parked Task 0: Bad.")
    run.log.create(stage=4, level="info", message="Stage 4: 10 tasks to process")

    text = editor.get(address(run, "?tab=errors&stage=4")).content.decode()
    assert "Parked Task 0" in text
    assert "10 tasks to process" not in text
    assert "1 task failed" not in editor.get(address(run, "?tab=errors&stage=5")).content.decode()


def test_people_are_named_for_what_they_do(editor: Client) -> None:
    site = site_with(phrases(3))
    for verb in ("start", "pause", "resume", "cancel"):
        editor.post(f"/s/{site.slug}/automation/{verb}")
    run = AutomationRun.objects.get(site=site)
    done = AuditEntry.objects.filter(site_id=site.pk, thing=f"run {run.pk}").order_by("pk")
    assert [entry.verb for entry in done] == ["started", "paused", "resumed", "cancelled"]
    name = done[0].person
    assert (run.started_by, run.reason) == (name, f"Cancelled by {name}")
    assert name in editor.get(f"/s/{site.slug}/runs/").content.decode()


@pytest.mark.parametrize(("used", "off"), [(90, 0), (80, 0), (122, 22), (60, -25)])
def test_a_run_is_measured_against_the_nearer_end_of_its_estimate(used: int, off: int) -> None:
    run = AutomationRun(estimate=EXPECTED, credits_used=Decimal(used))
    assert against_estimate(run) == off


def test_the_last_thirty_days_are_summed() -> None:
    site = site_with()
    now = clock.now()
    for days, used in ((1, 90), (12, 122), (40, 500)):
        run = AutomationRun(
            site=site, status="completed", estimate=EXPECTED, credits_used=Decimal(used),
            started_at=now - timedelta(days=days), ended_at=now,
        )  # fmt: skip
        run.stage_4_result = {"created": 10}
        run.save()

    values = [total.value for total in run_totals(site, now)]
    notes = [total.note for total in run_totals(site, now)]
    assert values == ["2", "20", "212", "1 of 2"]
    assert notes == [
        "2 completed",
        "10 a run on average",
        "10.6 an article, images included",
        "the furthest off: +22%",
    ]


def test_the_meter_counts_the_months_credits_of_the_whole_team() -> None:
    site, other = site_with(), site_with(slug="other")
    spent(site, 30, call_id=1)
    spent(other, 20, call_id=2)
    spent(site, 500, call_id=3, booked_at=clock.now() - timedelta(days=32))
    config = config_of(site)
    config.budget_month = Decimal(200)
    config.save()

    meter = meter_of(site)
    assert (meter.spent, meter.budget, meter.percent) == ("50", "200", 25)
    assert meter_of(other).budget == ""


def test_the_meter_counts_what_a_site_that_is_gone_has_spent() -> None:
    """So does the budget: the ledger outlives its sites."""
    site, gone = site_with(), site_with(slug="gone")
    spent(gone, 20, call_id=1)
    gone.delete()

    assert meter_of(site).spent == "20"


def test_the_switch_says_what_each_site_is_doing() -> None:
    busy, waits, still = site_with(phrases(2)), site_with(slug="waits"), site_with(slug="still")
    run = start_run(busy)
    content = content_of(waits, "A")
    type(content).objects.filter(pk=content.pk).update(status="review")

    found = states_of([busy, waits, still])
    assert found == {busy.pk: "Running, stage 1 of 7", waits.pk: "1 article to review"}
    caches["fragments"].clear()
    values = {"status": "paused", "reason": "The key is wrong."}
    AutomationRun.objects.filter(pk=run.pk).update(**values)
    assert states_of([busy])[busy.pk] == "Paused: The key is wrong."
