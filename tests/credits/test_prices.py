import subprocess
import sys
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from igny8.accounts.models import Account
from igny8.credits.account_prices import price_for, tariff_of
from igny8.credits.models import CreditTariff, PriceOverride
from igny8.credits.prices import Tariff, TariffKind, Usage, price_of

OPENAI = "https://api.openai.com/v1"
MILLION = Usage(input_tokens=1_000_000, output_tokens=1_000_000)


@pytest.fixture
def account(db: None) -> Account:
    return Account.objects.create(name="Owner")


def test_a_listed_model_has_its_list_price() -> None:
    assert price_of("gpt-4o-mini", MILLION, base_url=OPENAI) == 150_000 + 600_000
    assert price_of("gpt-4o-mini", MILLION) == 750_000


def test_tokens_from_the_cache_cost_less() -> None:
    cached = Usage(input_tokens=1_000_000, output_tokens=0, cached_tokens=1_000_000)
    assert price_of("gpt-4o-mini", cached, base_url=OPENAI) == 75_000


def test_tokens_of_images_have_their_own_price() -> None:
    image = Usage(input_tokens=0, output_tokens=1056, image_tokens=1056, images=1)
    assert price_of("gpt-image-1", image, base_url=OPENAI) == 42_240


@pytest.mark.parametrize(
    ("model", "base_url"),
    [
        ("llama3.2", ""),
        ("gpt-4o-mini", "http://localhost:11434/v1"),
        ("gpt-4o-mini", "https://gateway.example/api.openai.com/"),
        ("no-such-model", OPENAI),
        ("", ""),
    ],
)
def test_an_unknown_price_is_unknown_and_never_nothing(model: str, base_url: str) -> None:
    assert price_of(model, MILLION, base_url=base_url) is None


def test_what_the_provider_did_not_count_has_no_known_price() -> None:
    assert price_of("gpt-4o-mini", Usage(input_tokens=5)) is None
    assert price_of("gpt-image-1", Usage(images=1)) is None


def test_the_smallest_call_is_not_rounded_to_nothing() -> None:
    assert price_of("gpt-4o-mini", Usage(input_tokens=1, output_tokens=0)) == 1


def test_an_account_can_set_its_own_price(account: Account) -> None:
    PriceOverride.objects.create(
        account=account, model="llama3.2", input_rate=100_000, output_rate=200_000
    )
    assert price_for(account.pk, "llama3.2", MILLION) == 300_000
    PriceOverride.objects.create(account=account, model="gpt-4o-mini", input_rate=0, output_rate=0)
    assert price_for(account.pk, "gpt-4o-mini", MILLION, base_url=OPENAI) == 0
    other = Account.objects.create(name="Other")
    assert price_for(other.pk, "llama3.2", MILLION) is None


def test_an_own_price_for_images_needs_no_tokens(account: Account) -> None:
    PriceOverride.objects.create(account=account, model="flux", image_rate=30_000)
    assert price_for(account.pk, "flux", Usage(images=2)) == 60_000
    assert price_for(account.pk, "flux", MILLION) is None


def test_a_price_of_nothing_needs_no_tokens_either(account: Account) -> None:
    free = PriceOverride(account=account, model="house", input_rate=0, output_rate=0)
    half = PriceOverride(account=account, model="house", input_rate=0, output_rate=1)

    assert price_of("house", Usage(), own=free) == 0
    assert price_of("house", Usage(), own=half) is None


def test_no_price_is_negative(account: Account) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        PriceOverride.objects.create(account=account, model="m", input_rate=-1)


def test_a_credit_is_a_cent_unless_told_otherwise(account: Account) -> None:
    assert tariff_of(account.pk).credits(12_345, function="f") == Decimal("1.2345")
    CreditTariff.objects.create(account=account, multiplier=Decimal("1.5"))
    assert tariff_of(account.pk).credits(10_000, function="f") == Decimal("1.5")
    assert tariff_of(account.pk).credits(None, function="f") is None


def test_a_fixed_tariff_knows_no_cost(account: Account) -> None:
    CreditTariff.objects.create(account=account, kind="fixed", fixed={"write": "5", "draw": 4})
    tariff = tariff_of(account.pk)
    assert tariff.kind is TariffKind.FIXED
    assert tariff.credits(None, function="write", units=Decimal("1.2")) == 6
    assert tariff.credits(999, function="draw") == 4
    assert tariff.credits(999, function="other") is None


def test_the_list_of_prices_is_loaded_when_first_needed() -> None:
    program = (
        "import sys, igny8.credits.prices as p; before = 'genai_prices' in sys.modules;"
        "p.price_of('gpt-4o-mini', p.Usage(input_tokens=1, output_tokens=1));"
        "print(before, 'genai_prices' in sys.modules, 'httpx' in sys.modules)"
    )
    command = [sys.executable, "-c", program]
    shown = subprocess.run(command, check=True, capture_output=True, text=True)
    assert shown.stdout.split()[:2] == ["False", "True"]


def test_a_tariff_rounds_up_to_a_ten_thousandth_of_a_credit() -> None:
    assert Tariff().credits(1, function="f") == Decimal("0.0001")
