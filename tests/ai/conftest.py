from collections.abc import Iterator

import pytest

from igny8.accounts.models import Account
from igny8.ai.ask import Ask
from igny8.ai.origin import Origin
from igny8.jobs.models import Worker
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


def permitted() -> None:
    """The run goes on."""


@pytest.fixture
def account(db: None) -> Account:
    return Account.objects.create(name="Owner")


@pytest.fixture
def origin(account: Account) -> Origin:
    Worker.objects.create(id="worker-1", host="here", pid=1)
    return Origin(
        account_id=account.pk,
        site_id=3,
        site_slug="coffee",
        run_ref="run-1",
        stage=1,
        worker="worker-1",
        attempts=3,
        permit=permitted,
    )


@pytest.fixture
def ask(origin: Origin, server: ProviderServer) -> Ask:
    return Ask(origin)
