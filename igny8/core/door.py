"""The outbound door: addresses that users typed lead to the public internet, and nowhere else.

A name is looked up once, every answer is checked, and the connection goes to the address that was
checked. The operator opens networks of his own with IGNY8_ALLOWED_NETWORKS.
"""

import ssl
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from django.conf import settings

from igny8.core.errors import UserError
from igny8.core.networks import Network, is_never_open

if TYPE_CHECKING:
    from httpcore2 import AsyncNetworkBackend, AsyncNetworkStream
    from httpx2 import AsyncHTTPTransport
    from ssrfguard import Policy

ANY_PORT = range(1, 65536)


class ClosedDoorError(UserError):
    """An address that leads where the operator does not allow it."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"The address {host} leads into a private network. Whoever runs this installation "
            "can allow it with IGNY8_ALLOWED_NETWORKS, for example loopback or lan."
        )


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
