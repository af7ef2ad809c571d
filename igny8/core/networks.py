"""Which networks the addresses that users type may lead into, besides the public internet."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

NAMED = {
    "loopback": ("127.0.0.0/8", "::1/128"),
    "lan": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
}
# Where clouds hand out credentials to whoever asks: no setting opens these.
NEVER = tuple(
    map(
        ip_network,
        (
            "169.254.0.0/16",
            "fe80::/10",
            "fd00:ec2::254/128",
            "100.100.100.200/32",
            "192.0.0.192/32",
        ),
    )
)


def read_networks(text: str) -> tuple[Network, ...]:
    """`loopback, lan, 10.1.0.0/16` as networks; raises ValueError that names the wrong part."""
    found: list[Network] = []
    for part in filter(None, map(str.strip, text.split(","))):
        try:
            found += map(ip_network, NAMED.get(part.lower(), (part,)))
        except ValueError:
            raise ValueError(
                f"“{part}” is no network; write loopback, lan, or one like 192.168.1.0/24."
            ) from None
    if forbidden := [one for one in found if _contains(one, NEVER[:2])]:
        raise ValueError(f"{forbidden[0]} holds addresses that must stay closed (169.254.0.0/16).")
    return tuple(found)


def is_never_open(address: Address) -> bool:
    return any(address in network for network in NEVER if network.version == address.version)


def _contains(network: Network, others: Iterable[Network]) -> bool:
    return any(network.version == one.version and network.overlaps(one) for one in others)
