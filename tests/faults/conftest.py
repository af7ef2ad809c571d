from collections.abc import Iterator

import pytest

from igny8.core.clock import ManualClock
from tests.automation.conftest import no_engine, provider
from tests.faults.power import restore, snapshot

__all__ = ["no_engine", "provider"]


@pytest.fixture
def committed(transactional_db: None, clock: ManualClock) -> Iterator[None]:
    """Commits are real; what was there before the test is put back."""
    before = snapshot()
    yield
    restore(before)
