from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from igny8.core.networks import read_networks
from igny8.jobs import working
from tests.automation.notify.receiver import Receiver

if TYPE_CHECKING:
    from pytest_django import Settings


@pytest.fixture(autouse=True)
def nobody_is_leaving() -> None:
    """Whatever a test before this one stopped in this process."""
    working._stopping.clear()


@pytest.fixture
def receiver(settings: "Settings") -> Iterator[Receiver]:
    """A webhook's other end, in a network that the operator opened."""
    settings.ALLOWED_NETWORKS = read_networks("loopback")
    with Receiver() as running:
        yield running


@pytest.fixture
def mailing(settings: "Settings") -> None:
    settings.EMAIL_READY = True
