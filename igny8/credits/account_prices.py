"""Prices and tariff as an account has set them."""

from decimal import Decimal

from igny8.credits.models import CreditTariff, PriceOverride
from igny8.credits.prices import Tariff, TariffKind, Usage, price_of


def price_for(account_id: int, model: str, usage: Usage, *, base_url: str = "") -> int | None:
    """Micro-dollars: the account's own price, else the list's; None when neither is known."""
    return price_of(model, usage, base_url=base_url, own=own_price(account_id, model))


def own_price(account_id: int, model: str) -> PriceOverride | None:
    """What the account says it pays for a model; None while it says nothing."""
    return PriceOverride.objects.filter(account_id=account_id, model=model).first()


def tariff_of(account_id: int) -> Tariff:
    row = CreditTariff.objects.filter(account_id=account_id).first()
    if row is None:
        return Tariff()
    fixed = {function: Decimal(str(rate)) for function, rate in row.fixed.items()}
    return Tariff(kind=TariffKind(row.kind), multiplier=row.multiplier, fixed=fixed)
