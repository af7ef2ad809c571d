from collections.abc import Iterator

import pytest

from tests.ai.letters import FUNCTIONS
from tests.provider_server import ProviderServer

KEY = "sk-canary-7f3a9d"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    """A provider that answers well until told otherwise, and the environment that names it."""
    with ProviderServer(functions=FUNCTIONS) as running:
        monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", running.base_url)
        monkeypatch.setenv("IGNY8_OPENAI_API_KEY", KEY)
        monkeypatch.setenv("IGNY8_TEXT_MODEL", "test-model")
        monkeypatch.setenv("IGNY8_IMAGE_MODEL", "test-image-model")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield running
