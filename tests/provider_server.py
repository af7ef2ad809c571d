"""A provider on this machine: it speaks the OpenAI protocol and answers as our functions offline.

In a test: `with ProviderServer() as server: ... server.base_url`. As its own process:
`python -m tests.provider_server --port 8900 --journal calls.jsonl --fault 3=reset`.
"""

import argparse
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Self

import django
from pydantic import ValidationError

from igny8.ai.functions import AIFunction, Question, TextsQuestion
from tests.provider_faults import FAULTS, Asked, Exchange, Fault, answers, ids_in, status

Functions = Mapping[str, AIFunction[Any, Any]]
When = Callable[[Asked], bool]
PACKAGES = ("igny8.planner.functions", "igny8.writer.functions")
PATHS = (
    "/v1/chat/completions",
    "/v1/images/generations",
    "/v1/embeddings",
    "/v1/messages",
    ":generateContent",
)
MODELS = {
    "object": "list",
    "has_more": False,
    "data": [
        {"id": "test-embedding", "object": "model", "created": 1, "owned_by": "us"},
        {
            "id": "test-model",
            "object": "model",
            "created": 1,
            "owned_by": "us",
            "context_length": 8192,
        },
    ],
    "models": [{"name": "models/test-model", "inputTokenLimit": 8192}],
}
CONTROL = "/control"


def product_functions() -> Functions:
    """Every AI function of the product by its name."""
    found = {}
    for package in map(import_module, PACKAGES):
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            for value in vars(import_module(module.name)).values():
                if isinstance(value, AIFunction):
                    found[value.name] = value
    return found


def question_in(prompt: str, function: AIFunction[Any, Any]) -> Question | None:
    """The first JSON object of the prompt that is a question of this function."""
    read = json.JSONDecoder().raw_decode
    start = prompt.find("{")
    while start >= 0:
        try:
            value, _ = read(prompt, start)
            question: Question = function.question.model_validate(value)
        except (ValueError, ValidationError):
            start = prompt.find("{", start + 1)
        else:
            return question
    return None


def _question_of(asked: Asked) -> Question | None:
    """Texts to embed come as they are; any other question stands in the prompt."""
    if asked.function is None:
        return None
    if asked.path.endswith("/embeddings"):
        return TextsQuestion(texts=tuple(asked.body["input"]))
    return question_in(asked.prompt, asked.function)


@dataclass
class Scripted:
    """A fault for the calls that `when` picks, `times` times at most."""

    when: When
    fault: Fault
    times: int | None = None

    def applies(self, asked: Asked) -> bool:
        if self.times == 0 or not self.when(asked):
            return False
        self.times = None if self.times is None else self.times - 1
        return True


