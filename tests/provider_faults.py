"""What a provider can do instead of answering: one small function a fault."""

import base64
import gzip
import hashlib
import json
import socket
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from typing import Any

from igny8.ai.functions import AIFunction, Form, Question

HUGE = 30_000_000
IMAGE_TOKENS = (20, 272)
TEXT_TOKENS = (120, 80)
Tokens = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One accepted request: its number from 1 on, and what was understood of it."""

    number: int
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    function: AIFunction[Any, Any] | None
    question: Question | None
    spread: float = 0.0

    @property
    def tokens(self) -> Tokens:
        """What is billed, in and out: always the same, or up to `spread` more or less of it."""
        usual = IMAGE_TOKENS if self.path.endswith("/images/generations") else TEXT_TOKENS
        lots = hashlib.sha256(self.question_hash.encode()).digest()
        return (
            round(usual[0] * (1 + self.spread * (lots[0] / 127.5 - 1))),
            round(usual[1] * (1 + self.spread * (lots[1] / 127.5 - 1))),
        )

    @property
    def prompt(self) -> str:
        if messages := self.body.get("messages"):
            content = messages[-1]["content"]
            return str(content) if isinstance(content, str) else str(content[-1]["text"])
        if contents := self.body.get("contents"):
            return str(contents[-1]["parts"][-1]["text"])
        return str(self.body.get("prompt", ""))

    @property
    def dialect(self) -> str:
        """Whose protocol the request follows, by its path."""
        if self.path.endswith("/messages"):
            return "anthropic"
        return "gemini" if ":generateContent" in self.path else "openai"

    @property
    def function_name(self) -> str:
        return self.function.name if self.function else ""

    @property
    def question_hash(self) -> str:
        told = self.question.model_dump_json() if self.question else self.prompt
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """An accepted request and the wire to answer it on."""

    asked: Asked
    handler: BaseHTTPRequestHandler
    tiny_images: bool = False

    def send(
        self,
        body: bytes,
        *,
        status: int = 200,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.begin(len(body), status=status, content_type=content_type, headers=headers)
        self.handler.wfile.write(body)

    def begin(
        self,
        length: int,
        *,
        status: int = 200,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.handler.send_response(status)
        for name, value in {"Content-Type": content_type, **(headers or {})}.items():
            self.handler.send_header(name, value)
        self.handler.send_header("Content-Length", str(length))
        self.handler.end_headers()

    def complete(self, message: Mapping[str, Any], finish_reason: str = "stop") -> None:
        told = COMPLETIONS[self.asked.dialect](message, finish_reason, self.asked.tokens)
        self.send(json.dumps(told).encode())

    def say(self, content: str | None) -> None:
        self.complete({"role": "assistant", "content": content})

    def answer(self) -> bytes:
        """What the asked function answers offline."""
        function, question = self.asked.function, self.asked.question
        if function is None or question is None:
            raise LookupError("no question of a known function stands in the prompt")
        raw: bytes = function.dump(function.offline(question))
        return raw


Fault = Callable[[Exchange], None]


def completion(
    message: Mapping[str, Any], finish_reason: str = "stop", tokens: Tokens = TEXT_TOKENS
) -> dict[str, Any]:
    read, written = tokens
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "test-model",
        "choices": [{"index": 0, "finish_reason": finish_reason, "message": dict(message)}],
        "usage": {
            "prompt_tokens": read,
            "completion_tokens": written,
            "total_tokens": read + written,
        },
    }


def anthropic_completion(
    message: Mapping[str, Any], finish_reason: str, tokens: Tokens
) -> dict[str, Any]:
    """JSON comes as the input of a tool's call, as that API does it."""
    content, reasons = message["content"] or "", {"length": "max_tokens", "stop": "end_turn"}
    is_object = content.startswith("{") and finish_reason == "stop"
    block = (
        {"type": "tool_use", "id": "t1", "name": "order_letters", "input": json.loads(content)}
        if is_object
        else {"type": "text", "text": content}
    )
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "test-model",
        "content": [block] if content else [],
        "stop_reason": "tool_use" if is_object else reasons.get(finish_reason, "refusal"),
        "stop_sequence": None,
        "usage": {"input_tokens": tokens[0], "output_tokens": tokens[1]},
    }


