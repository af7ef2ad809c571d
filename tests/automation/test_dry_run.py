"""A run looked at beforehand, and what must be typed before a dear one."""

from decimal import Decimal
from shutil import _ntuple_diskusage

import pytest

from igny8.ai.connections import route_for
from igny8.ai.functions import Form
from igny8.ai.models import AICall, AIConnection
from igny8.automation import dry_run
from igny8.automation.confirming import limits_passed, number_to_type
from igny8.automation.dry_run import DryRun, look_before
from igny8.automation.estimates import estimate
from igny8.automation.loads import NOT_CHOSEN, Chosen
from igny8.automation.models import AutomationRun
from igny8.automation.runs import config_of, start_run
from igny8.credits.edits import set_prepaid
from igny8.credits.models import CreditEntry, PriceOverride
from igny8.sites.models import Site
from tests.automation.world import (
    configure,
    content_of,
    idea_of,
    images_of,
    phrases,
    site_with,
    task_of,
)

pytestmark = pytest.mark.django_db
ELSEWHERE = "https://models.example.com/v1"


@pytest.fixture
def priced(monkeypatch: pytest.MonkeyPatch) -> Site:
    """Two articles wait for six images of five credits each."""
    monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", ELSEWHERE)
    monkeypatch.setenv("IGNY8_OPENAI_API_KEY", "sk-test")
    monkeypatch.setenv("IGNY8_TEXT_MODEL", "house-model")
    monkeypatch.setenv("IGNY8_IMAGE_MODEL", "house-painter")
    site = site_with()
    for number in range(2):
        images_of(content_of(site, f"Article {number}"), 3)
    PriceOverride.objects.create(account=site.account, model="house-painter", image_rate=50_000)
    return site


def looked(site: Site, *, first_stage: int = 1, chosen: Chosen = NOT_CHOSEN) -> DryRun:
    return look_before(site, config_of(site), first_stage=first_stage, chosen=chosen)


def codes(found: DryRun) -> dict[str, str]:
    return {one.code: one.kind for one in found.obstacles}


def typed(site: Site) -> str:
    config = config_of(site)
    expected = estimate(site, config)
    asked = number_to_type(expected, limits_passed(expected, config))
    return asked.counted if asked else ""


def spend(site: Site, amount: str, *, call_id: int = 1) -> None:
    CreditEntry.objects.create(
        account=site.account,
        site_id=site.pk,
        kind="charge",
        credits=Decimal(amount),
        call_id=call_id,
    )


def test_a_dry_run_starts_and_calls_and_stores_nothing() -> None:
    site = site_with(phrases(20))

    found = looked(site)

    assert (found.expected.totals[1], found.would_finish) == (20, True)
    assert codes(found) == {"sample": "remark", "no_worker": "remark"}
    assert not AutomationRun.objects.exists()
    assert not AICall.objects.exists()
    assert not site.clusters.exists()


@pytest.mark.usefixtures("worker")
def test_a_priced_queue_with_all_it_needs_meets_nothing(priced: Site) -> None:
    found = looked(priced)
    assert codes(found) == {}
    assert found.as_json()["credits"] == {"low": "30", "high": "30"}
    assert found.as_json()["would_finish"] is True


@pytest.mark.usefixtures("worker")
def test_a_missing_key_and_one_that_was_refused_stop_it(
    priced: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IGNY8_OPENAI_API_KEY")
    route_for(priced.account, Form.IMAGE)
    AIConnection.objects.update(attention="The key was refused (401).")

    found = looked(priced)

    assert codes(found) == {"key": "stops", "connection": "stops"}
    assert not found.would_finish
    assert "IGNY8_OPENAI_API_KEY" in found.obstacles[0].text


@pytest.mark.usefixtures("worker")
def test_budgets_that_are_too_small_stop_it(priced: Site) -> None:
    configure(priced, budget_run=29, budget_day=40, budget_month=500)
    assert codes(looked(priced)) == {"budget_run": "stops"}

    spend(priced, "11")

    found = looked(priced)
    assert codes(found) == {"budget_run": "stops", "budget_day": "stops"}
    assert "40 a day, 29 left" in found.obstacles[1].text


@pytest.mark.usefixtures("worker")
def test_an_unknown_price_is_said_and_that_no_budget_can_hold_then(priced: Site) -> None:
    task_of(priced)
    assert "budget" not in looked(priced).obstacles[0].text

    configure(priced, budget_run=100)

    [found] = looked(priced).obstacles
    assert found.code == "unknown_price"
    assert "house-model" in found.text
    assert "cannot be kept" in found.text


@pytest.mark.usefixtures("worker")
def test_prepaid_credits_that_do_not_cover_it_stop_it(priced: Site) -> None:
    set_prepaid(priced.account, is_prepaid=True)
    assert codes(looked(priced)) == {"credits": "stops"}


@pytest.mark.usefixtures("worker")
def test_rows_before_the_first_stage_stop_it(priced: Site) -> None:
    task = task_of(priced)
    assert "incomplete" not in codes(looked(priced, first_stage=4))

    [found] = [o for o in looked(priced, first_stage=6).obstacles if o.code == "incomplete"]

    assert task.status == "pending"
    assert "Stage 4 incomplete, cannot proceed to Stage 6" in found.text


@pytest.mark.usefixtures("worker")
def test_a_full_disk_and_another_run_stop_it(priced: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dry_run, "disk_usage", lambda _: _ntuple_diskusage(10**9, 10**9, 10**6))
    start_run(priced)
    assert codes(looked(priced)) == {"active_run": "stops", "disk": "stops"}


def test_with_another_model_no_key_is_missed() -> None:
    found = looked(site_with(phrases(20)), chosen=Chosen(text="gpt-4o-mini", image="gpt-image-1"))
    assert codes(found) == {"no_worker": "remark"}
    assert found.expected.credits is not None


def test_what_a_slip_of_the_hand_may_cost_is_typed(priced: Site) -> None:
    assert typed(priced) == ""
    configure(priced, budget_month=20)
    assert typed(priced) == "6 images"
    configure(priced, budget_month=30)
    assert typed(priced) == ""


def test_above_fifty_articles_their_number_is_typed_even_when_they_are_free() -> None:
    site = site_with()
    for number in range(50):
        idea_of(site, f"Article {number}")
    assert typed(site) == ""
    idea_of(site, "One more")
    assert typed(site) == "51 articles"


def test_a_stop_that_lies_before_the_first_stage_is_left_out_as_the_run_leaves_it_out(
    priced: Site,
) -> None:
    configure(priced, stop_after=2)

    found = looked(priced, first_stage=6)

    assert found.expected.totals[6] == 6
    run = start_run(priced, first_stage=6)
    assert run.estimate["credits"] == found.expected.credits
