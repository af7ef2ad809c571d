"""The invariants: they hold after a run, and each notices when it is broken."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from igny8.ai.models import AICall
from igny8.automation.checks import all_checks
from igny8.automation.models import AutomationRun, RunItem
from igny8.automation.runner import advance
from igny8.automation.runs import start_run
from igny8.core import clock
from igny8.credits.ledger import reserve
from igny8.credits.models import CreditAccount
from igny8.jobs.models import Worker
from igny8.planner.models import Cluster, Keyword
from igny8.writer.models import Content, Image, Task
from tests.automation.world import Watched, cluster_of, lease_of, phrases, site_with, task_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def run(drive: Callable[[AutomationRun], AutomationRun], provider: Watched) -> AutomationRun:
    return drive(start_run(site_with(phrases(6))))


def failed() -> list[str]:
    return [check.name for check in all_checks() if not check.ok]


@pytest.fixture(autouse=True)
def constraints_hold_again(db: None) -> Iterator[None]:
    """The connection outlives the test."""
    yield
    if connection.vendor == "sqlite":
        on_sqlite("PRAGMA ignore_check_constraints = OFF")


def on_sqlite(*statements: str) -> None:
    """For tests marked `sqlite`: PostgreSQL breaks in other ways."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_after_a_run_all_of_them_hold(run: AutomationRun) -> None:
    assert failed() == []


def test_they_hold_in_the_midst_of_a_run(worker: str, provider: Watched) -> None:
    run = start_run(site_with(phrases(6)))
    lease = lease_of(run)
    while run.current_stage < 6:
        advance(run.pk, lease)
        assert failed() == []
        run.refresh_from_db()


def leave_a_keyword_behind(run: AutomationRun) -> None:
    on_sqlite("PRAGMA ignore_check_constraints = ON", "UPDATE igny8_keywords SET status = 'new'")


def map_a_cluster_without_ideas(run: AutomationRun) -> None:
    cluster_of(run.site, "Forgotten", pages=[["rhubarb pie"]])
    Cluster.objects.update(status=Cluster.Status.MAPPED)


def complete_a_task_without_content(run: AutomationRun) -> None:
    Task.objects.filter(pk=task_of(run.site).pk).update(status=Task.Status.COMPLETED)


def forget_to_book_an_answer(run: AutomationRun) -> None:
    call = AICall.objects.earliest("pk")
    call.pk, call.key = None, "a/b/c/d"
    call.save(force_insert=True)


def pay_another_price(run: AutomationRun) -> None:
    AICall.objects.filter(pk=AICall.objects.earliest("pk").pk).update(credits=5)


def forget_what_was_set_aside(run: AutomationRun) -> None:
    reserve(run.site.account_id, Decimal(1), key="call:999999", expires_at=clock.now())


def lose_credits_of_an_account(run: AutomationRun) -> None:
    CreditAccount.objects.create(account=run.site.account, balance=3)


def charge_more_than_was_booked(run: AutomationRun) -> None:
    AutomationRun.objects.update(credits_used=5)


def let_the_ledger_be_changed(run: AutomationRun) -> None:
    on_sqlite("DROP TRIGGER igny8_credit_entries_append_only_update")


def start_two_runs(run: AutomationRun) -> None:
    on_sqlite("DROP INDEX run_active_once")
    start_run(run.site)
    start_run(run.site)


def hold_a_row_for_nobody(run: AutomationRun) -> None:
    Image.objects.filter(pk=Image.objects.earliest("pk").pk).update(held_by="run:999999")


def leave_an_item_queued(run: AutomationRun) -> None:
    item = RunItem.objects.filter(run=run, stage=2).earliest("pk")
    RunItem.objects.filter(pk=item.pk).update(state=RunItem.State.QUEUED)


def miscount_a_stage(run: AutomationRun) -> None:
    wrong = {**run.result(3), "processed": 99}
    AutomationRun.objects.filter(pk=run.pk).update(stage_3_result=wrong)


def overwrite_a_text(run: AutomationRun) -> None:
    Content.objects.update(body="Somebody else's words.")


def end_before_the_start(run: AutomationRun) -> None:
    RunItem.objects.update(ended_at=run.started_at - HOUR)


def refer_to_another_site(run: AutomationRun) -> None:
    other = cluster_of(site_with(slug="kitchen"), "Herbs")
    on_sqlite("DROP TRIGGER igny8_keywords_cluster_id_same_site_update")
    Keyword.objects.update(cluster=other)


def lose_the_worker(run: AutomationRun) -> None:
    stuck = start_run(run.site)
    Worker.objects.update(seen_at=clock.now() - HOUR)
    AutomationRun.objects.filter(pk=stuck.pk).update(updated_at=clock.now() - HOUR)


def lose_a_picture(run: AutomationRun) -> None:
    (Path(settings.MEDIA_ROOT) / Image.objects.earliest("pk").file).unlink()


@pytest.mark.parametrize(
    ("break_it", "noticed"),
    [
        (
            map_a_cluster_without_ideas,
            "I1 a mapped cluster has an idea for each page, or as many as wanted",
        ),
        (
            complete_a_task_without_content,
            "I3 a task is completed when its content exists, and only then",
        ),
        (forget_to_book_an_answer, "I4 each call that was paid for is one line of the ledger"),
        (pay_another_price, "I4 each call that was paid for is one line of the ledger"),
        (forget_what_was_set_aside, "I5 credits are set aside for calls under way only"),
        (
            lose_credits_of_an_account,
            "I5 an account's balance is its ledger, its reserve what is set aside",
        ),
        (
            charge_more_than_was_booked,
            "I5 a run's credits are its ledger lines and the sum of its stages",
        ),
        (hold_a_row_for_nobody, "I6 rows are held by active runs only"),
        (leave_an_item_queued, "I7 no stage starts over a pending one"),
        (miscount_a_stage, "I8 recorded counts are the counts of the items"),
        (overwrite_a_text, "I11 an article is its newest version"),
        (end_before_the_start, "I13 nothing ends before it starts"),
        (lose_the_worker, "I15 what runs has a live worker"),
        (lose_a_picture, "image files"),
    ],
)
def test_what_is_broken_is_noticed(
    run: AutomationRun, break_it: Callable[[AutomationRun], None], noticed: str
) -> None:
    break_it(run)
    assert noticed in failed()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("break_it", "noticed"),
    [
        (leave_a_keyword_behind, "I1 a mapped keyword has one cluster of its site, a new one none"),
        (let_the_ledger_be_changed, "I5 the ledger only grows, sites stay apart"),
        (start_two_runs, "I6 one active pipeline run a site"),
        (refer_to_another_site, "I14 no row refers to another site"),
    ],
)
def test_what_only_a_broken_database_allows_is_noticed(
    run: AutomationRun, break_it: Callable[[AutomationRun], None], noticed: str
) -> None:
    break_it(run)
    assert noticed in failed()


def test_a_broken_one_names_rows_and_what_to_do(run: AutomationRun) -> None:
    Content.objects.update(body="Somebody else's words.")
    [check] = [check for check in all_checks() if not check.ok]
    first = Content.objects.earliest("pk").pk
    assert check.detail.startswith(f"content {first}")
    assert check.detail.endswith("look at these rows before the next run.")


def test_lost_calls_are_mentioned_without_failing(run: AutomationRun) -> None:
    AICall.objects.filter(pk=AICall.objects.earliest("pk").pk).update(state="unknown")
    [workers] = [check for check in all_checks() if check.name == "workers"]
    assert workers.ok
    assert "1 calls were lost" in workers.detail
