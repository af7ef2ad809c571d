"""The outbound door: addresses that users typed lead to the public internet, and nowhere else.

A name is looked up once, every answer is checked, and the connection goes to the address that was
checked. The operator opens networks of his own with IGNY8_ALLOWED_NETWORKS.
"""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings

from igny8.core.errors import UserError
from igny8.core.networks import Network, is_never_open

if TYPE_CHECKING:
    from httpcore2 import AsyncNetworkBackend, AsyncNetworkStream
    from httpx2 import AsyncHTTPTransport, Response
    from ssrfguard import Policy

ANY_PORT = range(1, 65536)
QUOTE_BYTES = 2000


class ClosedDoorError(UserError):
    """An address that leads where the operator does not allow it."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"The address {host} leads into a private network. Whoever runs this installation "
            "can allow it with IGNY8_ALLOWED_NETWORKS, for example loopback or lan."
        )


@dataclass(frozen=True)
class Received:
    """What a server answered; of a refusal, how its text begins."""

    status: int
    text: str = ""

    @property
    def is_good(self) -> bool:
        return self.status // 100 == 2


def post(url: str, body: bytes, headers: Mapping[str, str], *, deadline: float) -> Received:
    """One request through the door within so many seconds, followed nowhere.

    Raises ClosedDoorError, TimeoutError, or ConnectionError when it broke off.
    """
    from httpx2 import AsyncClient, HTTPError, InvalidURL, Timeout

    async def bounded() -> Received:
        transport = guarded_transport(trusted())
        async with (
            asyncio.timeout(deadline),
            AsyncClient(transport=transport, timeout=Timeout(None), trust_env=False) as client,
            client.stream("POST", url, content=body, headers=headers) as response,
        ):
            good = Received(response.status_code)
            return good if good.is_good else Received(good.status, await _beginning(response))

    try:
        return asyncio.run(bounded())
    except (HTTPError, InvalidURL) as broken:
        raise ConnectionError("The connection failed or broke off.") from broken


def is_web_address(text: str) -> bool:
    """Without a name or password in it: addresses are shown."""
    try:
        parts = urlsplit(text)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return is_whole and parts.scheme in ("http", "https") and "@" not in parts.netloc


@cache
def trusted() -> ssl.SSLContext:
    """Loaded once: reading the certificates takes longer than all the rest of a client."""
    from httpx2 import create_ssl_context

    return create_ssl_context()


def guarded_transport(trust: ssl.SSLContext) -> "AsyncHTTPTransport":
    """For one client: it connects only where the door is open, and past any proxy.

    Its requests raise ClosedDoorError, mostly wrapped by the library that made them."""
    from httpcore2 import AsyncConnectionPool
    from httpx2 import AsyncHTTPTransport

    transport = AsyncHTTPTransport(verify=trust, trust_env=False)
    transport._pool = AsyncConnectionPool(ssl_context=trust, network_backend=_backend())
    return transport


def checked_addresses(host: str, port: int) -> list[str]:
    """The addresses of this host, each of which may be reached; raises ClosedDoorError."""
    from ssrfguard import SSRFGuardError, resolve

    policy, shown = _policy(settings.ALLOWED_NETWORKS), f"[{host}]" if ":" in host else host
    try:
        target = policy.check_url(f"http://{shown}:{port}")
        found = [str(address.ip) for address in resolve(target, policy=policy)]
    except SSRFGuardError as refused:
        raise ClosedDoorError(host) from refused
    if any(is_never_open(ip_address(one)) for one in found):
        raise ClosedDoorError(host)
    return found[: policy.max_connection_attempts]


async def _beginning(response: "Response") -> str:
    """Bytes as they come: compressed ones could unfold to any size, so they stay unread."""
    read = b""
    if response.headers.get("content-encoding", "identity") == "identity":
        async for chunk in response.aiter_raw():
            read += chunk
            if len(read) >= QUOTE_BYTES:
                break
    return read[:QUOTE_BYTES].decode(errors="replace")


@cache
def _policy(networks: tuple[Network, ...]) -> "Policy":
    from ssrfguard import Policy

    return Policy(
        allowed_networks=networks,
        allowed_ports=frozenset(ANY_PORT),
        max_redirects=0,
    )


def _backend() -> "AsyncNetworkBackend":
    """httpcore's own connections, to checked addresses; names are looked up in a thread."""
    from anyio import to_thread
    from httpcore2 import AnyIOBackend, ConnectError, ConnectTimeout

    class Guarded(AnyIOBackend):
        async def connect_tcp(
            self,
            host: str,
            port: int,
            timeout: float | None = None,
            local_address: str | None = None,
            socket_options: Any = None,
        ) -> "AsyncNetworkStream":
            try:
                addresses = await to_thread.run_sync(
                    checked_addresses, host, port, abandon_on_cancel=True
                )
            except OSError as unknown:
                raise ConnectError(str(unknown)) from unknown
            for last, address in enumerate(addresses, 1 - len(addresses)):
                try:
                    return await super().connect_tcp(
                        address, port, timeout, local_address, socket_options
                    )
                except (ConnectError, ConnectTimeout):
                    if not last:
                        raise
            raise ConnectError(f"{host} has no address")

        async def connect_unix_socket(
            self, path: str, timeout: float | None = None, socket_options: Any = None
        ) -> "AsyncNetworkStream":
            raise ClosedDoorError(path)

    return Guarded()