@dataclass
class ProviderServer:
    """Accepts each request (journal, counters), holds it at the gate, then answers or fails.

    `function_asked` stands in for the name that protocols other than OpenAI's do not carry;
    `spread` is how far the billed tokens may lie from the usual, as a share of them;
    `beside` is what it answers at addresses that are none of a protocol.
    """

    functions: Functions = field(default_factory=product_functions)
    journal: Path | None = None
    tiny_images: bool = False
    latency: float = 0.0
    port: int = 0
    function_asked: str = ""
    spread: float = 0.0
    beside: dict[str, object] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0

    def __post_init__(self) -> None:
        self._script: list[Scripted] = []
        self._changed = threading.Condition()
        self._open = threading.Event()
        self._open.set()
        self._http = ThreadingHTTPServer(("127.0.0.1", self.port), _handler_of(self))
        self._http.daemon_threads = True
        self._http.block_on_close = False

    def __enter__(self) -> Self:
        serve = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        serve.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        self._http.shutdown()
        self._http.server_close()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def fail(
        self, fault: Fault | str, *, when: When | None = None, times: int | None = None
    ) -> None:
        """`fault`, or one named in FAULTS, for the calls `when` picks; the newest rule wins."""
        chosen = FAULTS[fault] if isinstance(fault, str) else fault
        self._script.insert(0, Scripted(when or _any_call, chosen, times))

    def fail_call(self, number: int, fault: Fault | str) -> None:
        """`fault` for the call with this number; the first call is number 1."""
        self.fail(fault, when=lambda asked: asked.number == number)

    def recover(self) -> None:
        """No more faults."""
        self._script.clear()

    def block(self) -> None:
        """From now on calls are accepted but held until `release`."""
        self._open.clear()

    def release(self) -> None:
        self._open.set()

    def wait_for_calls(self, number: int, seconds: float = 10.0) -> None:
        """Returns when so many calls were accepted; raises TimeoutError after `seconds`."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.asked) >= number, seconds):
                raise TimeoutError(f"{len(self.asked)} of {number} calls came in {seconds} s")

    def count(self, function: str = "") -> int:
        """Calls accepted so far, of this function if one is named."""
        return sum(not function or one.function_name == function for one in list(self.asked))

    def times_asked(self) -> Counter[str]:
        """How often each question came, by the hash of the question."""
        return Counter(one.question_hash for one in list(self.asked))

    def list_models(self, handler: BaseHTTPRequestHandler) -> None:
        """Answers the request for the list of models, or fails as any call would now."""
        asked = Asked(
            number=0, path=handler.path, headers={}, body={}, function=None, question=None
        )
        exchange = Exchange(asked=asked, handler=handler)
        fault = next((s.fault for s in self._script if s.applies(asked)), None)
        is_listing = handler.path.partition("?")[0].endswith("/models")
        if not is_listing and handler.path not in self.beside:
            handler.send_error(404)
        elif fault:
            fault(exchange)
        else:
            exchange.send(json.dumps(self.beside.get(handler.path, MODELS)).encode())

    def serve(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        """Answers one request; called in the request's own thread."""
        if handler.path == CONTROL:
            self._begin_again(json.loads(body))
            handler.send_response(200)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        if not handler.path.partition("?")[0].endswith(PATHS):
            handler.send_error(404)
            return
        asked, fault = self._accept(handler, json.loads(body))
        try:
            self._open.wait()
            time.sleep(self.latency)
            fault(Exchange(asked=asked, handler=handler, tiny_images=self.tiny_images))
        except LookupError as unknown:
            status(400, message=str(unknown))(Exchange(asked=asked, handler=handler))
        finally:
            with self._changed:
                self.in_flight -= 1

    def _begin_again(self, wanted: Mapping[str, Any]) -> None:
        """Forgets everything; `faults` name a function, one of FAULTS and how often."""
        with self._changed:
            self.recover()
            self.asked.clear()
            self.most_in_flight = self.in_flight
            self.latency = float(wanted.get("latency", 0))
            if self.journal is not None:
                self.journal.unlink(missing_ok=True)
        for fault in wanted.get("faults", ()):
            chosen = fault_named(fault["fault"])
            self.fail(chosen, when=_asks(fault["function"]), times=fault.get("times"))

    def _accept(
        self, handler: BaseHTTPRequestHandler, body: Mapping[str, Any]
    ) -> tuple[Asked, Fault]:
        with self._changed:
            asked = self._understand(len(self.asked) + 1, handler, body)
            self.asked.append(asked)
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
            self._note(asked)
            self._changed.notify_all()
            return asked, next((s.fault for s in self._script if s.applies(asked)), answers)

    def _understand(
        self, number: int, handler: BaseHTTPRequestHandler, body: Mapping[str, Any]
    ) -> Asked:
        """The function is named by the response format's schema, or by a header."""
        form = body.get("response_format")
        schema = form.get("json_schema", {}) if isinstance(form, dict) else {}
        tools = body.get("tools") or [{}]
        name = (
            schema.get("name")
            or tools[0].get("name")
            or handler.headers.get("X-IGNY8-Function", "")
            or self.function_asked
        )
        function = self.functions.get(str(name))
        asked = Asked(
            number=number,
            path=handler.path,
            headers={key.lower(): value for key, value in handler.headers.items()},
            body=body,
            function=function,
            question=None,
            spread=self.spread,
        )
        return Asked(**{**vars(asked), "question": _question_of(asked)})

    def _note(self, asked: Asked) -> None:
        """One line, flushed to the disk before anything is answered."""
        if self.journal is None:
            return
        told = asked.question.model_dump(mode="json") if asked.question else {}
        line = {
            "time": time.time(),
            "number": asked.number,
            "path": asked.path,
            "function": asked.function_name,
            "question": asked.question_hash,
            "model": asked.body.get("model"),
            "ids": ids_in(told),
            "tokens": asked.tokens,
            "call": int(asked.headers.get("x-igny8-call", 0)),
            "in_flight": self.in_flight,
        }
        with self.journal.open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(line) + "\n")
            journal.flush()
            os.fsync(journal.fileno())


def _any_call(_: Asked) -> bool:
    return True


def _asks(function: str) -> When:
    return lambda asked: asked.function_name == function


def _handler_of(server: ProviderServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            try:
                server.serve(self, body)
            except OSError:  # the client hung up, or the fault did
                self.close_connection = True

        def do_GET(self) -> None:
            server.list_models(self)

        def finish(self) -> None:
            try:
                super().finish()
            except (OSError, ValueError):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
            """Requests are noted in the journal."""

    return Handler


def read_journal(path: Path) -> Iterator[dict[str, Any]]:
    """The accepted calls, oldest first."""
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def parse_fault(text: str) -> tuple[int, Fault]:
    """`3=reset` or `3=503`: the number of the call, and a name of FAULTS or an HTTP status."""
    number, _, name = text.partition("=")
    return int(number), fault_named(name)


def fault_named(name: str) -> Fault:
    return status(int(name)) if name.isdigit() else FAULTS[name]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--journal", type=Path)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--tiny-images", action="store_true")
    parser.add_argument("--spread", type=float, default=0.0, help="of billed tokens, as a share")
    parser.add_argument("--fault", type=parse_fault, action="append", default=[])
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "igny8.config.settings")
    django.setup()
    with ProviderServer(
        port=chosen.port,
        journal=chosen.journal,
        latency=chosen.latency,
        tiny_images=chosen.tiny_images,
        spread=chosen.spread,
    ) as server:
        for number, fault in chosen.fault:
            server.fail_call(number, fault)
        print(server.base_url, flush=True)  # noqa: T201 - the caller reads the address
        threading.Event().wait()


if __name__ == "__main__":
    main()
