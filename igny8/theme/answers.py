"""Answers to what people do in dialogs: the same address works as a dialog and as a page."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

UNPROCESSABLE = 422


def is_partial(request: HttpRequest) -> bool:
    """Whether a part of a page asked, not a person who opens an address."""
    return request.headers.get("HX-Request") == "true"


def dialog(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, is_wrong: bool = False
) -> HttpResponse:
    """What stands in the dialog; opened as an address it is a page of its own."""
    frame = "theme/dialog_part.html" if is_partial(request) else "theme/dialog_page.html"
    status = UNPROCESSABLE if is_wrong else 200
    return render(request, template, {**context, "frame": frame}, status=status)


def done(request: HttpRequest, message: str, *, back: str) -> HttpResponse:
    """It is done: where its result shows, the dialog closes and a line says so; from elsewhere one
    is led back there, and it is said there."""
    return _said(request, message, back, level=messages.SUCCESS)


def gone_on(request: HttpRequest, message: str, *, to: str) -> HttpResponse:
    """It is done, and what comes next is another page, which says so."""
    messages.success(request, message)
    return _led(request, to)


def refused(request: HttpRequest, sentence: str, *, back: str) -> HttpResponse:
    """It could not be done; the sentence says why."""
    return _said(request, sentence, back, level=messages.ERROR)


def _said(request: HttpRequest, text: str, back: str, *, level: int) -> HttpResponse:
    if is_partial(request) and _stands_at(request, back):
        event = {"said": {"text": text, "level": messages.DEFAULT_TAGS[level]}}
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(event)})
    messages.add_message(request, level, text)
    return _led(request, back)


def _led(request: HttpRequest, to: str) -> HttpResponse:
    if is_partial(request):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return redirect(to)


def _stands_at(request: HttpRequest, place: str) -> bool:
    """Whether the page that asks is this one, whatever is filtered on it."""
    asks = request.headers.get("HX-Current-URL", place)
    return urlsplit(asks).path == urlsplit(place).path
