"""What every page is sent with, and what a page may hold."""

import re

import pytest
from django.core.checks import Tags, run_checks
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import path

from igny8.accounts.models import Role
from igny8.accounts.views.errors import broken
from igny8.config.health import healthz
from tests.worlds import Address, World, addresses, make_world

pytestmark = pytest.mark.django_db

SENT = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
EVENT_ATTRIBUTE = re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)([^>]*)>")


@pytest.fixture
def world() -> World:
    return make_world("meadow")


@pytest.mark.parametrize("address", addresses(), ids=str)
def test_every_answer_is_sent_with_safe_headers(address: Address, world: World) -> None:
    path = address.of(world)
    for client in (Client(), world.client(Role.OWNER)):
        answer = client.get(path)
        assert {name: answer.headers.get(name) for name in SENT} == SENT
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert answer.headers["Cache-Control"].partition(",")[0] in ("private", "max-age=0")
        assert_strict(answer.headers["Content-Security-Policy"])


@pytest.mark.parametrize("address", addresses(), ids=str)
def test_every_page_obeys_its_own_policy(address: Address, world: World) -> None:
    for client in (Client(), world.client(Role.OWNER)):
        answer = client.get(address.of(world))
        if not answer.streaming and answer.headers["Content-Type"].startswith("text/html"):
            assert_no_loose_script(answer)


def test_the_page_for_what_is_broken_needs_nothing_but_itself() -> None:
    answer = broken(HttpRequest())
    assert answer.status_code == 500
    assert b"Something broke on our side" in answer.content


def test_a_page_for_what_is_not_there_does_not_say_whose_it_is(world: World) -> None:
    other = make_world("zebra")
    answers = [
        world.client(Role.OWNER).get(path).content.decode()
        for path in (f"/team/{other.account.pk}/", "/team/999999/")
    ]
    assert text_of(answers[0]) == text_of(answers[1])


def test_a_role_that_is_too_low_is_told_so_in_its_own_team(world: World) -> None:
    answer = world.client(Role.VIEWER).get(f"/team/{world.account.pk}/audit/")
    assert answer.status_code == 404
    assert "Your role here is viewer; this needs owner." in answer.content.decode()


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("anybody reads this")


urlpatterns = [path("healthz", healthz), path("forgotten", undeclared)]


@pytest.mark.urls(__name__)
def test_a_page_without_a_rule_opens_for_nobody_and_fails_the_check() -> None:
    assert Client().get("/healthz").status_code == 200
    assert Client(raise_request_exception=False).get("/forgotten").status_code == 404
    [error] = [found for found in run_checks(tags=[Tags.security]) if found.id == "igny8.E001"]
    assert "'forgotten' declares no rule" in error.msg


def assert_strict(policy: str) -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert "unsafe" not in rules["script-src"]
    assert "unsafe" not in rules["style-src"]
    assert (rules["object-src"], rules["base-uri"]) == ("'none'", "'none'")
    assert (rules["frame-ancestors"], rules["form-action"]) == ("'none'", "'self'")


def assert_no_loose_script(answer: HttpResponseBase) -> None:
    assert isinstance(answer, HttpResponse)
    page = answer.content.decode()
    policy = answer.headers["Content-Security-Policy"]
    assert EVENT_ATTRIBUTE.search(page) is None
    assert "<style" not in page
    assert "javascript:" not in page
    for attributes in INLINE_SCRIPT.findall(page):
        nonce = re.search(r'nonce="([^"]+)"', attributes)
        assert "application/json" in attributes or (nonce and f"'nonce-{nonce[1]}'" in policy)


def text_of(page: str) -> str:
    """Without what differs at every request: nonces and tokens."""
    return re.sub(r'(nonce|value)="[^"]*"|&quot;[A-Za-z0-9]{64}&quot;|[A-Za-z0-9]{64}', "", page)
