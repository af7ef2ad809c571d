from ipaddress import ip_network
from typing import TYPE_CHECKING

import pytest

from igny8.core.door import ClosedDoorError, checked_addresses
from igny8.core.networks import read_networks

if TYPE_CHECKING:
    from pytest_django import Settings

PRIVATE = (
    "127.0.0.1",
    "localhost",
    "::1",
    "10.1.2.3",
    "192.168.0.10",
    "169.254.169.254",
    "::ffff:127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "0x7f.1",
    "2130706433",
    "0.0.0.0",
    "fd00:ec2::254",
)


@pytest.mark.parametrize("host", PRIVATE)
def test_private_addresses_are_closed_by_default(host: str) -> None:
    with pytest.raises(ClosedDoorError, match="IGNY8_ALLOWED_NETWORKS"):
        checked_addresses(host, 11434)


def test_a_public_address_is_open_on_any_port() -> None:
    assert checked_addresses("1.1.1.1", 8443) == ["1.1.1.1"]


def test_the_operator_opens_the_networks_he_names(settings: "Settings") -> None:
    settings.ALLOWED_NETWORKS = read_networks("loopback, 10.1.0.0/16")

    assert checked_addresses("127.0.0.1", 11434) == ["127.0.0.1"]
    assert checked_addresses("10.1.2.3", 80) == ["10.1.2.3"]
    with pytest.raises(ClosedDoorError):
        checked_addresses("10.2.0.1", 80)


@pytest.mark.parametrize("host", ["169.254.169.254", "fd00:ec2::254", "100.100.100.200"])
def test_addresses_that_hand_out_credentials_never_open(host: str, settings: "Settings") -> None:
    settings.ALLOWED_NETWORKS = read_networks("loopback, lan, 100.64.0.0/10")

    with pytest.raises(ClosedDoorError):
        checked_addresses(host, 80)


@pytest.mark.parametrize("text", ["169.254.0.0/16", "0.0.0.0/0", "::/0"])
def test_a_network_that_holds_them_is_refused_at_the_start(text: str) -> None:
    with pytest.raises(ValueError, match="must stay closed"):
        read_networks(text)


def test_networks_have_names() -> None:
    assert ip_network("192.168.0.0/16") in read_networks(" LAN ,")
    with pytest.raises(ValueError, match="“home” is no network"):
        read_networks("home")
