"""`igny8 config`."""

import json
from decimal import Decimal

import pytest

from igny8.automation.models import AutomationConfig
from igny8.automation.runs import config_of
from igny8.core.clock import ManualClock
from igny8.sites.models import Site
from tests.cli.conftest import Command


def test_every_setting_is_shown_with_its_meaning(igny8: Command, garden: Site) -> None:
    shown = igny8("config", "--site", "garden").stdout
    for name in ("stage_1_batch_size", "within_stage_delay", "stop_after", "time_zone"):
        assert name in shown
    assert "day of the month; 31 = the last" in shown


def test_json_holds_the_values_as_they_are(igny8: Command, garden: Site) -> None:
    shown = json.loads(igny8("config", "--site", "garden", "--json").stdout)
    assert shown["site"] == "garden"
    assert shown["stage_1_batch_size"] == 20
    assert shown["enabled"] is True
    assert shown["budget_run"] is None
    assert "next_run_at" in shown


def test_several_settings_are_set_at_once(igny8: Command, garden: Site) -> None:
    words = ("stage_1_batch_size=47", "budget_run=12.50", "enabled=off", "stop_after=3")
    result = igny8("config", "--site", "garden", *words)
    assert result.exit_code == 0
    assert "enabled = no" in result.stdout
    config = config_of(garden)
    assert (config.stage_1_batch_size, config.budget_run) == (47, Decimal("12.50"))
    assert (config.enabled, config.stop_after) == (False, 3)


def test_none_takes_a_limit_away(igny8: Command, garden: Site) -> None:
    AutomationConfig.objects.update(budget_run=5)
    igny8("config", "--site", "garden", "budget_run=none")
    assert config_of(garden).budget_run is None


def test_a_schedule_in_the_sites_time_zone_has_its_next_run_at_once(
    igny8: Command, garden: Site, clock: ManualClock
) -> None:
    words = ("schedule=daily", "schedule_time=05:30", "time_zone=Europe/Berlin")
    shown = igny8("config", "--site", "garden", *words).stdout
    garden.refresh_from_db()
    assert garden.time_zone == "Europe/Berlin"
    assert "Next run 2026-01-06 05:30 CET." in shown
    as_json = json.loads(igny8("config", "--site", "garden", "--json").stdout)
    assert as_json["next_run_at"] == "2026-01-06T04:30:00Z"


@pytest.mark.parametrize(
    ("word", "complaint"),
    [
        ("stage_1_batch_size=201", "stage_1_batch_size: Ensure this value is less than"),
        ("within_stage_delay=-1", "within_stage_delay: Ensure this value is greater than"),
        ("images_per_article=many", "images_per_article: “many” value must be an integer."),
        ("schedule=hourly", "schedule: Value 'hourly' is not a valid choice."),
        ("time_zone=Mars/Base", "time_zone: “Mars/Base” is no time zone"),
        ("schedule=cron", "schedule_cron: "),
        ("budget_run=-1", "budget_run: Ensure this value is greater than"),
        ("stop_after", "write it like stop_after=VALUE"),
    ],
)
def test_a_value_that_cannot_stand_is_named_and_nothing_is_set(
    igny8: Command, garden: Site, word: str, complaint: str
) -> None:
    result = igny8("config", "--site", "garden", "attempts=5", word)
    assert result.exit_code == 2
    assert complaint in result.stderr
    assert config_of(garden).attempts == 3


def test_an_unknown_name_is_answered_with_all_names(igny8: Command, garden: Site) -> None:
    result = igny8("config", "--site", "garden", "batch=3")
    assert result.exit_code == 2
    assert "There is no setting “batch”." in result.stderr
    assert "stage_1_batch_size" in result.stderr
    assert "next_run_at" not in result.stderr


def test_the_knob_of_the_grouping_and_its_vectors_are_settings_of_the_site(
    igny8: Command, garden: Site
) -> None:
    result = igny8("config", "--site", "garden", "granularity=fine", "embeddings=endpoint")

    garden.refresh_from_db()
    assert result.exit_code == 0
    assert (garden.granularity, garden.embeddings) == ("fine", "endpoint")
    refused = igny8("config", "--site", "garden", "granularity=huge")
    assert refused.exit_code == 2
    assert "granularity: " in refused.stderr
