"""An article of a site as the on-page checks take it."""

from collections.abc import Iterable
from functools import lru_cache

from igny8.onpage import Article, Picture, Report, Sibling, Sketch, inspect, sketch_of
from igny8.writer.models import Content, Image

SIBLINGS_COMPARED = 500


def inspect_content(content: Content, *, site_links: Iterable[str] = ()) -> Report:
    """What the checks say of it as it is now; nothing is stored.

    `site_links` are addresses of the site's pages, for whoever knows where they are published.
    """
    return inspect(article_of(content, site_links=site_links))


def article_of(content: Content, *, site_links: Iterable[str] = ()) -> Article:
    return Article(
        title=content.title,
        slug=content.slug,
        body=content.body,
        meta_title=content.meta_title,
        meta_description=content.meta_description,
        primary_keyword=content.primary_keyword,
        secondary_keywords=tuple(content.secondary_keywords),
        language=content.site.language,
        images=_pictures(content),
        target_words=content.task.idea.target_words,
        site_links=tuple(site_links),
        siblings=_siblings(content),
    )


def _pictures(content: Content) -> tuple[Picture, ...]:
    images = content.images.order_by("slot").values_list("alt", "status")
    return tuple(Picture(alt, status == Image.Status.GENERATED) for alt, status in images)


def _siblings(content: Content) -> tuple[Sibling, ...]:
    """The site's newest other articles; what was rejected competes with nothing."""
    others = Content.objects.filter(site_id=content.site_id).exclude(pk=content.pk)
    others = others.exclude(status=Content.Status.REJECTED).order_by("-pk")
    rows = others.values_list("title", "primary_keyword", "body")[:SIBLINGS_COMPARED]
    return tuple(
        Sibling(title=title, keyphrase=keyword, sketch=_sketch(body))
        for title, keyword, body in rows
    )


@lru_cache(maxsize=2 * SIBLINGS_COMPARED)
def _sketch(body: str) -> Sketch:
    return sketch_of(body)
