"""Rows of the content list and of the review queue."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from igny8.sites.models import Site
from igny8.theme.looks import Look
from igny8.writer.article import address_of
from igny8.writer.check_sheet import Number, lowest, numbers_of
from igny8.writer.models import Content, ContentQuerySet, Image, Inspection

LOOKS = {
    "draft": Look("Draft", "idle", "pencil"),
    "review": Look("In review", "warn", "eye"),
    "approved": Look("Approved", "ok", "check"),
    "rejected": Look("Sent back", "bad", "undo-2"),
    "scheduled": Look("Scheduled", "run", "calendar-clock"),
    "published": Look("Published", "ok", "globe"),
}
PARKED = Look("Failed", "bad", "circle-alert")
TABS = (("", "All"), *((value.value, LOOKS[value].word) for value in Content.Status))


@dataclass(frozen=True, kw_only=True)
class Tab:
    value: str
    title: str
    count: int
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class ContentRow:
    """`thumb` is empty while the article has no picture at its head; `lowest` is the lowest of its
    three numbers, None until the checks have looked at it."""

    pk: int
    title: str
    keyword: str
    look: Look
    words: int
    images: str
    thumb: str
    finding: str
    changed: datetime
    lowest: Number | None


def tabs_of(site: Site, status: str) -> list[Tab]:
    counted = Content.objects.filter(site=site).order_by().values_list("status")
    found = dict(counted.annotate(number=Count("pk")))
    whole = {"": sum(found.values()), **found}
    return [
        Tab(value=value, title=title, count=whole.get(value, 0), is_open=value == status)
        for value, title in TABS
    ]


def contents_of(site: Site, status: str, asked: str) -> ContentQuerySet:
    """The newest first; `asked` is looked for in title and keyword."""
    found = Content.objects.filter(site=site).order_by("-pk").defer("body")
    if status in Content.Status.values:
        found = found.filter(status=status)
    if asked:
        found = found.filter(Q(title__icontains=asked) | Q(primary_keyword__icontains=asked))
    return found


def content_rows(contents: Iterable[Content]) -> Iterator[ContentRow]:
    """With their pictures and numbers, in one query for all of each."""
    shown = list(contents)
    numbers = _lowest_of([content.pk for content in shown])
    images: dict[int, list[Image]] = {content.pk: [] for content in shown}
    of_these = Image.objects.filter(content__in=images).defer("prompt", "content__body")
    for image in of_these.order_by("slot"):
        images[image.content_id].append(image)
    for content in shown:
        yield _row(content, images[content.pk], numbers.get(content.pk))


def _lowest_of(pks: Sequence[int]) -> dict[int, Number | None]:
    """As stored: a list never lets the checks look."""
    columns = ("content", "on_page", "readability", "integrity")
    rows = Inspection.objects.filter(content__in=pks).values_list(*columns)
    return {pk: lowest(numbers_of(*values)) for pk, *values in rows}


def _row(content: Content, images: list[Image], number: Number | None) -> ContentRow:
    made = [image for image in images if image.file]
    return ContentRow(
        pk=content.pk,
        title=content.title,
        keyword=content.primary_keyword,
        look=PARKED if content.parked_at else LOOKS[content.status],
        words=content.word_count,
        images=f"{len(made)} of {len(images)}" if images else "none yet",
        thumb=address_of(made[0]) if made else "",
        finding=content.findings[0]["message"] if content.findings else "",
        changed=content.updated_at,
        lowest=number,
    )
