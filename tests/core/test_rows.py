"""Prepared statements do what a queryset would, on both databases."""

from datetime import UTC, datetime

import pytest

from igny8.automation.models import AutomationRun, RunItem
from igny8.core.rows import condition_of, fetch_rows, insert_row, places, select_rows, update_rows
from igny8.planner.models import Keyword
from tests.automation.world import phrases, site_with

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def run_with_results() -> AutomationRun:
    result = {"total": 3, "errors": ["naïve"], "nothing": None}
    return AutomationRun.objects.create(
        site=site_with(phrases(1)), wake_at=NOON, credits_used="1.5", stage_1_result=result
    )


def test_a_fetched_row_equals_the_one_a_queryset_gives() -> None:
    run = run_with_results()

    [fetched] = fetch_rows(AutomationRun, "id = %s", [run.pk])

    stored = AutomationRun.objects.get(pk=run.pk)
    for field in AutomationRun._meta.concrete_fields:
        assert getattr(fetched, field.attname) == getattr(stored, field.attname), field.attname


def test_an_update_stores_json_moments_and_nothing_as_a_queryset_would() -> None:
    run = run_with_results()
    values = {"stage_1_result": {"left": [1, 2]}, "wake_at": None, "ended_at": run.started_at}

    assert update_rows(AutomationRun, values, "id = %s AND status = %s", [run.pk, "running"]) == 1

    run.refresh_from_db()
    assert {name: getattr(run, name) for name in values} == values


def test_an_update_that_meets_no_row_changes_nothing_and_says_so() -> None:
    run = run_with_results()

    assert update_rows(AutomationRun, {"percent": 7}, "id = %s", [run.pk + 1]) == 0
    assert select_rows("SELECT percent FROM igny8_automation_runs", []) == [(0,)]


def test_an_inserted_row_has_the_models_defaults() -> None:
    run = run_with_results()
    told = {"run_id": run.pk, "stage": 1, "object_id": 5, "position": 0, "batch_no": 1}

    item = RunItem.objects.get(pk=insert_row(RunItem, told))

    assert (item.state, item.made, item.alone) == ("queued", [], False)


def test_an_in_of_nothing_meets_no_row() -> None:
    run_with_results()

    assert update_rows(AutomationRun, {"percent": 7}, f"id IN ({places([])})", []) == 0


def test_a_querysets_condition_can_be_narrowed() -> None:
    site = site_with(phrases(3))
    first, *_ = Keyword.objects.filter(site=site).order_by("pk")
    condition, parameters = condition_of(Keyword.objects.awaiting_cluster())

    found = fetch_rows(Keyword, f"{condition} AND id = %s", [*parameters, first.pk])

    assert found == [first]
