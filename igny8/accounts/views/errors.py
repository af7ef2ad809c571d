"""Pages that say no."""

import json
import logging
import sys
from secrets import token_hex
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from igny8.accounts.access import TooLowRole
from igny8.core.outages import is_away, storage_trouble
from igny8.theme.answers import is_partial

AGAIN_AFTER = 10  # seconds; a page that was asked for asks again by itself
NO_ANSWER = "The database does not answer at the moment. Nothing was changed; try again soon."

log = logging.getLogger(__name__)


def too_often(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)


def not_here(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same answer for what is not there and for what belongs to others."""
    why = str(exception) if isinstance(exception, TooLowRole) else ""
    return render(request, "404.html", {"why": why}, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Needs no database, session or context processor: any of them may be what broke."""
    error = sys.exc_info()[1]
    if is_away(error):
        return away(request, error)
    number = f"e-{token_hex(2)}-{token_hex(2)}"
    log.error("Report %s: %s %s", number, request.method, request.path)
    return _bare(request, "500.html", status=500, number=number)


def away(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """A page for people, which asks again; to a part of a page, that it may stay as it is."""
    full = storage_trouble(error) if isinstance(error, DatabaseError) else None
    log.warning("%s %s waits for the database: %s", request.method, request.path, error)
    if is_partial(request):
        answer = HttpResponse(status=503, headers={"HX-Reswap": "none"})
        if request.method != "GET":
            said = {"text": full or NO_ANSWER, "level": "warning"}
            answer.headers["HX-Trigger"] = json.dumps({"away": said})
    else:
        again = AGAIN_AFTER if request.method == "GET" else None
        answer = _bare(request, "503.html", status=503, again=again, full=full, path=request.path)
    answer.headers["Retry-After"] = str(AGAIN_AFTER)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _bare(request: HttpRequest, template: str, *, status: int, **context: Any) -> HttpResponse:
    nonce = getattr(request, "csp_nonce", "")
    page = get_template(template).render({"request": {"csp_nonce": nonce}, **context})
    return HttpResponse(page, status=status)
