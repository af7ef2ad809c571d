"""Two who come to an article at once: it reaches its gate, and a person's decision stands."""

from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

from igny8.core.errors import UserError
from igny8.writer.edits import approve_content
from igny8.writer.gate import turn_to_review_when_ready
from igny8.writer.models import Content, Image
from tests.automation.world import content_of, images_of, site_with

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

LONG_ENOUGH, PATIENCE = 0.5, 20.0


def begun(act: Callable[[], object]) -> Thread:
    """Somebody else does this, on a connection of their own; they have come as far as they can."""

    def do() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = Thread(target=do)
    thread.start()
    thread.join(LONG_ENOUGH)
    return thread


def make(image: Image) -> None:
    made = {"status": Image.Status.GENERATED, "file": f"garden/{image.pk}.webp"}
    Image.objects.filter(pk=image.pk).update(**made)
    turn_to_review_when_ready([image.content_id])


def test_the_last_two_pictures_of_an_article_made_at_once_bring_it_to_the_gate() -> None:
    content = content_of(site_with())
    first, second = images_of(content, 2)

    def make_second() -> None:
        with transaction.atomic():
            make(second)

    with transaction.atomic():
        make(first)
        other = begun(make_second)
    other.join(PATIENCE)

    content.refresh_from_db()
    assert content.status == "review"


def test_an_approval_is_not_overwritten_by_a_picture_that_is_made_again_meanwhile() -> None:
    content = content_of(site_with())
    [image] = images_of(content, 1)
    Content.objects.filter(pk=content.pk).update(status=Content.Status.REVIEW)
    approved: list[bool] = []

    def approve() -> None:
        with suppress(UserError):
            approve_content(Content.objects.get(pk=content.pk))
            approved.append(True)

    def before_the_article_is_stored(execute: Any, sql: str, *arguments: Any) -> Any:
        if sql.startswith('UPDATE "igny8_content"') and not others:
            others.append(begun(approve))
        return execute(sql, *arguments)

    others: list[Thread] = []
    with transaction.atomic(), connection.execute_wrapper(before_the_article_is_stored):
        make(image)
    others[0].join(PATIENCE)

    content.refresh_from_db()
    assert content.status == ("approved" if approved else "review")
