"""What goes over the wire is packed where that pays."""

import gzip

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from igny8.theme.compression import Compressed

PAGE = b"<p>the same line again and again</p>" * 100


def answered(request: HttpRequest, kind: str = "text/html") -> HttpResponse:
    answer = Compressed(lambda _: HttpResponse(PAGE, content_type=kind))(request)
    assert isinstance(answer, HttpResponse)
    return answer


def asked(**headers: str) -> HttpRequest:
    return RequestFactory().get("/", headers={"accept-encoding": "gzip", **headers})


def test_a_page_is_packed() -> None:
    answer = answered(asked())

    assert len(answer.content) < len(PAGE) / 10
    assert gzip.decompress(answer.content) == PAGE


def test_a_live_part_is_not() -> None:
    assert answered(asked(**{"hx-request": "true"})).content == PAGE


def test_what_is_packed_already_is_left_alone() -> None:
    assert answered(asked(), kind="image/webp").content == PAGE


@pytest.mark.django_db
def test_the_style_sheet_arrives_packed() -> None:
    answer = Client(headers={"accept-encoding": "gzip"}).get("/static/igny8/app.css")

    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
