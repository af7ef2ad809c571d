"""Pages that say no."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from igny8.accounts.access import TooLowRole


def too_often(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)


def not_here(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same answer for what is not there and for what belongs to others."""
    why = str(exception) if isinstance(exception, TooLowRole) else ""
    return render(request, "404.html", {"why": why}, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Needs no database, session or context processor: any of them may be what broke."""
    nonce = getattr(request, "csp_nonce", "")
    page = get_template("500.html").render({"request": {"csp_nonce": nonce}})
    return HttpResponse(page, status=500)
