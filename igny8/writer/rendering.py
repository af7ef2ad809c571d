"""An article's Markdown as HTML that is safe on any page of ours."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

OWN_MEDIA = "/media/"
LONGEST_BODY = 200_000
DEEPEST = 30
CUT = "\n\n…"
ANCHORED = {
    *("heading_open", "paragraph_open", "list_item_open", "blockquote_open", "tr_open"),
    *("fence", "code_block"),
}
ANCHOR = re.compile(r"line-\d+")
TAGS = {
    *("h2", "h3", "h4", "p", "ul", "ol", "li", "blockquote", "hr", "br"),
    *("table", "thead", "tbody", "tr", "th", "td"),
    *("strong", "em", "a", "code", "pre", "figure", "figcaption", "img"),
}
ATTRIBUTES = {
    "a": {"href", "title", "rel"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "code": {"class", "id"},
    "th": {"style"},
    "td": {"style"},
    **{tag: {"id"} for tag in ("h2", "h3", "h4", "p", "li", "blockquote", "tr")},
}
SCHEMES = {"http", "https", "mailto"}
OUTBOUND = ("http://", "https://", "//")
# The page shows the title as its only h1, and no article needs more than three levels below.
LEVELS = {"h1": "h2", "h5": "h4", "h6": "h4"}


def html_of(body: str, *, lines: Sequence[int] = ()) -> str:
    """Raw HTML shows as text, images of other sites as their alt text; very long bodies are cut.

    `lines` numbers each line of the body: what begins there gets the anchor `line-<number>`, 0
    gets none.
    """
    import nh3

    return nh3.clean(
        _parser().render(_bounded(body), {"lines": lines}),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_kept_attribute,
        filter_style_properties={"text-align"},
        url_schemes=SCHEMES,
        link_rel=None,
    )


def addresses_in(body: str) -> set[str]:
    """Wherever its links, pictures and definitions of links lead, as readers' browsers get it."""
    env: dict[str, Any] = {}
    tokens = _parser().parse(body, env)
    inlines = [inline for token in tokens for inline in token.children or ()]
    found = {str(inline.attrGet("href")) for inline in inlines if inline.type == "link_open"}
    found |= {str(inline.attrGet("src")) for inline in inlines if inline.type == "image"}
    return found | {str(one["href"]) for one in env.get("references", {}).values()}


def heading_levels_in(body: str) -> set[int]:
    """2 stands for 1, too: pages show no other heading of level 1 than the title."""
    tokens = _parser().parse(body)
    return {int(token.tag[1]) for token in tokens if token.type == "heading_open"}


def is_own_media(address: str) -> bool:
    """Whether a picture's address stays below our own media folder, however it is encoded."""
    path = unquote(address)
    return (
        path.startswith(OWN_MEDIA)
        and "\\" not in path
        and not {".", ".."}.intersection(path.split("/"))
    )


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.core.ruler.push("ours", _make_ours)
    return parser


def _bounded(body: str) -> str:
    if len(body) <= LONGEST_BODY:
        return body
    whole_blocks = body[:LONGEST_BODY].rpartition("\n\n")[0] or body[:LONGEST_BODY]
    return whole_blocks + CUT


def _make_ours(state: "StateCore") -> None:
    for token in state.tokens:
        token.tag = LEVELS.get(token.tag, token.tag)
        for inline in _shallow(token.children or ()):
            _make_inline_ours(inline)
    if lines := state.env.get("lines"):
        _anchor(state.tokens, lines)


def _anchor(tokens: Iterable["Token"], lines: Sequence[int]) -> None:
    """One a line: of a list item and its paragraph, the item."""
    free = set(lines) - {0}
    for token in tokens:
        if token.type in ANCHORED and not token.hidden and token.map:
            number = lines[token.map[0]] if token.map[0] < len(lines) else 0
            if number in free:
                free.remove(number)
                token.attrSet("id", f"line-{number}")


def _make_inline_ours(token: "Token") -> None:
    if token.type == "image" and not is_own_media(str(token.attrGet("src"))):
        token.type, token.tag, token.content = "text", "", _alt_of(token)
    elif token.type == "link_open" and str(token.attrGet("href")).startswith(OUTBOUND):
        token.attrSet("rel", "noopener nofollow")


def _alt_of(token: "Token") -> str:
    """What an image shows in words; images inside its words count, too."""
    return "".join(
        _alt_of(child) if child.children else child.content for child in token.children or ()
    )


def _shallow(tokens: Iterable["Token"]) -> Iterable["Token"]:
    """All tokens; tags nested deeper than any text needs are hidden."""
    for token in tokens:
        depth = token.level - min(token.nesting, 0)
        token.hidden = token.hidden or (token.nesting != 0 and depth > DEEPEST)
        yield token


def _kept_attribute(tag: str, name: str, value: str) -> str | None:
    """The last fence: what no parser of ours writes does not pass."""
    if (tag, name) == ("img", "src"):
        return value if is_own_media(value) else None
    if name == "id":
        return value if ANCHOR.fullmatch(value) else None
    if (tag, name) == ("code", "class"):
        return value if value.startswith("language-") and " " not in value else None
    return value
