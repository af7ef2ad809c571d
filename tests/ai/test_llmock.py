"""An independent provider breaks on demand and judges how our client took it."""

import time
from typing import TYPE_CHECKING

import pytest

from igny8.accounts.models import Account
from igny8.ai.ask import Ask
from igny8.ai.edits import Choice, add_connection, set_route
from igny8.ai.errors import NotBefore, Stop
from igny8.ai.functions import TextAnswer
from igny8.ai.origin import Origin
from igny8.core.networks import read_networks
from tests.ai.letters import letters, spell_letters

if TYPE_CHECKING:
    from llmock.pytest_plugin import LLMock
    from pytest_django import Settings

KINDS = {"openai_compatible": "openai", "anthropic": "anthropic", "gemini": "gemini"}
# Its waits are real: the kind that nearly all use in the ordinary suite, the others beside it.
LATER = [pytest.param(kind, marks=pytest.mark.slow) for kind in ("anthropic", "gemini")]
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.parametrize("kind", ["openai_compatible", *LATER]),
]


@pytest.fixture
def ask(origin: Origin, account: Account, llmock: "LLMock", settings: "Settings", kind: str) -> Ask:
    settings.ALLOWED_NETWORKS = read_networks("loopback")
    at = add_connection(
        account, name="Mock", kind=kind, base_url=llmock.base_url(KINDS[kind]), key="sk-ant-mock"
    )
    set_route(account, "text", [Choice(at, "mock-model")])
    return Ask(origin)


def put(ask: Ask) -> TextAnswer:
    """Comes back when it is told to, as a run does."""
    for _ in range(5):
        try:
            return ask(spell_letters, letters(), key="spell_letters/task:1/0/text")
        except NotBefore as wait:
            from igny8.core import clock

            time.sleep(max(0.0, (wait.at - clock.now()).total_seconds()))
    raise AssertionError("it was told to wait five times")


def test_an_answer_is_taken(ask: Ask, llmock: "LLMock") -> None:
    assert put(ask).text
    llmock.assert_resilient(strict=True)


def test_rate_limits_are_waited_for(ask: Ask, llmock: "LLMock") -> None:
    llmock.rate_limit(times=2, retry_after=1)

    assert put(ask).text
    llmock.assert_resilient(strict=True)


@pytest.mark.parametrize("status", [500, 502, 503, 529])
def test_one_failure_of_the_server_is_tried_again(ask: Ask, llmock: "LLMock", status: int) -> None:
    llmock.fail(status, times=1, retry_after=1 if status == 529 else None)

    assert put(ask).text
    llmock.assert_resilient(strict=True)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_refusal_is_never_tried_again(ask: Ask, llmock: "LLMock", status: int) -> None:
    llmock.fail(status, times=None)

    with pytest.raises(Stop):
        put(ask)

    llmock.assert_resilient(strict=True)


def test_a_prompt_that_is_too_long_is_named(ask: Ask, llmock: "LLMock") -> None:
    llmock.context_overflow()

    with pytest.raises(Stop, match="larger context window"):
        put(ask)

    llmock.assert_resilient(strict=True)
