"""What a call costs, and what costs nothing."""

from decimal import Decimal

import pytest

from igny8.accounts.models import Account, owner_account
from igny8.ai.costs import NOTHING, Cost, is_local, pricing_for
from igny8.ai.models import AIConnection
from igny8.credits.models import PriceOverride
from igny8.credits.prices import Usage

MILLION = Usage(input_tokens=1_000_000, output_tokens=0)
pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    return owner_account()


def connection(account: Account, kind: str, base_url: str = "") -> AIConnection:
    return AIConnection.objects.create(
        account=account, name=f"{kind} {base_url}"[:80], kind=kind, base_url=base_url
    )


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:11434/v1", "http://localhost/v1", "http://192.168.1.7:8000", "http://ollama:11434",
     "http://gpu.lan/v1", "http://[::1]:8080/v1", "http://100.100.7.7:11434"],
)  # fmt: skip
def test_an_address_of_this_network_is_local(address: str) -> None:
    assert is_local(address)


@pytest.mark.parametrize("address", ["https://api.openai.com/v1", "https://8.8.8.8/v1", ""])
def test_any_other_address_is_not(address: str) -> None:
    assert not is_local(address)


def test_the_sample_provider_costs_nothing(account: Account) -> None:
    pricing = pricing_for(account.pk, connection(account, "sample"), "sample")
    assert pricing.cost_of("f", MILLION) == NOTHING


def test_a_model_on_this_machine_costs_nothing_until_a_price_is_set(account: Account) -> None:
    local = connection(account, "openai_compatible", "http://127.0.0.1:11434/v1")
    assert pricing_for(account.pk, local, "llama3.2").is_free
    PriceOverride.objects.create(account=account, model="llama3.2", input_rate=20_000)
    pricing = pricing_for(account.pk, local, "llama3.2")
    assert pricing.cost_of("f", MILLION) == Cost(20_000, Decimal("2.0000"))


def test_a_price_that_nobody_knows_is_unknown(account: Account) -> None:
    there = connection(account, "openai_compatible", "https://models.example.com/v1")
    assert pricing_for(account.pk, there, "house-model").cost_of("f", MILLION) == Cost(None, None)


@pytest.mark.parametrize(
    ("kind", "model"),
    [
        ("openai_compatible", "gpt-5-mini"),
        ("openai_compatible", "text-embedding-3-small"),
        ("openai_compatible", "gpt-image-1"),
        ("anthropic", "claude-sonnet-4-5"),
        ("gemini", "gemini-2.5-flash"),
        ("gemini", "gemini-2.5-flash-image"),
    ],
)
def test_a_connection_to_the_usual_address_has_the_prices_of_that_provider(
    account: Account, kind: str, model: str
) -> None:
    """As the guide adds them; other providers list models of the same names."""
    cost = pricing_for(account.pk, connection(account, kind), model).cost_of("f", MILLION)
    assert cost.microusd


def test_a_model_of_another_provider_is_unknown_there(account: Account) -> None:
    pricing = pricing_for(account.pk, connection(account, "openai_compatible"), "claude-sonnet-4-5")
    assert pricing.cost_of("f", MILLION).microusd is None
