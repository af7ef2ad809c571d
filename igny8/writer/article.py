"""An article as its readers will see it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape, unescape

from django.utils.safestring import SafeString, mark_safe

from igny8.writer.models import Content, Image
from igny8.writer.placing import PlacedImage, with_images
from igny8.writer.rendering import OWN_MEDIA, html_of

WORDS_A_MINUTE = 220
ALONE = re.compile(r'<p><img src="([^"]+)" alt="([^"]*)"(?: title="([^"]*)")?></p>')


@dataclass(frozen=True, kw_only=True)
class Article:
    """`featured` is the picture at its head; `missing` are those that could not be made."""

    html: SafeString
    featured: Image | None
    images: tuple[Image, ...]
    missing: tuple[Image, ...]
    minutes: int


def article_of(content: Content) -> Article:
    images = tuple(content.images.order_by("slot"))
    made = [image for image in images if image.status == Image.Status.GENERATED]
    featured = next((i for i in made if i.kind == Image.Kind.FEATURED), None)
    return Article(
        html=_html(content.body, [image for image in made if image is not featured]),
        featured=featured,
        images=tuple(made),
        missing=tuple(image for image in images if image not in made),
        minutes=max(1, round(content.word_count / WORDS_A_MINUTE)),
    )


def address_of(image: Image) -> str:
    return f"{OWN_MEDIA}{image.file}"


def _html(body: str, images: Sequence[Image]) -> SafeString:
    sized = {address_of(image): image for image in images}
    whole = html_of(with_images(body, list(_placed(images))))
    figured = ALONE.sub(partial(_figure, sized), whole)
    return mark_safe(figured)  # noqa: S308  (html_of lets only listed HTML through)


def _placed(images: Sequence[Image]) -> Iterator[PlacedImage]:
    for image in images:
        yield PlacedImage(
            address=address_of(image), alt=image.alt, caption=image.caption, anchor=image.anchor
        )


def _figure(sized: Mapping[str, Image], found: re.Match[str]) -> str:
    """Its size is known before it is loaded, so nothing jumps."""
    address, alt, caption = (unescape(part or "") for part in found.groups())
    image = sized.get(address)
    size = f' width="{image.width}" height="{image.height}"' if image else ""
    said = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    picture = f'<img src="{escape(address)}" alt="{escape(alt)}"{size} loading="lazy">'
    return f"<figure>{picture}{said}</figure>"
