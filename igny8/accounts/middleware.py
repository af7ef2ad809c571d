"""What holds for every page: safe headers, and a declared rule of who may open it."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver

from igny8.accounts.access import rule_of
from igny8.accounts.views.errors import away
from igny8.core.outages import is_away

Answer = Callable[[HttpRequest], HttpResponseBase]

HEADERS = {
    "Permissions-Policy": (
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
        "publickey-credentials-create=(self), publickey-credentials-get=(self)"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


def answer_safely(get_response: Answer) -> Answer:
    """Adds what an answer does not say itself."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return answer


class AwayIsNoFault:
    """A database that does not answer is said calmly, and is no fault of the page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        return away(request, error) if is_away(error) else None


class EveryPageHasRule:
    """A view that declares no rule is there for nobody."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> None:
        if rule_of(view) is None:
            raise Http404


def all_patterns() -> list[tuple[str, URLPattern]]:
    """Every address of the project with its pattern, as `s/<slug:site_slug>/runs/`."""
    return _below(get_resolver(), "")


def _below(resolver: URLResolver, prefix: str) -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        found += _below(entry, address) if isinstance(entry, URLResolver) else [(address, entry)]
    return found
