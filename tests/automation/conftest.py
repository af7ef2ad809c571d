from collections.abc import Iterable, Iterator

import pytest

from igny8.ai import ask
from igny8.ai.models import AIConnection
from igny8.ai.providers import PROVIDERS
from igny8.jobs import engine
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


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> "Workflows":
    """The job engine's side of `reconcile`, as a list of workflows that a test fills."""
    workflows = Workflows()
    monkeypatch.setattr(engine, "workflow_states", workflows.states_of)
    monkeypatch.setattr(engine, "enqueue", workflows.enqueue)
    monkeypatch.setattr(engine, "drop_leftovers", workflows.drop_leftovers)
    return workflows


class Workflows:
    """What the engine knows: each id with its state and worker; every enqueue is noted."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, str]] = {}
        self.enqueued: list[tuple[str, tuple[int, ...], float]] = []
        self.dropped: list[str] = []

    def states_of(self, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        return {one: self.known[one] for one in ids if one in self.known}

    def enqueue(
        self, name: str, workflow_id: str, arguments: tuple[int, ...], delay: float
    ) -> None:
        if workflow_id not in self.known:
            self.known[workflow_id] = ("queued", "")
            self.enqueued.append((workflow_id, arguments, delay))

    def drop_leftovers(self, dead_workers: Iterable[str]) -> None:
        self.dropped.extend(dead_workers)
