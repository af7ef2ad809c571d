"""Replies that follow the protocol and are odd all the same: endings, counts, characters."""

import base64
import json
from typing import Any

import pytest

from igny8.accounts.models import Account
from igny8.ai.ask import Ask
from igny8.ai.connections import ENVIRONMENT
from igny8.ai.errors import DeclinedError, RequestRefusedError, UnusableReplyError
from igny8.ai.models import AICall, AIConnection
from igny8.ai.providers import PROVIDERS, Reply, Request
from igny8.credits.models import CreditEntry, PriceOverride
from igny8.planner.functions.embed_keywords import ask_vectors
from tests.ai.letters import draw_letters, letters, order_letters, spell_letters
from tests.ai.test_embeddings import QUESTION
from tests.ai.test_openai_compatible import Function
from tests.provider_faults import (
    Exchange,
    Fault,
    completion,
    gemini_completion,
    plain_image,
    says,
    sends,
)
from tests.provider_server import ProviderServer, product_functions

TEXT_KEY = "spell_letters/task:7/0/section-1"
NONSENSE: list[Any] = [-5, 2**31, 2**70, "many", 1.5, None, [1], True]


def ask_at(
    server: ProviderServer, function: Function = order_letters, kind: str = "openai_compatible"
) -> Reply:
    server.function_asked = function.name
    connection = AIConnection(name=ENVIRONMENT, kind=kind, base_url=server.base_url)
    request = Request(
        function=function, question=letters(), complaint="", model="test-model", deadline=5
    )
    return PROVIDERS[kind].reply(connection, request)


def ends(ending: str) -> Fault:
    """A sentence that the provider says ended so."""
    message = {"role": "assistant", "content": "It grows. And th"}
    return sends(json.dumps(completion(message, ending)).encode())


def counts(usage: object) -> Fault:
    """The right answer, with this for its tokens."""

    def fault(exchange: Exchange) -> None:
        message = {"role": "assistant", "content": exchange.answer().decode()}
        exchange.send(json.dumps({**completion(message), "usage": usage}).encode())

    return fault


def refuses(code: int, body: object) -> Fault:
    return lambda exchange: exchange.send(json.dumps(body).encode(), status=code)


@pytest.mark.parametrize("ending", ["length", "model_length", "MAX_TOKENS", "who_knows"])
def test_a_text_is_whole_only_when_its_ending_is_known_to_be_one(
    server: ProviderServer, ending: str
) -> None:
    server.fail(ends(ending))

    assert ask_at(server, spell_letters).cut


@pytest.mark.parametrize("ending", ["stop", "eos", "end_turn", ""])
def test_a_text_that_ended_by_itself_is_whole(server: ProviderServer, ending: str) -> None:
    server.fail(ends(ending))

    assert not ask_at(server, spell_letters).cut


@pytest.mark.parametrize("ending", ["error", "abort"])
@pytest.mark.parametrize("function", [order_letters, spell_letters])
def test_an_answer_that_broke_off_with_an_error_is_none(
    server: ProviderServer, ending: str, function: Function
) -> None:
    server.fail(ends(ending))

    with pytest.raises(UnusableReplyError, match="broke off") as caught:
        ask_at(server, function)

    assert caught.value.input_tokens == 120


def test_an_object_with_an_unknown_ending_shows_by_itself_whether_it_is_whole(
    server: ProviderServer,
) -> None:
    right = {"role": "assistant", "content": '{"ids": ["k2", "k3", "k1"]}'}
    server.fail(sends(json.dumps(completion(right, "who_knows")).encode()))

    assert not ask_at(server).cut


@pytest.mark.parametrize("kind", ["anthropic", "gemini"])
@pytest.mark.parametrize("ending", ["pause_turn", "OTHER", "LANGUAGE"])
def test_other_protocols_have_such_endings_too(
    server: ProviderServer, kind: str, ending: str
) -> None:
    def fault(exchange: Exchange) -> None:
        if kind == "gemini":
            told = gemini_completion({"content": "It gr"}, "stop", (1, 2))
            told["candidates"][0]["finishReason"] = ending
        else:
            told = {
                "id": "m", "type": "message", "role": "assistant", "model": "m",
                "content": [{"type": "text", "text": "It gr"}], "stop_reason": ending,
                "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 2},
            }  # fmt: skip
        exchange.send(json.dumps(told).encode())

    server.fail(fault)
    try:
        assert ask_at(server, spell_letters, kind).cut
    except UnusableReplyError as broke_off:
        assert ending == "LANGUAGE", broke_off  # noqa: PT017 - either will do, silence will not


@pytest.mark.django_db
@pytest.mark.parametrize("told", NONSENSE)
def test_tokens_that_cannot_be_cost_no_answer(
    ask: Ask, account: Account, server: ProviderServer, told: object
) -> None:
    """An answer that was paid for is not thrown away because its count is nonsense."""
    PriceOverride.objects.create(
        account=account, model="test-model", input_rate=1_000_000, output_rate=1_000_000
    )
    usage = {"prompt_tokens": told, "completion_tokens": told, "total_tokens": told}
    server.fail(counts({**usage, "prompt_tokens_details": {"cached_tokens": told}}))

    answer = ask(order_letters, letters(), key="order_letters/cluster:7/0/a")

    assert answer.ids == ["k2", "k3", "k1"]
    [line] = CreditEntry.objects.values_list("cost_microusd", flat=True)
    assert line is None or 0 <= line < 10
    assert server.count() == 1


