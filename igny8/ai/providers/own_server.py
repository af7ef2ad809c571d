"""How much context a server of one's own has given a model, which is seldom all that it could.

Neither Ollama nor llama.cpp says so where the protocol lists models; both say it beside it.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from igny8.ai.providers.dialect import Access

LLAMA_CPP, OLLAMA = "/props", "/api/ps"
OK = 200


async def context_served(access: Access, model: str) -> int | None:
    """In tokens; None when the server does not say. At most two requests."""
    for path in (OLLAMA, LLAMA_CPP):
        answer = await access.http.get(_address(access.base_url, path))
        told = answer.json() if answer.status_code == OK else None
        if isinstance(told, dict):
            return next(_contexts(told, model), None)
    return None


def _address(base_url: str, path: str) -> str:
    """Beside the protocol's own part of the address, not below it."""
    parts = urlsplit(base_url)
    root = parts.path.rstrip("/").removesuffix("/v1")
    return urlunsplit((parts.scheme, parts.netloc, root + path, "", ""))


def _contexts(told: dict[str, Any], model: str) -> Iterator[int]:
    loaded = told.get("models")
    for one in loaded if isinstance(loaded, list) else ():
        if isinstance(one, dict) and _is_same(one.get("name"), model):
            yield from _whole(one.get("context_length"))
    settings = told.get("default_generation_settings")
    yield from _whole(settings.get("n_ctx") if isinstance(settings, dict) else None)


def _is_same(name: object, model: str) -> bool:
    """`qwen3` is what Ollama lists as `qwen3:latest`."""
    return name in (model, f"{model}:latest")


def _whole(value: object) -> Iterator[int]:
    if isinstance(value, int) and value > 0:
        yield value