def gemini_completion(
    message: Mapping[str, Any], finish_reason: str, tokens: Tokens
) -> dict[str, Any]:
    reasons = {"length": "MAX_TOKENS", "stop": "STOP"}
    parts = [{"text": message["content"]}] if message["content"] else []
    return {
        "candidates": [
            {
                "content": {"role": "model", "parts": parts},
                "finishReason": reasons.get(finish_reason, "SAFETY"),
            }
        ],
        "usageMetadata": {
            "promptTokenCount": tokens[0],
            "candidatesTokenCount": tokens[1],
            "totalTokenCount": sum(tokens),
        },
        "modelVersion": "test-model",
        "responseId": "r1",
    }


COMPLETIONS: Mapping[str, Callable[[Mapping[str, Any], str, Tokens], dict[str, Any]]] = {
    "openai": completion,
    "anthropic": anthropic_completion,
    "gemini": gemini_completion,
}


def status(code: int, *, error_code: str = "", message: str = "", retry_after: str = "") -> Fault:
    def fault(exchange: Exchange) -> None:
        body = {"error": {"message": message, "type": "error", "code": error_code or None}}
        headers = {"Retry-After": retry_after} if retry_after else {}
        exchange.send(json.dumps(body).encode(), status=code, headers=headers)

    return fault


def says(content: str | None, finish_reason: str = "stop") -> Fault:
    """Answers with this text instead."""

    def fault(exchange: Exchange) -> None:
        exchange.complete({"role": "assistant", "content": content}, finish_reason)

    return fault


def sends(body: bytes, content_type: str = "application/json") -> Fault:
    """Answers 200 with these bytes instead of a completion."""
    return lambda exchange: exchange.send(body, content_type=content_type)


def slow(seconds: float) -> Fault:
    """The right answer, later."""

    def fault(exchange: Exchange) -> None:
        time.sleep(seconds)
        answers(exchange)

    return fault


def drip(seconds: float) -> Fault:
    """A right answer byte by byte, one every `seconds`, for as long as somebody listens."""

    def fault(exchange: Exchange) -> None:
        exchange.begin(10_000)
        for _ in range(10_000):
            exchange.handler.wfile.write(b" ")
            exchange.handler.wfile.flush()
            time.sleep(seconds)

    return fault


def hang(seconds: float) -> Fault:
    """Says nothing at all for `seconds`, then hangs up."""

    def fault(exchange: Exchange) -> None:
        time.sleep(seconds)
        exchange.handler.close_connection = True

    return fault


def answers(exchange: Exchange) -> None:
    """No fault: what the function answers offline."""
    function = exchange.asked.function
    if function is not None and function.form is Form.IMAGE:
        _answer_with_image(exchange)
    elif exchange.asked.path.endswith("/embeddings"):
        exchange.send(json.dumps(embeddings(exchange)).encode())
    else:
        exchange.say(exchange.answer().decode())


def embeddings(exchange: Exchange) -> dict[str, Any]:
    """What the protocol makes of the vectors; the last comes first, as the protocol allows."""
    answer = json.loads(exchange.answer())
    packed, texts = base64.b64decode(answer["vectors"]), answer["texts"]
    length = len(packed) // 4 // len(texts)
    rows = [
        {"object": "embedding", "index": at, "embedding": list(numbers)}
        for at, numbers in enumerate(struct.iter_unpack(f"<{length}f", packed))
    ]
    usage = {"prompt_tokens": 7 * len(texts), "total_tokens": 7 * len(texts)}
    return {"object": "list", "data": rows[::-1], "model": "test-embedder", "usage": usage}


def fenced(exchange: Exchange) -> None:
    """The right answer in a code fence, between remarks."""
    exchange.say(f"Sure, here it is:\n```json\n{exchange.answer().decode()}\n```\nAnything else?")


def redirect(exchange: Exchange) -> None:
    """Sends the client to the same address again."""
    exchange.send(b"", status=307, headers={"Location": exchange.asked.path})


