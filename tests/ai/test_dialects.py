"""Anthropic's and Gemini's own protocols: the same answers, the same faults in the same words."""

import subprocess
import sys
import time
from io import BytesIO

import pytest

from igny8.ai.connections import ENVIRONMENT
from igny8.ai.errors import (
    DeclinedError,
    KeyRefusedError,
    ProviderError,
    QuotaUsedUpError,
    RequestRefusedError,
    TooManyRequestsError,
    UnreachableError,
    UnusableReplyError,
)
from igny8.ai.models import AIConnection
from igny8.ai.providers import OVER_HTTP, PROVIDERS, Reply, Request
from tests.ai.conftest import KEY
from tests.ai.letters import draw_letters, letters, order_letters, spell_letters
from tests.ai.test_openai_compatible import Function
from tests.provider_faults import Fault, drip, status
from tests.provider_server import ProviderServer

KINDS = ["anthropic", "gemini"]
pytestmark = pytest.mark.parametrize("kind", KINDS)


def connection(server: ProviderServer, kind: str) -> AIConnection:
    return AIConnection(name=ENVIRONMENT, kind=kind, base_url=server.base_url)


def ask(
    server: ProviderServer,
    kind: str,
    function: Function = order_letters,
    *,
    mode: str = "",
    deadline: float = 5.0,
) -> Reply:
    server.function_asked = function.name
    at = connection(server, kind)
    at.output_mode = mode
    request = Request(
        function=function,
        question=letters(),
        complaint="",
        model="test-model",
        deadline=deadline,
        most_tokens=500,
    )
    return PROVIDERS[kind].reply(at, request)


def test_an_object_comes_back_with_its_model_and_its_tokens(
    server: ProviderServer, kind: str
) -> None:
    reply = ask(server, kind)

    assert order_letters.parse(reply.raw, letters()).ids == ["k2", "k3", "k1"]
    assert (reply.model, reply.input_tokens, reply.output_tokens) == ("test-model", 120, 80)
    assert any(KEY in value for value in server.asked[0].headers.values())


@pytest.mark.parametrize("mode", ["tool", "prompted"])
def test_every_way_of_asking_for_an_object_works(
    server: ProviderServer, kind: str, mode: str
) -> None:
    reply = ask(server, kind, mode=mode)

    assert order_letters.parse(reply.raw, letters()).ids == ["k2", "k3", "k1"]


def test_text_comes_back_as_it_was_written(server: ProviderServer, kind: str) -> None:
    assert ask(server, kind, spell_letters).raw == b"## Letters\n\nc, a, b"


def test_the_bound_of_the_answer_is_sent(server: ProviderServer, kind: str) -> None:
    ask(server, kind)

    body = server.asked[0].body
    sent = body.get("max_tokens") or body.get("generationConfig", {}).get("maxOutputTokens")
    assert sent == 500


FAULTS: list[tuple[Fault | str, type[ProviderError]]] = [
    (status(401), KeyRefusedError),
    (status(404), KeyRefusedError),
    (status(400, message="prompt is too long: 300000 tokens"), KeyRefusedError),
    (status(400, message="Your credit balance is too low to access the API."), QuotaUsedUpError),
    (status(422), RequestRefusedError),
    (status(402), QuotaUsedUpError),
    (status(429, retry_after="7"), TooManyRequestsError),
    (status(529), TooManyRequestsError),
    (status(500), UnreachableError),
    ("reset", UnreachableError),
    ("broken_off", UnreachableError),
    ("cut_envelope", UnreachableError),
    ("content_filter", DeclinedError),
    ("empty_content", UnusableReplyError),
    ("empty_choices", UnusableReplyError),
    ("html", UnusableReplyError),
    ("html_as_json", UnusableReplyError),
    ("huge", UnusableReplyError),
    ("zipped", UnusableReplyError),
    ("redirect", RequestRefusedError),
]


@pytest.mark.parametrize(("fault", "error"), FAULTS)
def test_a_fault_is_told_apart_after_one_request(
    server: ProviderServer, kind: str, fault: Fault | str, error: type[ProviderError]
) -> None:
    server.fail(fault)

    with pytest.raises(error):
        ask(server, kind)

    assert server.count() == 1


def test_a_rate_limit_says_how_long_to_wait(server: ProviderServer, kind: str) -> None:
    server.fail(status(429, retry_after="7"))

    with pytest.raises(TooManyRequestsError) as caught:
        ask(server, kind)

    assert caught.value.retry_after == 7.0


@pytest.mark.parametrize("function", [order_letters, spell_letters])
def test_a_cut_answer_is_flagged(server: ProviderServer, kind: str, function: Function) -> None:
    server.fail("cut")

    assert ask(server, kind, function).cut


def test_a_slow_answer_ends_at_the_deadline(server: ProviderServer, kind: str) -> None:
    ask(server, kind)
    server.fail(drip(0.02))
    started = time.monotonic()

    with pytest.raises(UnreachableError, match="No answer within"):
        ask(server, kind, deadline=0.4)

    assert time.monotonic() - started < 1


def test_images_come_from_gemini_alone(server: ProviderServer, kind: str) -> None:
    if kind == "anthropic":
        with pytest.raises(KeyRefusedError, match="no image models"):
            ask(server, kind, draw_letters)
        return
    from PIL import Image

    reply = ask(server, kind, draw_letters)

    with Image.open(BytesIO(reply.raw)) as image:
        assert image.format == "WEBP"


def test_its_models_are_listed(server: ProviderServer, kind: str) -> None:
    found = OVER_HTTP[kind].models(connection(server, kind), deadline=5)

    assert "test-model" in [one.name for one in found]


def test_without_its_library_the_command_that_installs_it_is_named(kind: str) -> None:
    library = {"anthropic": "anthropic", "gemini": "google.genai"}[kind]
    code = f"""
import sys, django
django.setup()
sys.modules["{library}"] = None
from igny8.ai.models import AIConnection
from igny8.ai.providers import OVER_HTTP
try:
    OVER_HTTP["{kind}"].models(AIConnection(name="Environment"), deadline=1)
except Exception as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"DJANGO_SETTINGS_MODULE": "igny8.config.settings", "IGNY8_SECRET_KEYS": "x"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "pip install 'pydantic-ai-slim[" in done.stdout
