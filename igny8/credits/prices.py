"""What a call costs, in micro-dollars; what nobody knows the price of is None, never 0."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from genai_prices.types import ModelPrice

MILLION = 1_000_000
MICRODOLLARS_A_CREDIT = 10_000
CREDIT = Decimal("0.0001")


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What a provider counted; None where it did not count.

    `cached_tokens` are among the input tokens, `image_tokens` among the output tokens.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int = 0
    image_tokens: int = 0
    images: int = 0


class Rates(Protocol):
    """A price of one's own: micro-dollars for a million tokens or for an image; None if unknown."""

    @property
    def input_rate(self) -> int | None: ...
    @property
    def output_rate(self) -> int | None: ...
    @property
    def cached_rate(self) -> int | None: ...
    @property
    def image_rate(self) -> int | None: ...


def price_of(
    model: str, usage: Usage, *, base_url: str = "", own: Rates | None = None
) -> int | None:
    """Rounded up, so that nothing that costs something is free.

    `own` goes before the list. With a `base_url` only the list of the provider behind it counts:
    a model of the same name elsewhere, or on this machine, has a price of its own.
    """
    cost = _own_price(own, usage) if own is not None else _list_price(model, usage, base_url)
    return None if cost is None else int(cost.to_integral_value(ROUND_CEILING))


class TariffKind(StrEnum):
    LIST_PRICE = "list_price"
    FIXED = "fixed"


@dataclass(frozen=True, kw_only=True)
class Tariff:
    """How money turns into credits: a cent a credit times `multiplier`, or `fixed` by function.

    `fixed` are credits for each unit of a function's work, whatever the call cost.
    """

    kind: TariffKind = TariffKind.LIST_PRICE
    multiplier: Decimal = Decimal(1)
    fixed: Mapping[str, Decimal] = field(default_factory=dict)

    def credits(
        self, cost_microusd: int | None, *, function: str, units: Decimal = Decimal(1)
    ) -> Decimal | None:
        """None when neither the cost nor a fixed rate is known."""
        if self.kind is TariffKind.FIXED:
            rate = self.fixed.get(function)
            return None if rate is None else (rate * units).quantize(CREDIT, ROUND_CEILING)
        if cost_microusd is None:
            return None
        cents = Decimal(cost_microusd) / MICRODOLLARS_A_CREDIT
        return (cents * self.multiplier).quantize(CREDIT, ROUND_CEILING)


def _own_price(rates: Rates, usage: Usage) -> Decimal | None:
    if usage.images and rates.image_rate is not None:
        return Decimal(rates.image_rate * usage.images)
    if usage.input_tokens is None or usage.output_tokens is None:
        # What costs nothing costs nothing, however much it was.
        return Decimal(0) if rates.input_rate == rates.output_rate == 0 else None
    cached_rate = rates.input_rate if rates.cached_rate is None else rates.cached_rate
    return _sum(
        (
            (max(0, usage.input_tokens - usage.cached_tokens), rates.input_rate),
            (usage.cached_tokens, cached_rate),
            (usage.output_tokens, rates.output_rate),
        )
    )


def _sum(parts: Sequence[tuple[int, int | None]]) -> Decimal | None:
    """Unknown as soon as something that was used has no rate."""
    total = Decimal(0)
    for tokens, rate in parts:
        if tokens and rate is None:
            return None
        total += Decimal(tokens * (rate or 0)) / MILLION
    return total


def _list_price(model: str, usage: Usage, base_url: str) -> Decimal | None:
    """From the list of prices that is installed; it is never fetched."""
    if usage.input_tokens is None or usage.output_tokens is None:
        return None
    from genai_prices import Usage as Counted
    from genai_prices import calc_price

    counted = Counted(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cached_tokens or None,
        output_image_tokens=usage.image_tokens or None,
    )
    try:
        found = calc_price(counted, model, provider_api_url=base_url or None)
    except (LookupError, ValueError):
        return None
    return found.total_price * MILLION if _covers(found.model_price, usage) else None


def _covers(price: "ModelPrice", usage: Usage) -> bool:
    """The list leaves out what it does not know, and would count it as 0."""
    unknown_input = usage.input_tokens and price.input_mtok is None
    unknown_output = usage.output_tokens and price.output_mtok is None
    return not unknown_input and (not unknown_output or bool(usage.image_tokens))
