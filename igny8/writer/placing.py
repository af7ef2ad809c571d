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


@dataclass(frozen=True)
class Placed:
    """Markdown with its pictures; `lines` are, for each of its lines, the one of the body from 1,
    or 0 for what was put in."""

    text: str
    lines: tuple[int, ...]


def with_images(body: str, images: Sequence[PlacedImage]) -> str:
    return place_images(body, images).text


def place_images(body: str, images: Sequence[PlacedImage]) -> Placed:
    """A picture follows the first paragraph of its section; one without a section that is there
    closes the article, the ones without an anchor open it."""
    lines = LINE_END.split(body)
    places = _places(body)
    inserted: dict[int, list[str]] = {0: [], len(lines): []}
    for image in images:
        line = places.get(_folded(image.anchor), len(lines)) if image.anchor else 0
        inserted.setdefault(line, []).append(_markdown(image))
    blocks = [block for block in _blocks(lines, inserted) if block[0]]
    between = [number for _, numbers in blocks for number in (*numbers, 0)]
    return Placed("\n\n".join("\n".join(texts) for texts, _ in blocks) + "\n", tuple(between))


Block = tuple[list[str], list[int]]


def _blocks(lines: Sequence[str], inserted: Mapping[int, Iterable[str]]) -> Iterator[Block]:
    """Pictures and the text between them, in order, each with its lines and their numbers."""
    cuts = sorted(inserted)
    for start, end in pairwise(cuts):
        yield from (([picture], [0]) for picture in inserted[start])
        filled = [number for number in range(start, end) if lines[number]]
        span = range(filled[0], filled[-1] + 1) if filled else range(0)
        yield [lines[number] for number in span], [number + 1 for number in span]
    yield from (([picture], [0]) for picture in inserted[cuts[-1]])


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