@pytest.mark.django_db
def test_more_cached_tokens_than_were_read_are_no_more_than_all(
    ask: Ask, account: Account, server: ProviderServer
) -> None:
    PriceOverride.objects.create(
        account=account,
        model="test-model",
        input_rate=10_000_000,
        output_rate=0,
        cached_rate=1_000_000,
    )
    details = {"cached_tokens": 5_000}
    usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    server.fail(counts({**usage, "prompt_tokens_details": details}))

    ask(order_letters, letters(), key="order_letters/cluster:7/0/a")

    assert CreditEntry.objects.get().cost_microusd == 100


def test_half_a_character_costs_no_answer(server: ProviderServer) -> None:
    """Models write halves of emojis; the key is not to blame for that."""
    server.fail(says("Basil \ud83c likes the sun."))

    assert ask_at(server, spell_letters).raw == b"Basil ? likes the sun."


@pytest.mark.django_db
def test_what_a_provider_says_is_kept_without_characters_that_databases_refuse(
    ask: Ask, server: ProviderServer
) -> None:
    message = {"role": "assistant", "content": '{"ids": ["k2", "k3", "k1"]}'}
    server.fail(sends(json.dumps({**completion(message), "model": "m\x00\ud800x"}).encode()))
    server.fail(says('{"ids": [], "o\\u0000dd": 1}'), times=1)
    server.fail(refuses(500, {"error": {"message": "out\x00 of\nmemory"}}), times=1)

    ask(order_letters, letters(), key="order_letters/cluster:7/0/a")

    failed, rejected, answered = AICall.objects.order_by("pk")
    assert failed.error == "The server failed (500): out of memory"
    assert "\x00" not in rejected.complaint + rejected.error
    assert answered.answered_model == "mx"


def test_an_error_in_a_list_is_read(server: ProviderServer) -> None:
    """Gemini's OpenAI-compatible addresses answer so."""
    server.fail(refuses(400, [{"error": {"code": 400, "message": "Unknown name: foo"}}]))

    with pytest.raises(RequestRefusedError, match="Unknown name: foo"):
        ask_at(server)


def test_a_question_that_a_gateway_flags_is_declined_and_no_fault_of_the_key(
    server: ProviderServer,
) -> None:
    metadata = {"reasons": ["violence"], "flagged_input": "knives", "provider_name": "p"}
    body = {"error": {"code": 403, "message": "Input was flagged", "metadata": metadata}}
    server.fail(refuses(403, body))

    with pytest.raises(DeclinedError, match="Input was flagged"):
        ask_at(server)


def test_all_that_an_image_model_writes_is_image_unless_it_says_otherwise(
    server: ProviderServer,
) -> None:
    reply = ask_at(server, draw_letters)

    assert (reply.output_tokens, reply.image_tokens) == (272, 272)


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        ({"input_tokens": 20, "output_tokens": 272, "total_tokens": 292}, (20, 272)),
        ({"input_tokens": 20, "output_tokens": 272, "input_tokens_details": None}, (20, 272)),
        ({"prompt_tokens": 3, "completion_tokens": 0, "total_tokens": 3}, (None, None)),
        ({"input_tokens": "many", "output_tokens": []}, (None, None)),
        ({}, (None, None)),
        (None, (None, None)),
    ],
)
def test_an_image_is_taken_however_its_tokens_are_counted(
    server: ProviderServer, usage: object, tokens: tuple[int | None, int | None]
) -> None:
    def fault(exchange: Exchange) -> None:
        image = base64.b64encode(plain_image(exchange)).decode()
        told = {"created": 1, "data": [{"b64_json": image}], "usage": usage}
        exchange.send(json.dumps(told).encode())

    server.fail(fault)

    reply = ask_at(server, draw_letters)

    assert (reply.input_tokens, reply.output_tokens) == tokens


def test_tokens_of_geminis_images_are_told_apart_from_those_of_its_words(
    server: ProviderServer,
) -> None:
    def fault(exchange: Exchange) -> None:
        told = gemini_completion({"content": ""}, "stop", (20, 1300))
        data = base64.b64encode(plain_image(exchange)).decode()
        part = {"inlineData": {"mimeType": "image/webp", "data": data}}
        told["candidates"][0]["content"]["parts"] = [part]
        told["usageMetadata"]["candidatesTokensDetails"] = [
            {"modality": "IMAGE", "tokenCount": 1290}
        ]
        exchange.send(json.dumps(told).encode())

    server.fail(fault)

    reply = ask_at(server, draw_letters, "gemini")

    assert (reply.output_tokens, reply.image_tokens) == (1300, 1290)


@pytest.mark.django_db
def test_vectors_cost_what_was_read(ask: Ask, account: Account, server: ProviderServer) -> None:
    server.functions = product_functions()
    AIConnection.objects.all().delete()
    PriceOverride.objects.create(account=account, model="small", input_rate=1_000_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IGNY8_EMBEDDING_MODEL", "small")
        ask(ask_vectors, QUESTION, key="embed_keywords/texts:1/0/3")

    assert CreditEntry.objects.get().cost_microusd == 21


THINKING = "<think>The user wants basil. {maybe}</think>\n\n"


def test_what_a_model_thinks_aloud_is_no_part_of_its_answer(server: ProviderServer) -> None:
    server.fail(says(f"{THINKING}Basil likes the sun."), times=1)
    assert ask_at(server, spell_letters).raw.decode().strip() == "Basil likes the sun."

    server.fail(says(THINKING + '{"ids": ["k2", "k3", "k1"]}'), times=1)
    assert order_letters.parse(ask_at(server).raw, letters()).ids == ["k2", "k3", "k1"]


def test_thoughts_that_were_cut_off_are_no_text(server: ProviderServer) -> None:
    server.fail(says("<think>The user wants basil. Let me think about", "length"))

    reply = ask_at(server, spell_letters)

    assert (reply.raw, reply.cut) == (b"", True)
