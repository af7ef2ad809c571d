"""One article's body, fitted into a page that carries many articles."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

START_TAG = re.compile(r"<[a-zA-Z][^>]*>")
ANY_TAG = re.compile(r"<[^>]*>")
SECTION = re.compile(r"(?=<h2\b)")
SECTION_HEADING = re.compile(r"<h2\b([^>]*)>(.*?)</h2>", re.DOTALL)
FIRST_PARAGRAPH_END = re.compile(r"</p>")
ATTRIBUTE_ID = re.compile(r'\bid="([^"]*)"')
ATTRIBUTE_OWN_LINK = re.compile(r'\bhref="#([^"]+)"')


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An image file beside the page; `anchor` is its section's id, heading or heading's slug."""

    path: str
    alt: str
    width: int = 1600
    height: int = 900
    anchor: str = ""
    caption: str = ""


def fitted_body(html: str, pictures: Iterable[Picture], *, prefix: str) -> SafeString:
    """The sanitised body with its pictures in place and ids of its own.

    A picture follows the first paragraph of its section; one whose section is not found closes
    the article. `prefix` keeps the ids of two articles on one page apart.
    """
    sections = SECTION.split(html)
    unplaced = []
    for picture in pictures:
        at = _section_of(picture, sections)
        if at is None:
            unplaced.append(_figure(picture))
        else:
            sections[at] = _after_first_paragraph(sections[at], _figure(picture))
    body = "".join([*sections, *unplaced])
    return mark_safe(_own_ids(body, prefix))  # noqa: S308  (sanitised by contract)


def _section_of(picture: Picture, sections: list[str]) -> int | None:
    if not picture.anchor:
        return None
    wanted = _folded(picture.anchor)
    for at, section in enumerate(sections):
        if wanted in _names_of(section):
            return at
    return None


def _names_of(section: str) -> set[str]:
    heading = SECTION_HEADING.match(section)
    if heading is None:
        return set()
    text = _folded(unescape(ANY_TAG.sub("", heading[2])))
    ids = (_folded(name) for name in ATTRIBUTE_ID.findall(heading[1]))
    return {text, slugify(text, allow_unicode=True), *ids}


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _after_first_paragraph(section: str, figure: str) -> str:
    heading = SECTION_HEADING.match(section)
    start = heading.end() if heading else 0
    paragraph = FIRST_PARAGRAPH_END.search(section, start)
    cut = paragraph.end() if paragraph else start
    return section[:cut] + figure + section[cut:]


def _figure(picture: Picture) -> SafeString:
    caption = format_html("<figcaption>{}</figcaption>", picture.caption) if picture.caption else ""
    return format_html(
        '<figure><img src="{}" alt="{}" width="{}" height="{}" loading="lazy" decoding="async">'
        "{}</figure>",
        picture.path,
        picture.alt,
        picture.width,
        picture.height,
        caption,
    )


def _own_ids(body: str, prefix: str) -> str:
    own = escape(prefix)

    def renamed(tag: re.Match[str]) -> str:
        with_ids = ATTRIBUTE_ID.sub(lambda found: f'id="{own}-{found[1]}"', tag[0])
        return ATTRIBUTE_OWN_LINK.sub(lambda found: f'href="#{own}-{found[1]}"', with_ids)

    return START_TAG.sub(renamed, body)
