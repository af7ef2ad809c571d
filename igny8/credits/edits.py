"""What people set about money: own prices, the tariff, credits that were paid beforehand."""

from collections.abc import Mapping
from decimal import Decimal

from django.core.exceptions import ValidationError

from igny8.accounts.models import Account
from igny8.core.errors import UsageError, UserError
from igny8.credits.models import CreditAccount, CreditTariff, PriceOverride


def set_price(account: Account, model: str, rates: Mapping[str, int | None]) -> PriceOverride:
    """The account's own price of a model from now on; rates left out are unknown."""
    price = PriceOverride.objects.filter(account=account, model=model).first()
    price = price or PriceOverride(account=account, model=model)
    for name in ("input_rate", "output_rate", "cached_rate", "image_rate"):
        setattr(price, name, rates.get(name))
    if all(rate is None for rate in rates.values()):
        raise UsageError("A price needs a rate: --input and --output, or --image.")
    _check(price)
    price.save()
    return price


def unset_price(account: Account, model: str) -> None:
    """The list's price counts again."""
    if not PriceOverride.objects.filter(account=account, model=model).delete()[0]:
        raise UserError(f"There is no own price of {model}. List them: igny8 prices own")


def set_tariff(
    account: Account,
    *,
    kind: str | None = None,
    multiplier: Decimal | None = None,
    fixed: Mapping[str, Decimal] | None = None,
) -> CreditTariff:
    """Only what is named changes; calls that were booked stay as they are."""
    tariff = CreditTariff.objects.filter(account=account).first() or CreditTariff(account=account)
    tariff.kind = kind or tariff.kind
    tariff.multiplier = tariff.multiplier if multiplier is None else multiplier
    tariff.fixed = {**tariff.fixed, **{name: str(rate) for name, rate in (fixed or {}).items()}}
    if any(Decimal(rate) < 0 for rate in tariff.fixed.values()) or tariff.multiplier < 0:
        raise UsageError("Credits cannot be negative.")
    _check(tariff)
    tariff.save()
    return tariff


def set_prepaid(account: Account, *, is_prepaid: bool) -> None:
    """Whether calls that the balance does not cover are refused."""
    found, _ = CreditAccount.objects.get_or_create(account=account)
    CreditAccount.objects.filter(pk=found.pk).update(is_prepaid=is_prepaid)


def _check(row: PriceOverride | CreditTariff) -> None:
    try:
        row.full_clean()
    except ValidationError as invalid:
        said = invalid.message_dict.items()
        raise UsageError("\n".join(f"{name}: {' '.join(text)}" for name, text in said)) from invalid
