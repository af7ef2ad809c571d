from typing import TYPE_CHECKING

import pytest

from igny8.accounts.models import Account
from igny8.ai.checking import _request, ask_total, check_connection
from igny8.ai.edits import add_connection
from igny8.ai.models import AIConnection
from igny8.core.networks import read_networks
from tests.provider_faults import Exchange, answers, says, status
from tests.provider_server import ProviderServer

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(account: Account, server: ProviderServer, settings: "Settings") -> AIConnection:
    settings.ALLOWED_NETWORKS = read_networks("loopback")
    server.functions = {ask_total.name: ask_total}
    server.function_asked = ask_total.name
    return add_connection(
        account, name="Local", kind="openai_compatible", base_url=server.base_url, key="sk-123"
    )


def only_prompted(exchange: Exchange) -> None:
    """A server that refuses schemas and tools."""
    if {"response_format", "tools"} & exchange.asked.body.keys():
        status(400, message="response_format is not supported")(exchange)
    elif exchange.asked.path.endswith("/models"):
        exchange.send(b'{"object": "list", "data": [{"id": "m", "object": "model"}]}')
    else:
        answers(exchange)


def test_a_working_connection_says_what_it_is(stored: AIConnection, server: ProviderServer) -> None:
    found = check_connection(stored)

    assert found.ok
    assert found.models == ["test-embedding", "test-model"]
    assert (found.model, found.output_mode, found.context) == ("test-model", "native", 8192)
    assert found.seconds is not None
    assert found.tokens_per_second
    stored.refresh_from_db()
    assert (stored.output_mode, stored.attention) == ("native", "")
    assert stored.checked["model"] == "test-model"
    assert server.count() == 1


def test_the_way_that_works_is_found_and_kept(stored: AIConnection, server: ProviderServer) -> None:
    server.fail(only_prompted)

    assert check_connection(stored).output_mode == "prompted"
    stored.refresh_from_db()
    assert stored.output_mode == "prompted"
    assert server.count() == 3


OLLAMA = {"/api/ps": {"models": [{"name": "test-model:latest", "context_length": 4096}]}}
LLAMA_CPP = {"/props": {"default_generation_settings": {"n_ctx": 16384}}}


@pytest.mark.parametrize(
    ("beside", "context", "advice"),
    [
        (OLLAMA, 4096, "OLLAMA_CONTEXT_LENGTH=16384"),
        (LLAMA_CPP, 16384, ""),
        ({"/api/ps": {"models": []}}, 8192, ""),
        ({"/api/ps": ["?"], "/props": {"default_generation_settings": None}}, 8192, ""),
    ],
)
def test_a_server_of_ones_own_is_asked_what_context_it_has_given(
    stored: AIConnection,
    server: ProviderServer,
    beside: dict[str, object],
    context: int,
    advice: str,
) -> None:
    server.beside = beside

    found = check_connection(stored)

    assert found.ok
    assert found.context == context
    assert advice in found.advice
    assert bool(advice) == bool(found.advice)


def test_a_server_of_ones_own_may_take_longer() -> None:
    own = AIConnection(kind="openai_compatible", base_url="http://127.0.0.1:11434/v1")
    hosted = AIConnection(kind="openai_compatible", base_url="https://openrouter.ai/api/v1")

    assert _request(own, "m").deadline > _request(hosted, "m").deadline


def test_a_refused_key_is_said_at_once(stored: AIConnection, server: ProviderServer) -> None:
    server.fail(status(401))

    found = check_connection(stored)

    assert "API key was refused" in found.problem
    stored.refresh_from_db()
    assert stored.attention == found.problem
    assert server.count() == 0


def test_a_model_that_cannot_give_an_object_is_named(
    stored: AIConnection, server: ProviderServer
) -> None:
    server.fail(says("Hello!"), when=lambda asked: asked.number > 0)

    assert "test-model answers, but not with JSON" in check_connection(stored).problem


def test_the_model_to_try_may_be_named(stored: AIConnection, server: ProviderServer) -> None:
    assert check_connection(stored, model="other").model == "other"
    assert server.asked[0].body["model"] == "other"


def test_an_address_that_is_closed_says_who_can_open_it(
    stored: AIConnection, settings: "Settings"
) -> None:
    settings.ALLOWED_NETWORKS = ()

    assert "IGNY8_ALLOWED_NETWORKS" in check_connection(stored).problem
