"""Markdown as blocks of text, each with its line, its links and its pictures."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LONGEST_BODY = 200_000
BREAKS = ("softbreak", "hardbreak")
CONTAINERS = {"list_item": "item", "blockquote": "quote", "td": "cell", "th": "cell"}


class Kind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    QUOTE = "quote"
    CELL = "cell"
    CODE = "code"


@dataclass(frozen=True)
class Link:
    address: str
    text: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Block:
    """`text` as readers see it, `raw` as it was typed; lines count from 1."""

    kind: Kind
    line: int
    text: str
    raw: str
    level: int = 0
    links: tuple[Link, ...] = ()
    alts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """`html` is what the Markdown says, before anything is filtered out of it."""

    blocks: tuple[Block, ...]
    html: str


def read_markdown(body: str) -> Document:
    """A very long body is read as far as pages show it."""
    parser = _parser()
    tokens = parser.parse(body[:LONGEST_BODY])
    html = parser.renderer.render(tokens, parser.options, {})
    return Document(tuple(_blocks(tokens)), html)


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _blocks(tokens: Sequence["Token"]) -> Iterator[Block]:
    inside: list[str] = []
    line = 1
    for before, token in pairwise([None, *tokens]):
        if token is None:
            continue
        line = token.map[0] + 1 if token.map else line
        if token.type == "inline":
            yield _block(token, before, inside, line)
        elif token.type in ("fence", "code_block"):
            yield Block(kind=Kind.CODE, line=line, text=token.content, raw=token.content)
        _follow(token, inside)


def _follow(token: "Token", inside: list[str]) -> None:
    """Keeps `inside` the containers that are open after this token."""
    name, _, end = token.type.rpartition("_")
    if name in CONTAINERS and end == "open":
        inside.append(CONTAINERS[name])
    elif name in CONTAINERS and end == "close" and inside:
        inside.pop()


def _block(inline: "Token", opening: "Token | None", inside: Sequence[str], line: int) -> Block:
    children = inline.children or []
    is_heading = opening is not None and opening.type == "heading_open"
    level = int(opening.tag[1]) if opening is not None and is_heading else 0
    container = Kind(inside[-1]) if inside else Kind.PARAGRAPH
    return Block(
        kind=Kind.HEADING if is_heading else container,
        line=line,
        text=_text(children),
        raw=inline.content,
        level=level,
        links=tuple(_links(children, line)),
        alts=tuple(_text(one.children or []) for one in children if one.type == "image"),
    )


def _text(children: Iterable["Token"]) -> str:
    return "".join(map(_shown, children))


def _shown(token: "Token") -> str:
    if token.type == "softbreak":
        return " "
    if token.type == "hardbreak":
        return "\n"
    return "" if token.type == "image" else token.content


def _links(children: Sequence["Token"], line: int) -> Iterator[Link]:
    """CommonMark lets no link stand inside another."""
    for place, token in enumerate(children):
        if token.type in BREAKS:
            line += 1
        elif token.type == "link_open":
            end = next(n for n in range(place, len(children)) if children[n].type == "link_close")
            yield Link(str(token.attrGet("href")), _text(children[place:end]), line)
