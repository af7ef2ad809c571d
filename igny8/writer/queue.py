"""The line of articles that wait for a decision, the oldest first."""

from dataclasses import dataclass

from django.urls import reverse

from igny8.sites.models import Site
from igny8.writer.lists import ContentRow, content_rows
from igny8.writer.models import Content, ContentQuerySet

NEAR = 25


@dataclass(frozen=True, kw_only=True)
class ReviewQueue:
    """Around one article; `number` counts from 1, 0 when it does not wait itself."""

    number: int
    waiting: int
    previous: int | None
    next: int | None
    rows: tuple[ContentRow, ...]


def queue_around(content: Content) -> ReviewQueue:
    waiting = waiting_of(content.site)
    before, after = waiting.filter(pk__lt=content.pk), waiting.filter(pk__gt=content.pk)
    is_waiting = content.status == Content.Status.REVIEW
    near = [*list(before.order_by("-pk")[:NEAR])[::-1], *([content] if is_waiting else [])]
    return ReviewQueue(
        number=before.count() + 1 if is_waiting else 0,
        waiting=waiting.count(),
        previous=before.order_by("-pk").values_list("pk", flat=True).first(),
        next=after.values_list("pk", flat=True).first(),
        rows=tuple(content_rows([*near, *after[:NEAR]])),
    )


def waiting_of(site: Site) -> ContentQuerySet:
    return Content.objects.in_review().filter(site=site).order_by("pk").defer("body")


def following(site: Site, pk: int, query: str = "") -> str:
    """Where to go once this one is decided: the next that waits, else the first, else the list.

    `query` is how the list was filtered, so that one comes back to it.
    """
    waiting = waiting_of(site).exclude(pk=pk)
    next_one = waiting.filter(pk__gt=pk).first() or waiting.first()
    if next_one is None:
        return f"{reverse('writer:contents', args=[site.slug])}{query or '?status=review'}"
    return f"{reverse('writer:article', args=[site.slug, next_one.pk])}{query}"
