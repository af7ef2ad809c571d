import json
import struct
from collections.abc import Mapping
from typing import Any

import pytest

from igny8.ai.connections import ENVIRONMENT
from igny8.ai.errors import (
    KeyRefusedError,
    ProviderError,
    QuotaUsedUpError,
    TooManyRequestsError,
    UnreachableError,
    UnusableReplyError,
)
from igny8.ai.functions import TextsQuestion
from igny8.ai.models import AIConnection
from igny8.ai.providers import PROVIDERS, Reply, Request
from igny8.planner.functions.embed_keywords import ask_vectors
from tests.ai.conftest import KEY
from tests.provider_faults import Fault, sends, status
from tests.provider_server import ProviderServer, product_functions

QUESTION = TextsQuestion(texts=("herb garden", "car insurance", "herbs"))


@pytest.fixture(autouse=True)
def _the_products_functions(server: ProviderServer) -> None:
    server.functions = product_functions()


def ask(server: ProviderServer) -> Reply:
    connection = AIConnection(
        name=ENVIRONMENT, kind=AIConnection.Kind.OPENAI_COMPATIBLE, base_url=server.base_url
    )
    request = Request(
        function=ask_vectors, question=QUESTION, complaint="", model="small", deadline=5
    )
    return PROVIDERS[connection.kind].reply(connection, request)


def vectors_in(raw: bytes) -> list[tuple[float, ...]]:
    answer = ask_vectors.parse(raw, QUESTION)
    length = len(answer.vectors) // 4 // len(answer.texts)
    return list(struct.iter_unpack(f"<{length}f", answer.vectors))


def product(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def rows(*vectors: list[Any], **more: Any) -> Fault:
    """A body as the protocol has it, with these vectors."""
    data: list[Mapping[str, Any]] = [
        {"object": "embedding", "index": at, "embedding": vector}
        for at, vector in enumerate(vectors)
    ]
    return sends(json.dumps({"object": "list", "data": data, "model": "m", **more}).encode())


def test_vectors_come_back_in_the_order_of_the_texts(server: ProviderServer) -> None:
    reply = ask(server)

    first, other, alike = vectors_in(reply.raw)
    assert product(first, alike) > product(first, other)
    assert (reply.model, reply.input_tokens, reply.output_tokens) == ("test-embedder", 21, None)


def test_the_request_holds_the_texts_and_nothing_else(server: ProviderServer) -> None:
    ask(server)

    told = server.asked[0]
    assert told.path == "/v1/embeddings"
    assert told.body == {
        "input": list(QUESTION.texts),
        "model": "small",
        "encoding_format": "float",
    }
    assert told.headers["authorization"] == f"Bearer {KEY}"


def test_tokens_nobody_counted_are_unknown(server: ProviderServer) -> None:
    server.fail(rows([1.0], [0.5], [0]))

    reply = ask(server)

    assert vectors_in(reply.raw) == [(1.0,), (0.5,), (0.0,)]
    assert reply.input_tokens is None


@pytest.mark.parametrize(
    "fault",
    [
        rows([1.0], [1.0]),
        rows([1.0], [1.0], [1.0], [1.0]),
        rows([1.0], [1.0, 2.0], [1.0]),
        rows([], [], []),
        rows([1.0], [None], [1.0]),
        rows([1.0], ["1"], [1.0]),
        rows([1.0], [float("nan")], [1.0]),
        rows([1.0], [1e300], [1.0]),
        sends(b'{"data": null}'),
        sends(b'{"data": [{"index": 0}, {"index": 1}, {"index": 2}]}'),
        sends(b'{"embedding": [1, 2]}'),
        "html",
        "huge",
        "error_in_200",
    ],
)
def test_a_reply_without_a_vector_for_each_text_is_unusable(
    server: ProviderServer, fault: Fault | str
) -> None:
    server.fail(fault)

    with pytest.raises(UnusableReplyError):
        ask(server)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (status(401), KeyRefusedError),
        (status(404), KeyRefusedError),
        (status(402), QuotaUsedUpError),
        (status(429, retry_after="7"), TooManyRequestsError),
        (status(503), UnreachableError),
        ("reset", UnreachableError),
    ],
)
def test_a_failing_endpoint_is_told_like_any_other(
    server: ProviderServer, fault: Fault | str, kind: type[ProviderError]
) -> None:
    server.fail(fault)

    with pytest.raises(kind):
        ask(server)
    assert server.count() == 1


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        ('{"texts": ["other"], "vectors": "AACAPw=="}', "those of other texts"),
        ('{"texts": ["herb garden", "car insurance", "herbs"], "vectors": "AAA="}', "one vector"),
        ('{"texts": ["herb garden", "car insurance", "herbs"], "vectors": ""}', "one vector"),
    ],
)
def test_an_answer_that_does_not_fit_its_question_is_refused(raw: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        ask_vectors.parse(raw.encode(), QUESTION)


def test_the_offline_answer_reads_back() -> None:
    answer = ask_vectors.offline(QUESTION)

    assert ask_vectors.parse(ask_vectors.dump(answer), QUESTION) == answer
