"""Budgets of a run, a site's day, an account's month and a row: none is passed, all are told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from igny8.ai.calls import Asked, claim
from igny8.ai.connections import route_for
from igny8.ai.errors import Stop
from igny8.ai.functions import Form
from igny8.ai.models import AICall
from igny8.ai.origin import Origin
from igny8.automation.budgets import DAY, MONTH, RUN, afford_for, spent_in
from igny8.automation.models import AutomationRun, Event, Notice
from igny8.automation.parking import retry_parked
from igny8.automation.runs import resume_run, start_run
from igny8.core import clock
from igny8.core.clock import ManualClock
from igny8.credits.models import CreditEntry, PriceOverride
from igny8.jobs.workers import me
from igny8.sites.models import Site
from igny8.writer.models import Content, Task
from tests.automation.world import configure, lines, site_with, task_of
from tests.provider_server import ProviderServer

Drive = Callable[[AutomationRun], AutomationRun]
# An article of one section is five calls of 120 tokens in and 80 out: 0.2 credits each.
A_CALL = Decimal("0.2")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "worker", "server")]


def priced_site(slug: str = "garden", **settings: object) -> Site:
    site = site_with(slug=slug)
    configure(site, **settings)
    PriceOverride.objects.get_or_create(
        account=site.account,
        model="test-model",
        defaults={"input_rate": 10_000_000, "output_rate": 10_000_000},
    )
    return site


def booked(**of: object) -> Decimal:
    lines = CreditEntry.objects.filter(**of).values_list("credits", flat=True)
    return sum(lines, Decimal(0)).quantize(Decimal("0.01"))


def spent(run: AutomationRun) -> Decimal:
    return booked(run_ref=run.ref)


def run_articles(site: Site, number: int, drive: Drive) -> AutomationRun:
    """A run that has so many articles of one section to write."""
    for _ in range(number):
        task_of(site, f"How to grow vegetable {Task.objects.count()} at home", sections=1)
    return drive(start_run(site, first_stage=4, stop_after=4))


def learnt(drive: Drive, **settings: object) -> Site:
    """A site with history, so that each call is known to cost 0.2; then it is set."""
    site = priced_site()
    run_articles(site, 3, drive)
    configure(site, **settings)
    return site


def assert_paused_within(run: AutomationRun, code: str, limit: Decimal, used: Decimal) -> None:
    assert (run.status, run.reason_code) == ("paused", code)
    assert limit - A_CALL < used <= limit
    assert f"{used:.2f} of {limit:.2f} credits" in run.reason
    assert "needs about 0.20" in run.reason


def test_a_run_stops_before_the_call_that_would_pass_its_budget(drive: Drive) -> None:
    site = learnt(drive, budget_run=Decimal("1.3"))

    run = run_articles(site, 3, drive)

    assert_paused_within(run, "budget_run", Decimal("1.3"), spent(run))
    assert not AICall.objects.filter(state="sent").exists()


def test_a_raised_budget_and_a_resume_let_it_go_on_without_paying_again(
    drive: Drive, server: ProviderServer
) -> None:
    site = learnt(drive, budget_run=Decimal("1.3"))
    run = run_articles(site, 2, drive)
    configure(site, budget_run=Decimal(50))

    resume_run(run)
    run = drive(run)

    assert run.status == "completed"
    assert run.credits_used == spent(run)
    assert max(server.times_asked().values()) == 1


def test_a_day_of_a_site_is_counted_over_its_runs(drive: Drive) -> None:
    site = learnt(drive)
    today = booked()
    limit = today + Decimal("0.5")
    configure(site, budget_day=limit)

    run = run_articles(site, 1, drive)

    assert_paused_within(run, "budget_day", limit, today + spent(run))
    assert "for this site today" in run.reason


def test_a_new_day_has_a_new_budget(drive: Drive, clock: ManualClock) -> None:
    site = learnt(drive, budget_day=Decimal("1.5"))
    clock.sleep(24 * 3600)
    assert run_articles(site, 1, drive).status == "completed"


def test_a_month_of_an_account_is_counted_over_its_sites(drive: Drive) -> None:
    learnt(drive)
    before = booked()
    other = priced_site("other", budget_month=before)

    run = run_articles(other, 1, drive)

    assert (run.status, run.reason_code) == ("paused", "budget_month")
    assert spent(run) == 0


def test_a_row_over_its_budget_is_parked_and_the_run_goes_on(drive: Drive) -> None:
    site = learnt(drive, budget_item=Decimal("0.5"))

    run = run_articles(site, 2, drive)

    assert (run.status, run.result(4)["failed"]) == ("completed", 2)
    parked = Task.objects.filter(parked_code="budget_item")
    assert parked.count() == 2
    assert "the budget an item is 0.50" in parked[0].parked_reason
    assert spent(run) <= Decimal("1.0")


def test_a_parked_row_is_finished_for_the_rest_of_its_price_when_its_budget_is_raised(
    drive: Drive, server: ProviderServer
) -> None:
    site = learnt(drive, budget_item=Decimal("0.5"))
    run_articles(site, 1, drive)
    configure(site, budget_item=None)
    retry_parked(site)

    run = drive(start_run(site, first_stage=4, stop_after=4))

    assert run.status == "completed"
    assert Content.objects.count() == 4
    assert max(server.times_asked().values()) == 1


def test_a_lost_call_counts_against_budgets_because_it_may_have_been_paid(drive: Drive) -> None:
    site = learnt(drive)
    lost = AICall.objects.filter(state="used").first()
    assert lost is not None
    run = run_articles(site, 0, drive)
    AICall.objects.create(
        key="write_section/task:999/0/a", attempt=1, function="write_section", state="unknown",
        connection=lost.connection, run_ref=run.ref, site_id=site.pk, reserved=Decimal(3),
        deadline_at=clock.now(),
    )  # fmt: skip

    assert spent_in("budget_run", run) == 3
    assert spent_in("budget_day", run) == spent_in("budget_month", run)
    assert spent_in("budget_day", run) > 3


def test_a_budget_of_which_80_percent_are_used_is_told_once(drive: Drive) -> None:
    site = learnt(drive)
    of_two_articles = booked() * 2 / 3
    limit = (of_two_articles / Decimal("0.9")).quantize(Decimal("0.01"))
    configure(site, budget_run=limit, budget_day=Decimal(1000))

    run = run_articles(site, 2, drive)

    told = Notice.objects.get(event=Event.BUDGET_NEARLY_USED)
    assert (told.run, told.key) == (run, f"{run.ref}/budget_run/{limit}")
    assert told.says == f"{of_two_articles:.1f} of {limit:.1f} credits for this run are used."
    assert lines(run).count(told.says.rstrip(".")) == 1


def test_what_costs_nothing_is_stopped_by_no_budget(
    drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IGNY8_TEXT_MODEL")
    site = priced_site(budget_run=Decimal(0), budget_day=Decimal(0), budget_item=Decimal(0))
    assert run_articles(site, 1, drive).status == "completed"


def test_a_call_of_unknown_price_is_let_through_until_the_budget_is_used_up(drive: Drive) -> None:
    site = priced_site(budget_run=Decimal(5))
    PriceOverride.objects.update(output_rate=None)
    assert run_articles(site, 1, drive).status == "completed"
    configure(site, budget_run=Decimal(0))
    run = run_articles(site, 1, drive)
    assert run.reason_code == "budget_run"
    assert "no price is known" in run.reason


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("span", "index"),
    [
        (RUN, "calls_of_run"),
        (DAY, "calls_uncertain"),
        (MONTH, "calls_uncertain_connection"),
    ],
)
def test_what_was_spent_is_summed_without_opening_a_line_of_the_ledger(
    span: str, index: str
) -> None:
    """Each call asks, so that it may not become slow with the history."""
    run = start_run(site_with(["one"]))
    with CaptureQueriesContext(connection) as asked:
        spent_in(span, run)
    [of_ledger, of_calls] = [query["sql"] for query in asked]

    assert "COVERING INDEX ledger_of" in plan_of(of_ledger)
    assert f"USING INDEX {index}" in plan_of(of_calls)


def plan_of(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        return str(cursor.fetchall())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sites_that_ask_at_the_same_moment_do_not_pass_the_months_budget_together() -> None:
    sites = [priced_site(f"garden-{n}", budget_month=Decimal(10)) for n in range(3)]
    runs = [AutomationRun.objects.create(site=site) for site in sites]
    looked = Barrier(len(runs))

    def claims(run: AutomationRun) -> bool:
        try:
            claim_of(run, Decimal(6), looked)
        except Stop:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(len(runs)) as threads:
        assert sum(threads.map(claims, runs)) == 1


def claim_of(run: AutomationRun, credits_: Decimal, looked: Barrier) -> None:
    """A claim that waits, after it looked at the budgets, for the others to have looked, too."""
    afford = afford_for(run)

    def look_together(object_ref: str, expected: Decimal | None) -> None:
        afford(object_ref, expected)
        with suppress(BrokenBarrierError):
            looked.wait(0.5)

    origin = Origin(
        account_id=run.site.account_id,
        site_id=run.site_id,
        site_slug=run.site.slug,
        run_ref=run.ref,
        stage=4,
        worker=me(),
        attempts=3,
        permit=lambda: None,
        afford=look_together,
    )
    asked = Asked(key=f"write_section/task:{run.pk}/0/a", hashes=["h"], function="write_section")
    claim(asked, 0, route_for(run.site.account, Form.TEXT).steps[0], origin, credits_)