def cut(exchange: Exchange) -> None:
    """Half of the right answer, ended by the length limit."""
    half = exchange.answer().decode()
    exchange.complete({"role": "assistant", "content": half[: len(half) // 2]}, "length")


def refusal(exchange: Exchange) -> None:
    words = "I'm sorry, I can't help with that."
    exchange.complete({"role": "assistant", "content": None, "refusal": words})


def reset(exchange: Exchange) -> None:
    """Closes the connection with RST, before any answer."""
    exchange.handler.close_connection = True
    linger = struct.pack("ii", 1, 0)
    exchange.handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    exchange.handler.connection.shutdown(socket.SHUT_RD)
    exchange.handler.connection.close()


def broken_off(exchange: Exchange) -> None:
    """Hangs up half-way through the announced body."""
    exchange.begin(5_000)
    exchange.handler.wfile.write(b'{"id": "chatcmpl-1", "choices": [')
    exchange.handler.close_connection = True


def invented_ids(exchange: Exchange) -> None:
    """The right answer with every id that stands in the question replaced by a made-up one."""
    if exchange.asked.question is None:
        raise LookupError("no question")
    known = set(ids_in(exchange.asked.question.model_dump(mode="json")))
    exchange.say(json.dumps(_renamed(json.loads(exchange.answer()), known)))


def huge(exchange: Exchange) -> None:
    exchange.begin(HUGE)
    for _ in range(HUGE // 100_000):
        exchange.handler.wfile.write(b" " * 100_000)


def zipped(exchange: Exchange) -> None:
    """A few bytes, compressed although nobody asked for it, that unfold to a huge body."""
    exchange.send(gzip.compress(b" " * (HUGE // 10)), headers={"Content-Encoding": "gzip"})


FAULTS: Mapping[str, Fault] = {
    "broken_off": broken_off,
    "content_filter": says("", "content_filter"),
    "cut": cut,
    "cut_envelope": sends(b'{"id": "chatcmpl-1", "choices": [{"index": 0, "mess'),
    "drip": drip(0.05),
    "empty_choices": sends(json.dumps({**completion({}), "choices": []}).encode()),
    "empty_content": says(""),
    "error_in_200": sends(b'{"error": {"message": "upstream failed", "code": 502}}'),
    "fenced": fenced,
    "hang": hang(300),
    "html": sends(b"<!doctype html><title>Welcome</title>", "text/html; charset=utf-8"),
    "html_as_json": sends(b"<!doctype html><title>Welcome</title>"),
    "huge": huge,
    "invented_ids": invented_ids,
    "not_json": says("I would rather talk about the weather."),
    "null_choices": sends(json.dumps({**completion({}), "choices": None}).encode()),
    "null_content": says(None),
    "redirect": redirect,
    "refusal": refusal,
    "reset": reset,
    "wrong_schema": says('{"nonsense": true}'),
    "zipped": zipped,
}


def ids_in(value: object) -> list[str]:
    """Every value of a field called `id` or ending in `_id`, at any depth."""
    if isinstance(value, dict):
        own = [v for k, v in value.items() if isinstance(v, str) and (k == "id" or k[-3:] == "_id")]
        return own + [found for v in value.values() for found in ids_in(v)]
    return [found for v in value for found in ids_in(v)] if isinstance(value, list) else []


def _renamed(value: object, known: set[str]) -> object:
    if isinstance(value, dict):
        return {k: _renamed(v, known) for k, v in value.items()}
    if isinstance(value, list):
        return [_renamed(v, known) for v in value]
    return f"{value}-invented" if isinstance(value, str) and value in known else value


def _answer_with_image(exchange: Exchange) -> None:
    known = exchange.asked.question is not None
    image = exchange.answer() if known and not exchange.tiny_images else plain_image(exchange)
    if exchange.asked.dialect == "gemini":
        data = base64.b64encode(image).decode()
        told = gemini_completion({"content": ""}, "stop", exchange.asked.tokens)
        part = {"inlineData": {"mimeType": "image/webp", "data": data}}
        told["candidates"][0]["content"]["parts"] = [part]
        exchange.send(json.dumps(told).encode())
        return
    read, drawn = exchange.asked.tokens
    body = {
        "created": 1_700_000_000,
        "data": [{"b64_json": base64.b64encode(image).decode()}],
        "usage": {
            "input_tokens": read,
            "output_tokens": drawn,
            "total_tokens": read + drawn,
            "input_tokens_details": {"text_tokens": read, "image_tokens": 0},
        },
    }
    exchange.send(json.dumps(body).encode())


def plain_image(exchange: Exchange) -> bytes:
    """A WebP of one colour, another for each prompt: 16 x 9 pixels when tiny images are wanted."""
    from PIL import Image

    red, green, blue, *_ = hashlib.sha256(exchange.asked.prompt.encode()).digest()
    size = (16, 9) if exchange.tiny_images else (1536, 864)
    made = BytesIO()
    Image.new("RGB", size, (red, green, blue)).save(made, "WEBP")
    return made.getvalue()
