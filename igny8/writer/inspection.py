"""An article of a site as the on-page checks take it."""

from array import array
from collections.abc import Iterable, Mapping, Sequence

from igny8.onpage import Article, Picture, Report, Sibling, Sketch, inspect, sketch_of
from igny8.writer.models import Content, Image

SIBLINGS_COMPARED = 500
# A sketch is stored with each inspection; so many of those still to come are made on the spot.
SKETCHES_MADE = 20
NUMBERS = "q"


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


def stored(sketch: Sketch) -> bytes:
    return array(NUMBERS, sorted(sketch.hashes)).tobytes()


def read_sketch(raw: bytes) -> Sketch:
    return Sketch(frozenset(array(NUMBERS, raw)))


def _pictures(content: Content) -> tuple[Picture, ...]:
    """One that is made again is there meanwhile."""
    images = content.images.order_by("slot").values_list("alt", "status", "file")
    return tuple(
        Picture(alt, status == Image.Status.GENERATED or bool(file)) for alt, status, file in images
    )


def _siblings(content: Content) -> tuple[Sibling, ...]:
    """The site's newest other articles; what was rejected competes with nothing."""
    others = Content.objects.filter(site_id=content.site_id).exclude(pk=content.pk)
    others = others.exclude(status=Content.Status.REJECTED).order_by("-pk")
    columns = ("pk", "title", "primary_keyword", "inspection__sketch")
    rows = list(others.values_list(*columns)[:SIBLINGS_COMPARED])
    made = _made_sketches([pk for pk, _, _, sketch in rows if sketch is None][:SKETCHES_MADE])
    return tuple(
        Sibling(
            title=title,
            keyphrase=keyword,
            sketch=made.get(pk, Sketch()) if sketch is None else read_sketch(sketch),
        )
        for pk, title, keyword, sketch in rows
    )


def _made_sketches(pks: Sequence[int]) -> Mapping[int, Sketch]:
    bodies = Content.objects.filter(pk__in=pks).values_list("pk", "body") if pks else ()
    return {pk: sketch_of(body) for pk, body in bodies}
