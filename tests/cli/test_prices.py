"""`igny8 prices`, and `igny8 run --dry-run`."""

import json

import pytest

from igny8.accounts.models import owner_account
from igny8.automation.models import AutomationRun
from igny8.automation.runs import config_of
from igny8.credits.account_prices import tariff_of
from igny8.credits.models import CreditAccount, PriceOverride
from igny8.sites.models import Site
from tests.automation.world import configure, task_of
from tests.cli.conftest import Command


def test_prices_are_found_by_words_of_provider_and_model(igny8: Command) -> None:
    found = json.loads(igny8("prices", "list", "openai", "gpt-4o-mini", "--json").stdout)
    exact = [one for one in found if (one["provider"], one["model"]) == ("openai", "gpt-4o-mini")]
    assert exact == [{"provider": "openai", "model": "gpt-4o-mini", "input": 0.15, "output": 0.6}]
    assert "gpt-4o-mini" in igny8("prices", "list", "gpt-4o").stdout
    assert "more; name a part" in igny8("prices", "list").stdout
    assert "does not know it" in igny8("prices", "list", "no-such-model").stdout


def test_an_own_price_is_set_shown_and_taken_back(igny8: Command) -> None:
    igny8("prices", "set", "my-model", "--input", "0.5", "--output", "2")
    row = PriceOverride.objects.get(account=owner_account(), model="my-model")
    assert (row.input_rate, row.output_rate, row.image_rate) == (500_000, 2_000_000, None)
    assert "my-model" in igny8("prices", "own").stdout

    igny8("prices", "set", "my-model", "--image", "0.04")
    row.refresh_from_db()
    assert (row.input_rate, row.image_rate) == (None, 40_000)

    igny8("prices", "unset", "my-model")
    assert json.loads(igny8("prices", "own", "--json").stdout)["prices"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("set", "my-model"), "A price needs a rate"),
        (("set", "my-model", "--image", "inf"), "a number of dollars from 0 to 1,000,000"),
        (("unset", "my-model"), "There is no own price of my-model"),
        (("tariff", "cheap"), "not a valid choice"),
        (("tariff", "fixed", "--fixed", "write=1"), "There is no function “write”"),
        (("tariff", "fixed", "--fixed", "write_section"), "write it like write_section=0.5"),
        (("tariff", "--multiplier", "-1"), "Credits cannot be negative"),
        (("tariff", "--multiplier", "much"), "“much” is no number"),
        (("grant", "nan"), "“nan” is no number"),
    ],
)
def test_what_cannot_be_is_said(igny8: Command, words: tuple[str, ...], said: str) -> None:
    result = igny8("prices", *words)
    assert result.exit_code in (1, 2)
    assert said in result.stderr


def test_the_tariff_is_a_multiple_of_cost_or_fixed_by_function(igny8: Command) -> None:
    assert "1 credits for each cent" in igny8("prices", "tariff").stdout
    igny8("prices", "tariff", "--multiplier", "1.5")
    assert str(tariff_of(owner_account().pk).multiplier.normalize()) == "1.5"
    told = igny8("prices", "tariff", "fixed", "--fixed", "write_section=0.5").stdout
    assert "write_section 0.5" in told


def test_credits_are_granted_and_then_paid_beforehand(igny8: Command) -> None:
    assert "Balance 50 credits, paid beforehand" in igny8("prices", "grant", "50").stdout
    assert "Balance 30 credits" in igny8("prices", "grant", "--", "-20").stdout
    igny8("prices", "afterwards")
    assert not CreditAccount.objects.get().is_prepaid


def test_a_dry_run_says_what_it_would_take_and_starts_nothing(igny8: Command, garden: Site) -> None:
    told = igny8("run", "--site", "garden", "--dry-run").stdout
    assert "Keywords → Clusters" in told
    assert "Credits free" in told
    assert "Nothing was started." in told
    assert not AutomationRun.objects.exists()


def test_a_dry_run_with_another_model_for_other_programs(igny8: Command, garden: Site) -> None:
    words = ("--model", "gpt-4o-mini", "--image-model", "gpt-image-1", "--json")
    found = json.loads(igny8("run", "--site", "garden", "--dry-run", *words).stdout)
    assert float(found["credits"]["high"]) > float(found["credits"]["low"]) > 0
    assert found["models"]["4"] == "gpt-4o-mini"
    assert [stage["number"] for stage in found["stages"]] == [1, 2, 3, 4, 5, 6]
    assert found["would_finish"] is True


def test_models_to_reckon_with_belong_to_a_dry_run(igny8: Command, garden: Site) -> None:
    refused = igny8("run", "--site", "garden", "--model", "gpt-4o-mini")
    assert refused.exit_code == 2
    assert "--dry-run" in refused.stderr


def test_a_run_that_may_pass_a_budget_needs_yes(
    igny8: Command, garden: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", "https://models.example.com/v1")
    monkeypatch.setenv("IGNY8_TEXT_MODEL", "gpt-4o")
    garden.keywords.all().delete()
    task_of(garden)
    rates = {"input_rate": 10_000_000, "output_rate": 10_000_000}
    PriceOverride.objects.create(account=garden.account, model="gpt-4o", **rates)
    configure(garden, budget_run=1, stop_after=4)
    assert config_of(garden).budget_run == 1

    refused = igny8("run", "--site", "garden", "--no-wait")

    assert refused.exit_code == 2
    assert "Maybe more than your budget (1 a run)" in refused.stdout
    assert "1 article; add --yes" in refused.stderr
    assert not AutomationRun.objects.exists()
