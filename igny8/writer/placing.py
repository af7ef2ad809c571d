"""Pictures put where they belong in an article's Markdown."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import quote

from igny8.writer.prose import escaped

if TYPE_CHECKING:
    from markdown_it.token import Token

SECTION = "h2"
LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, kw_only=True)
class PlacedImage:
    """An image file by its relative address; `anchor` is the heading of its section as it reads,
    empty for the image at the head of the article."""

    address: str
    alt: str
    caption: str = ""
    anchor: str = ""


def with_images(body: str, images: Sequence[PlacedImage]) -> str:
    """A picture follows the first paragraph of its section; one without a section that is there
    closes the article, the ones without an anchor open it."""
    lines = LINE_END.split(body)
    places = _places(body)
    inserted: dict[int, list[str]] = {0: [], len(lines): []}
    for image in images:
        line = places.get(_folded(image.anchor), len(lines)) if image.anchor else 0
        inserted.setdefault(line, []).append(_markdown(image))
    return "\n\n".join(filter(None, _blocks(lines, inserted))) + "\n"


def _blocks(lines: Sequence[str], inserted: Mapping[int, Iterable[str]]) -> Iterator[str]:
    """Pictures and the text between them, in order."""
    cuts = sorted(inserted)
    for start, end in pairwise(cuts):
        yield from inserted[start]
        yield "\n".join(lines[start:end]).strip("\n")
    yield from inserted[cuts[-1]]


def _places(body: str) -> dict[str, int]:
    """Section heading → the line after its first paragraph, or after itself without one."""
    from markdown_it import MarkdownIt

    places: dict[str, int] = {}
    section = ""
    for token, inline in pairwise(MarkdownIt("commonmark").parse(body)):
        if token.level == 0 and token.type == "heading_open" and token.tag == SECTION:
            section = _folded(_text_of(inline))
            places.setdefault(section, _end_of(token))
        elif section and token.level == 0 and token.type == "paragraph_open":
            places[section] = _end_of(token)
            section = ""
    return places


def _text_of(inline: "Token") -> str:
    return "".join(child.content for child in inline.children or ())


def _end_of(token: "Token") -> int:
    return token.map[1] if token.map else 0


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _markdown(image: PlacedImage) -> str:
    alt, caption = _one_line(image.alt), _one_line(image.caption)
    title = f' "{_quoted(caption)}"' if caption else ""
    return f"![{escaped(alt)}]({quote(image.address)}{title})"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str) -> str:
    return escaped(text).replace('"', '\\"')
