"""Links of an article: only to addresses that were supplied, whatever a model writes."""

import re
from collections.abc import Callable, Mapping, Sequence

from igny8.ai.functions import Question
from igny8.sites.models import Site
from igny8.writer.models import Content

MOST_LINKS = 8
CODE = re.compile(r"(```.*?```|~~~.*?~~~|`[^`\n]*`)", re.DOTALL)
# All parts are bounded: what looks for the end of each bracket among thousands takes minutes.
PICTURE = re.compile(r"(?<!\\)!\[[^\]\n]{0,300}\](?:\([^)\n]{0,800}\)|\[[^\]\n]{0,300}\])")
LINK = re.compile(
    r"(?<![\\!])\[([^\]\n]{1,300})\]"
    r"\(\s{0,9}<?([^\s)>]{0,500})>?(?:\s{1,9}[\"'][^)\n]{0,300})?\s{0,9}\)"
)
BY_REFERENCE = re.compile(r"(?<![\\!])\[([^\]\n]{1,300})\]\[[^\]\n]{0,300}\]")
DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]:\s*\S.*$\n?", re.MULTILINE)
BARE = re.compile(r"<((?:https?|mailto):[^<>\s]+)>")
WORD = re.compile(r"\w{4,}")


class Link(Question):
    """A page that an article may link to, addressed by its id."""

    id: str
    title: str
    address: str


def links_for(site: Site, words: str) -> tuple[Link, ...]:
    """The site's published articles that share most words with these; none that shares none."""
    wanted = _words(words)
    published = Content.objects.filter(site=site, status=Content.Status.PUBLISHED)
    rows = published.order_by("pk").values_list("pk", "title", "primary_keyword", "slug")
    shared = [
        (len(wanted & _words(f"{title} {keyword}")), pk, title, slug)
        for pk, title, keyword, slug in rows
    ]
    best = sorted((row for row in shared if row[0]), key=lambda row: (-row[0], row[1]))
    return tuple(
        Link(id=f"l{pk}", title=title, address=f"/{slug}/")
        for _, pk, title, slug in best[:MOST_LINKS]
    )


def with_supplied_links(text: str, links: Sequence[Link]) -> str:
    """Links to the ids supplied get their address; others, and pictures, leave only their words."""
    addresses = {link.id: link.address for link in links} | {
        link.address: link.address for link in links
    }
    parts = CODE.split(text)
    parts[::2] = [_cleaned(part, addresses) for part in parts[::2]]
    return "".join(parts)


def _cleaned(text: str, addresses: Mapping[str, str]) -> str:
    text = PICTURE.sub("", text)
    text = BARE.sub(r"\1", DEFINITION.sub("", text))
    return BY_REFERENCE.sub(r"\1", LINK.sub(_supplied(addresses), text))


def _supplied(addresses: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    def kept(found: re.Match[str]) -> str:
        address = addresses.get(found[2])
        return f"[{found[1]}]({address})" if address else found[1]

    return kept


def _words(text: str) -> set[str]:
    return set(WORD.findall(text.casefold()))
