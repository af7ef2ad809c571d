"""An article as its readers will see it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape, unescape

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from igny8.writer.models import Content, Image, PictureFile
from igny8.writer.pictures import srcset
from igny8.writer.placing import PlacedImage, place_images
from igny8.writer.rendering import OWN_MEDIA, html_of

WORDS_A_MINUTE = 220
ALONE = re.compile(r'<p><img src="([^"]+)" alt="([^"]*)"(?: title="([^"]*)")?></p>')
ANCHOR = re.compile(r' id="line-(\d+)"')
NAMES = re.compile(r' id="(?:line|picture)-\d+"')
SIZES, HERO_SIZES = "(max-width: 760px) 92vw, 640px", "(max-width: 760px) 100vw, 760px"


@dataclass(frozen=True, kw_only=True)
class Article:
    """`featured` is the picture at its head; `missing` are those that have no file yet.

    `anchors` are the lines of the body that the HTML has an anchor for, in order.
    """

    html: SafeString
    anchors: tuple[int, ...]
    featured: Image | None
    images: tuple[Image, ...]
    missing: tuple[Image, ...]
    minutes: int

    @property
    def source(self) -> str:
        """Its HTML as text to be read, without what only this page needs."""
        return NAMES.sub("", self.html)


def article_of(content: Content) -> Article:
    images = tuple(content.images.order_by("slot"))
    made = [image for image in images if image.file]
    featured = next((i for i in made if i.kind == Image.Kind.FEATURED), None)
    html = _html(content.body, [image for image in made if image is not featured])
    return Article(
        html=html,
        anchors=tuple(int(number) for number in ANCHOR.findall(html)),
        featured=featured,
        images=tuple(made),
        missing=tuple(image for image in images if image not in made),
        minutes=max(1, round(content.word_count / WORDS_A_MINUTE)),
    )


def address_of(picture: PictureFile) -> str:
    return f"{OWN_MEDIA}{picture.file}"


def figure_of(image: Image) -> SafeString:
    """Its size is known before it is loaded, so nothing jumps."""
    return mark_safe(_figure_html(image, address_of(image), image.alt, image.caption))  # noqa: S308  (escaped there)


def hero_of(image: Image) -> SafeString:
    """The picture at the head; it is loaded at once."""
    return format_html(
        '<img class="hero" id="picture-{}" src="{}" alt="{}"{}>',
        image.slot,
        address_of(image),
        image.alt,
        mark_safe(_sizes(image, HERO_SIZES)),  # noqa: S308  (escaped there)
    )


def _html(body: str, images: Sequence[Image]) -> SafeString:
    sized = {address_of(image): image for image in images}
    placed = place_images(body, list(_placed(images)))
    whole = html_of(placed.text, lines=placed.lines)
    figured = ALONE.sub(partial(_figure, sized), whole)
    return mark_safe(figured)  # noqa: S308  (html_of lets only listed HTML through)


def _placed(images: Sequence[Image]) -> Iterator[PlacedImage]:
    for image in images:
        yield PlacedImage(
            address=address_of(image), alt=image.alt, caption=image.caption, anchor=image.anchor
        )


def _figure(sized: Mapping[str, Image], found: re.Match[str]) -> str:
    address, alt, caption = (unescape(part or "") for part in found.groups())
    return _figure_html(sized.get(address), address, alt, caption)


def _figure_html(image: Image | None, address: str, alt: str, caption: str) -> str:
    said = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    picture = f'<img src="{escape(address)}" alt="{escape(alt)}"{_sizes(image)} loading="lazy">'
    return f"<figure{_name(image)}>{picture}{said}</figure>"


def _name(image: Image | None) -> str:
    return f' id="picture-{image.slot}"' if image else ""


def _sizes(image: Image | None, sizes: str = SIZES) -> str:
    if image is None:
        return ""
    choice = srcset(address_of(image), image.width, image.widths)
    several = f' srcset="{escape(choice)}" sizes="{sizes}"' if choice else ""
    return f' width="{image.width}" height="{image.height}"{several}'
