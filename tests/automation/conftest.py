from collections.abc import Iterator

import pytest

from igny8.ai import ask
from igny8.ai.models import AIConnection
from igny8.ai.providers import PROVIDERS
from tests.automation.world import Watched
from tests.provider_server import ProviderServer


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """The offline provider, watched; its images are tiny."""
    watched = Watched()
    monkeypatch.setattr(ask, "PROVIDERS", {**PROVIDERS, AIConnection.Kind.SAMPLE: watched})
    return watched


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    """A provider over real HTTP that answers well until told otherwise."""
    with ProviderServer(tiny_images=True) as running:
        monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", running.base_url)
        monkeypatch.setenv("IGNY8_OPENAI_API_KEY", "sk-test")
        monkeypatch.setenv("IGNY8_TEXT_MODEL", "test-model")
        monkeypatch.setenv("IGNY8_IMAGE_MODEL", "test-image-model")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield running
