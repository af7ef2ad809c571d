"""What one more picture will cost, said on the button that makes it."""

from decimal import Decimal

from igny8.ai.connections import route_for
from igny8.ai.costs import Pricing, pricing_for
from igny8.ai.functions import Form
from igny8.ai.models import AICall
from igny8.credits.estimate import HISTORY_LOOKED_AT, Load, cost_range
from igny8.credits.prices import Usage
from igny8.sites.models import Site
from igny8.writer.functions.generate_images import ask_image

NEWEST_CALLS = 5000
FREE, UNKNOWN = "free", "price unknown"


def price_of_pictures(site: Site, number: int = 1) -> str:
    """`~4.2 credits`, `free`, or `price unknown`; from what such pictures cost before."""
    route = route_for(site.account, Form.IMAGE, function=ask_image.name, site_id=site.pk)
    step = route.steps[route.standing()[0]]
    pricing = pricing_for(site.account_id, step.connection, step.model)
    if pricing.is_free:
        return FREE
    one = _credits(pricing, _history(step.connection.pk, step.model))
    credits_expected = None if one is None else one * number
    return UNKNOWN if credits_expected is None else f"~{_short(credits_expected)} credits"


def _credits(pricing: Pricing, history: list[Usage]) -> Decimal | None:
    load = Load(function=ask_image.name, calls=1, expected=Usage(images=1), history=history)
    cost = cost_range([load], pricing.price)
    return pricing.tariff.credits(cost.likely if cost else None, function=ask_image.name)


def _history(connection_id: int, model: str) -> list[Usage]:
    """Of the newest calls alone: an old price says little, and few rows are quickly read."""
    newest = AICall.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    calls = AICall.objects.filter(
        pk__gt=newest - NEWEST_CALLS,
        function=ask_image.name,
        connection=connection_id,
        model=model,
        state=AICall.State.USED,
    )
    columns = ("input_tokens", "output_tokens", "cached_tokens", "image_tokens")
    rows = calls.order_by("-pk").values_list(*columns)[:HISTORY_LOOKED_AT]
    return [
        Usage(
            input_tokens=told,
            output_tokens=made,
            cached_tokens=cached or 0,
            image_tokens=drawn or 0,
            images=1,
        )
        for told, made, cached, drawn in rows
    ]


def _short(amount: Decimal) -> str:
    """One digit after the point; never 0 for what costs something."""
    return f"{amount:.1f}" if amount >= Decimal("0.1") else "0.1"
