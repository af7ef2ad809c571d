"""What is told of a run, and that nothing is told twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from igny8.accounts.models import owner_account
from igny8.automation.models import AutomationRun, Channel, Delivery, Event, Notice
from igny8.automation.notify import announce
from igny8.automation.notify.channels import add_channel
from igny8.automation.reconcile import reconcile
from igny8.automation.runs import cancel_run, config_of, pause_run, resume_run, start_run
from igny8.automation.schedule import reschedule, start_due_runs
from igny8.core.clock import ManualClock
from igny8.credits.models import CreditEntry
from igny8.jobs import workers
from igny8.planner.models import Keyword
from igny8.sites.models import Site
from igny8.writer.models import Content
from tests.automation.conftest import Workflows
from tests.automation.world import (
    Watched,
    add_keywords,
    configure,
    fresh,
    lines,
    phrases,
    site_with,
    task_of,
    until_it_rests,
)
from tests.provider_faults import status
from tests.provider_server import ProviderServer

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "worker")]
Drive = Callable[[AutomationRun], AutomationRun]
ESTIMATED = {"credits": {"low": "5", "high": "10"}}


def told(event: Event | None = None) -> list[str]:
    notices = Notice.objects.order_by("pk")
    found = notices if event is None else notices.filter(event=event)
    return list(found.values_list("says", flat=True))


def chat() -> Channel:
    account = owner_account()
    channel, _ = add_channel(account, name="Chat", kind="webhook", address="https://a.test/x")
    return channel


def tasks(site: Site, number: int) -> None:
    for n in range(number):
        task_of(site, f"How to grow tomatoes, part {n}")


def write_articles(site: Site, **more: Any) -> AutomationRun:
    return until_it_rests(start_run(site, first_stage=4, stop_after=4, **more))


def test_a_run_that_waits_for_review_is_told_once(provider: Watched, drive: Drive) -> None:
    site = site_with(phrases(3))

    run = drive(start_run(site))
    drive(run)

    articles = Content.objects.filter(site=site).count()
    waits = "1 article waits" if articles == 1 else f"{articles} articles wait"
    assert told() == [f"Run {run.pk} is complete: {waits} for review."]


def test_a_run_that_stops_as_asked_says_where(provider: Watched, drive: Drive) -> None:
    run = drive(start_run(site_with(phrases(3)), stop_after=1))

    assert told(Event.RUN_COMPLETED) == [
        f"Run {run.pk} is complete: it stopped after stage 1, as asked."
    ]


def test_a_run_without_anything_to_do_is_not_worth_a_word(drive: Drive) -> None:
    drive(start_run(site_with()))

    assert told() == []


def test_what_a_person_does_is_not_told(provider: Watched) -> None:
    run = start_run(site_with(phrases(3)))
    pause_run(run)
    resume_run(run)
    cancel_run(run)

    assert told() == []


def test_a_failed_hand_over_is_told(provider: Watched, drive: Drive) -> None:
    site = site_with(phrases(3))
    provider.during("generate_ideas", lambda: add_keywords(site, ["late arrival"]))
    run = start_run(site)
    drive(run)
    Keyword.objects.create(site=site, keyword="missed", normalised="missed")

    failed = drive(start_run(site, first_stage=2))

    assert failed.status == "failed"
    assert told(Event.RUN_FAILED) == [
        f"Run {failed.pk} failed: {failed.reason}. What was made so far stays."
    ]


def test_a_refused_key_is_told_as_a_connection_that_needs_attention(
    server: ProviderServer,
) -> None:
    site = site_with()
    tasks(site, 1)
    server.fail(status(401))

    run = write_articles(site)

    [notice] = Notice.objects.all()
    assert (notice.event, notice.reason_code) == (Event.CONNECTION_ATTENTION, "credentials")
    assert notice.says.startswith(f"Run {run.pk} paused. ")
    assert notice.says.endswith("It goes on when somebody resumes it.")

    resume_run(run)
    until_it_rests(run)
    assert len(told()) == 2  # a person thought it was mended


def test_an_outage_is_told_once_however_often_it_is_tried_again(
    server: ProviderServer, no_engine: Workflows, clock: ManualClock
) -> None:
    site = site_with()
    tasks(site, 1)
    server.fail(status(503))
    run = write_articles(site)
    for _ in range(3):
        clock.time = fresh(run).wake_at or clock.time
        reconcile()
        until_it_rests(run)

    assert (fresh(run).reason_code, run.retries) == ("provider_down", 4)
    [says] = told(Event.RUN_PAUSED)
    assert "It tries again by itself at" in says


def test_the_next_outage_after_a_success_is_told_again(
    server: ProviderServer, no_engine: Workflows, clock: ManualClock
) -> None:
    site = site_with()
    tasks(site, 2)
    server.fail(status(503))
    run = write_articles(site)
    server.recover()
    clock.time = fresh(run).wake_at or clock.time
    server.fail(status(503), when=lambda asked: "part 1" in asked.prompt)
    reconcile()
    until_it_rests(run)

    assert fresh(run).result(4)["done"] == 1
    assert len(told(Event.RUN_PAUSED)) == 2


def test_a_runner_that_fails_three_times_is_told_and_waits_for_a_person(
    provider: Watched, no_engine: Workflows
) -> None:
    run = start_run(site_with(phrases(3)))
    for _ in range(3):
        no_engine.known[f"run-{run.pk}-g{fresh(run).generation}"] = ("ended", workers.me())
        reconcile()

    [notice] = Notice.objects.all()
    assert (notice.event, notice.reason_code) == (Event.RUN_PAUSED, "internal")
    assert notice.says.endswith("It goes on when somebody resumes it.")


def test_errors_that_pile_up_are_told_once_a_stage(server: ProviderServer) -> None:
    site = site_with(attempts=1)
    tasks(site, 6)
    server.fail("refusal")

    run = write_articles(site)

    assert run.result(4)["failed"] == 6
    says = f"Errors pile up in stage 4 of run {run.pk}: 3 of the last 3 items"
    assert told(Event.ERROR_SPIKE) == [f"{says}."]
    assert lines(run, level="warning").count(says) == 1


@pytest.mark.parametrize(("good", "is_told"), [(12, True), (13, False)])
def test_three_errors_pile_up_when_they_are_a_fifth_of_the_last_ones(
    server: ProviderServer, good: int, is_told: bool
) -> None:
    site = site_with(attempts=1)
    tasks(site, good + 3)
    bad = tuple(f'part {n}"' for n in range(good, good + 3))
    server.fail("refusal", when=lambda asked: any(one in asked.prompt for one in bad))

    run = write_articles(site)

    assert (run.result(4)["done"], run.result(4)["failed"]) == (good, 3)
    assert bool(told(Event.ERROR_SPIKE)) is is_told


@pytest.mark.parametrize(("amount", "is_told"), [(6, False), (7, True)])
def test_credits_over_the_estimate_are_told_once_a_run(
    provider: Watched, amount: int, is_told: bool
) -> None:
    site = site_with()
    tasks(site, 2)
    run = start_run(site, first_stage=4, stop_after=4)
    AutomationRun.objects.update(estimate={**run.estimate, **ESTIMATED})
    for nth in (1, 2):
        provider.during("write_metadata", lambda: spend(run, amount), nth=nth)

    until_it_rests(run)

    assert fresh(run).credits_used == 2 * amount
    assert len(told(Event.OVER_ESTIMATE)) == is_told
    assert sum("it was estimated" in line for line in lines(run, level="warning")) == is_told


def test_the_alert_waits_for_the_percentage_that_is_set_now(provider: Watched) -> None:
    site = site_with()
    tasks(site, 1)
    run = start_run(site, first_stage=4, stop_after=4)
    AutomationRun.objects.update(estimate={**run.estimate, **ESTIMATED})
    configure(site, alert_over_estimate_percent=50)
    provider.during("write_metadata", lambda: spend(run, 14))

    until_it_rests(run)

    assert told(Event.OVER_ESTIMATE) == []


def spend(run: AutomationRun, amount: int) -> None:
    CreditEntry.objects.create(
        account=run.site.account, kind="charge", credits=amount, run_ref=run.ref, stage=4
    )


def test_three_missed_slots_in_a_row_are_told_once(clock: ManualClock) -> None:
    site = site_with(phrases(2), schedule="daily")
    reschedule(config_of(site))
    run = start_run(site)
    for _ in range(5):
        clock.time += timedelta(days=1)
        start_due_runs()

    [says] = told()
    assert says.startswith(f"3 scheduled runs in a row were skipped because of run {run.pk}")


def test_a_key_is_announced_once_and_reaches_every_channel_of_the_team() -> None:
    site, channel = site_with(), chat()

    def used() -> bool:
        says = "80 % of the budget is used."
        return announce(Event.BUDGET_NEARLY_USED, site=site, key="budget/month", says=says)

    assert [used(), used()] == [True, False]

    [delivery] = Delivery.objects.all()
    assert (delivery.channel, delivery.state) == (channel, "waiting")


def test_channels_of_other_teams_hear_nothing() -> None:
    from igny8.accounts.models import Account

    other = Account.objects.create(name="Other team")
    add_channel(other, name="Chat", kind="webhook", address="https://a.test/x")

    announce(Event.RUN_FAILED, site=site_with(), key="k", says="Failed.")

    assert not Delivery.objects.exists()


def test_what_a_site_does_not_ask_for_is_noted_and_sent_nowhere() -> None:
    site = site_with(notify=["run_failed"])
    chat()

    assert announce(Event.RUN_COMPLETED, site=site, key="k", says="Complete.")

    assert told() == ["Complete."]
    assert not Delivery.objects.exists()


def test_who_asks_for_pauses_hears_of_those_for_a_connection() -> None:
    site = site_with(notify=["run_paused"])
    chat()

    announce(Event.CONNECTION_ATTENTION, site=site, key="k", says="The key was refused.")

    assert Delivery.objects.count() == 1


def test_an_item_that_goes_well_costs_no_statement_more(
    provider: Watched, django_assert_num_queries: "DjangoAssertNumQueries"
) -> None:
    from igny8.automation.notify.occasions import watch_credits

    site = site_with()
    run = start_run(site)
    run.estimate = {**run.estimate, **ESTIMATED}
    run.credits_used = run.credits_used + 9

    with django_assert_num_queries(0):
        watch_credits(run, run.credits_used)
        watch_credits(run, run.credits_used - 1)
