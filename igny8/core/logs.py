"""Lines of this process's log: who, on which run, site and stage; never a secret."""

import json
import logging
import os
import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit

P = ParamSpec("P")
T = TypeVar("T")

HIDDEN = "[hidden]"
SECRET_VARIABLES = re.compile(r"^IGNY8_.*(KEY|KEYS|TOKEN|PASSWORD|SECRET)$")
SHORTEST_SECRET = 6
NOT_SHOWN = re.compile(r"\s*[\x00-\x1f\x7f-\x9f\u2028\u2029]+\s*")
LOOKS_SECRET = re.compile(
    r"(?P<name>\b(?:bearer|basic)\s+|\b(?:api[_-]?key|password)\W{1,4})[^\s'\",;]+"
    r"|(?P<user>://[^/\s:@]*:)[^\s@]+(?=@)"
    r"|\bsk-[\w-]{8,}",
    re.IGNORECASE,
)

_of_process: dict[str, object] = {}
_of_work: ContextVar[dict[str, object] | None] = ContextVar("log_fields", default=None)


def name_process(**fields: object) -> None:
    """These fields are on every line of this process from now on."""
    _of_process.update(fields)


def name_work(**fields: object) -> None:
    """These are on this thread's lines, until the work that `logged_as` marks is over."""
    if (current := _of_work.get()) is not None:
        current.update(fields)


def logged_as(name: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Lines written during the call carry its first argument under this name."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def named(*args: P.args, **kwargs: P.kwargs) -> T:
            token = _of_work.set({name: args[0]})
            try:
                return function(*args, **kwargs)
            finally:
                _of_work.reset(token)

        return named

    return decorate


class TextLines(logging.Formatter):
    """For people: what, then in brackets where."""

    def format(self, record: logging.LogRecord) -> str:
        where = " ".join(f"{name}={value}" for name, value in _fields(record).items())
        line = f"{_at(record)} {record.levelname} {record.name}: {_one_line(record)}"
        trace = _trace(self, record)
        return without_secrets("".join((line, f" [{where}]" if where else "", trace)))


class JsonLines(logging.Formatter):
    """For programs: one object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": _at(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
            **_fields(record),
        }
        if trace := _trace(self, record):
            line["trace"] = without_secrets(trace.strip())
        return json.dumps(line, ensure_ascii=False, default=str)


def without_secrets(text: str) -> str:
    """Keys and passwords of this process's environment, and what looks like one, are hidden."""
    for secret in _secrets():
        text = text.replace(secret, HIDDEN)
    return LOOKS_SECRET.sub(lambda found: f"{found['name'] or found['user'] or ''}{HIDDEN}", text)


def _one_line(record: logging.LogRecord) -> str:
    """Whatever a message quotes, it cannot pass for a line of its own, nor colour the screen."""
    return NOT_SHOWN.sub(" ", record.getMessage())


def _fields(record: logging.LogRecord) -> dict[str, object]:
    own = getattr(record, "fields", {})
    return {**_of_process, **(_of_work.get() or {}), **own}


def _at(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{int(record.msecs):03}Z"


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return f"\n{formatter.formatException(record.exc_info)}" if record.exc_info else ""


def _secrets() -> Iterator[str]:
    for name, value in os.environ.items():
        if SECRET_VARIABLES.match(name):
            yield from (part for part in value.split(",") if len(part) >= SHORTEST_SECRET)
    if password := urlsplit(os.environ.get("DATABASE_URL", "")).password:
        yield from {password, unquote(password)}
