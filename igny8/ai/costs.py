"""What a call costs: in micro-dollars of its model's price, and in credits of the account."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from ipaddress import ip_address
from urllib.parse import urlsplit

from igny8.ai.addresses import USUAL_URLS
from igny8.ai.models import AIConnection
from igny8.credits.account_prices import own_price, tariff_of
from igny8.credits.prices import Rates, Tariff, Usage, price_of

LOCAL_NAMES = (".local", ".internal", ".localhost", ".lan")


@dataclass(frozen=True)
class Cost:
    """None is unknown, never free."""

    microusd: int | None
    credits: Decimal | None
    is_free: bool = False


NOTHING = Cost(0, Decimal(0), is_free=True)


@dataclass(frozen=True, kw_only=True)
class Pricing:
    """How calls to one model of one connection are paid for by an account."""

    price: Callable[[Usage], int | None]
    tariff: Tariff
    is_free: bool = False

    def cost_of(self, function: str, usage: Usage) -> Cost:
        if self.is_free:
            return NOTHING
        microusd = self.price(usage)
        return Cost(microusd, self.tariff.credits(microusd, function=function))


def pricing_for(account_id: int, connection: AIConnection, model: str) -> Pricing:
    """The account's own price, else nothing for what runs here, else the list's."""
    if connection.kind == AIConnection.Kind.SAMPLE:
        return Pricing(price=_nothing, tariff=Tariff(), is_free=True)
    own: Rates | None = own_price(account_id, model)
    if own is None and is_local(connection.base_url):
        return Pricing(price=_nothing, tariff=Tariff(), is_free=True)
    base_url = connection.base_url or USUAL_URLS[connection.kind]
    price = partial(price_of, model, base_url=base_url, own=own)
    return Pricing(price=price, tariff=tariff_of(account_id))


def is_local(base_url: str) -> bool:
    """Whether the address leads to this machine or its own network: no bill comes from there."""
    host = urlsplit(base_url).hostname or ""
    if not host:
        return False
    try:
        address = ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(LOCAL_NAMES)
    return not address.is_global


def _nothing(_: Usage) -> int:
    return 0
