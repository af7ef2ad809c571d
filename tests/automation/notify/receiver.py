"""A server on this machine that webhooks are sent to: it notes requests and answers as told."""

import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Reply = Callable[[BaseHTTPRequestHandler], None]
SIGNED = re.compile(r"t=(\d+),v1=([0-9a-f]{64})")


@dataclass(frozen=True)
class Got:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    def is_signed_with(self, secret: str) -> bool:
        """As the guide tells receivers to check it."""
        found = SIGNED.fullmatch(self.headers.get("igny8-signature", ""))
        if found is None:
            return False
        signed = found[1].encode() + b"." + self.body
        wanted = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        return hmac.compare_digest(found[2], wanted)


def answers(status: int, text: str = "", **headers: str) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(text.encode())))
        handler.end_headers()
        with suppress(OSError):  # whoever asked has read enough
            handler.wfile.write(text.encode())

    return reply


def drips(handler: BaseHTTPRequestHandler) -> None:
    """An answer that never ends to begin."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            handler.wfile.write(b"X-Slow: yes\r\n")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        handler.close_connection = True


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


@dataclass
class Receiver:
    """Answers from `script` in turn, then 200; `while_asked` happens before each answer."""

    script: list[Reply] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    while_asked: Callable[[], object] = lambda: None

    def __enter__(self) -> Self:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _serving(self))
        self._http.daemon_threads = True
        self._http.block_on_close = False
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/hooks/9f3c2b7e-inbox"

    @property
    def ids(self) -> list[str]:
        return [str(one.told["id"]) for one in self.got]


def _serving(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Serving(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.got.append(Got(self.path, headers, body))
            receiver.while_asked()
            (receiver.script.pop(0) if receiver.script else answers(200))(self)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Serving
