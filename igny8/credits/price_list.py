"""The list of prices that is installed: looked through, never fetched."""

from collections.abc import Iterator
from dataclasses import dataclass

THOUSAND, MICRO = 1000, 1_000_000


@dataclass(frozen=True, kw_only=True)
class ListPrice:
    """Micro-dollars for a million tokens; None where the list does not say."""

    provider: str
    model: str
    input_rate: int | None
    output_rate: int | None


def list_prices(search: str) -> Iterator[ListPrice]:
    """Models whose name, or that of their provider, holds all words of `search`."""
    from genai_prices.data import providers

    words = search.casefold().split()
    for provider in sorted(providers, key=lambda one: one.id):
        for model in sorted(provider.models, key=lambda one: one.id):
            name = f"{provider.id} {model.id}".casefold()
            if all(word in name for word in words):
                yield ListPrice(
                    provider=provider.id,
                    model=model.id,
                    input_rate=_rate(provider.id, model.id, told=True),
                    output_rate=_rate(provider.id, model.id, told=False),
                )


def _rate(provider: str, model: str, *, told: bool) -> int | None:
    """By a thousand tokens: some models ask more of long prompts."""
    from genai_prices import Usage, calc_price

    tokens = {"input_tokens": THOUSAND} if told else {"output_tokens": THOUSAND}
    try:
        found = calc_price(Usage(**tokens), model, provider_id=provider)
    except (LookupError, ValueError):
        return None
    known = found.model_price.input_mtok if told else found.model_price.output_mtok
    return None if known is None else round(found.total_price * MICRO * THOUSAND)
