from collections.abc import Iterator

import pytest

from igny8.ai import ask
from igny8.ai.models import AIConnection
from igny8.ai.providers import PROVIDERS
from igny8.core.clock import ManualClock
from tests.automation.conftest import no_engine
from tests.automation.world import Watched
from tests.faults.power import restore, snapshot
from tests.faults.small_world import MODEL

__all__ = ["no_engine"]


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """A provider that bills 120 tokens read and 80 written a call, watched."""
    watched = Watched(tokens=(120, 80))
    monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", "https://models.example/v1")
    monkeypatch.setenv("IGNY8_TEXT_MODEL", MODEL)
    monkeypatch.setenv("IGNY8_IMAGE_MODEL", MODEL)
    kind = AIConnection.Kind.OPENAI_COMPATIBLE
    monkeypatch.setattr(ask, "PROVIDERS", {**PROVIDERS, kind: watched})
    return watched


@pytest.fixture
def committed(transactional_db: None, clock: ManualClock) -> Iterator[None]:
    """Commits are real; what was there before the test is put back."""
    before = snapshot()
    yield
    restore(before)
