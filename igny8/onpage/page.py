"""An article read once, for all checks."""

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlsplit

from igny8.onpage.article import Article
from igny8.onpage.language import FUNCTION_WORDS
from igny8.onpage.markdown import Block, Document, Kind, Link, read_markdown
from igny8.onpage.sketch import word_runs
from igny8.onpage.words import (
    base_language,
    content_words,
    sentences_of,
    stem,
    word_count,
    words_of,
)

PROSE = (Kind.PARAGRAPH, Kind.ITEM, Kind.QUOTE)
SUBHEADINGS = (2, 3)


@dataclass(frozen=True)
class Sentence:
    text: str
    words: list[str]
    block: Block

    @property
    def line(self) -> int:
        return self.block.line


class Page:
    """Everything is made when a check first asks for it."""

    def __init__(self, article: Article) -> None:
        self.article = replace(article, body=_encodable(article.body))
        self.language = base_language(article.language)

    @cached_property
    def document(self) -> Document:
        return read_markdown(self.article.body)

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self.document.blocks

    @cached_property
    def texts(self) -> list[Block]:
        """All blocks that readers read; code is none."""
        return [block for block in self.blocks if block.kind is not Kind.CODE]

    @cached_property
    def headings(self) -> list[Block]:
        return [block for block in self.blocks if block.kind is Kind.HEADING]

    @cached_property
    def subheadings(self) -> list[Block]:
        return [heading for heading in self.headings if heading.level in SUBHEADINGS]

    @cached_property
    def paragraphs(self) -> list[Block]:
        return [b for b in self.blocks if b.kind is Kind.PARAGRAPH and b.text.strip()]

    @cached_property
    def links(self) -> list[Link]:
        return [link for block in self.blocks for link in block.links]

    @cached_property
    def alts(self) -> list[str]:
        """Of the pictures that are there: those beside the text, then those in it."""
        beside = [picture.alt for picture in self.article.images if picture.is_ready]
        return [*beside, *(alt for block in self.blocks for alt in block.alts)]

    @cached_property
    def sentences(self) -> list[Sentence]:
        found = (
            Sentence(text, words_of(text), block)
            for block in self.texts
            if block.kind in PROSE
            for text in sentences_of(block.text)
        )
        return [sentence for sentence in found if sentence.words]

    @cached_property
    def words(self) -> list[str]:
        """Of everything readers read, headings and tables, too."""
        return [word for block in self.texts for word in words_of(block.text)]

    @cached_property
    def length(self) -> int:
        return word_count(self.words)

    @cached_property
    def runs(self) -> list[int]:
        """Five words in a row, of the sentences."""
        return word_runs([word for sentence in self.sentences for word in sentence.words])

    @cached_property
    def keyphrase(self) -> list[str]:
        """The stems that say what the article is about; empty without a primary keyword."""
        return content_words(self.article.primary_keyword, self.language)

    def count_in(self, words: list[str]) -> int:
        """How often all words of the keyphrase stand in these words, in any order."""
        wanted = set(self.keyphrase)
        if not wanted:
            return 0
        found = Counter(s for word in words if (s := self.stem(word)) in wanted)
        return min(found[word] for word in wanted)

    def stem(self, word: str) -> str:
        return stem(word, self.language)

    def stems_of(self, text: str) -> set[str]:
        return {self.stem(word) for word in words_of(text)}

    def are_function_words(self, words: list[str]) -> bool:
        return FUNCTION_WORDS.get(self.language, frozenset()).issuperset(words)

    def holds_keyphrase(self, text: str) -> bool:
        return self.count_in(words_of(text)) > 0

    def is_internal(self, link: Link) -> bool:
        """From the site's root or relative, or at a host of the site's own pages."""
        scheme, host = _scheme_and_host(link.address)
        if not scheme and not host:
            return not link.address.startswith("#")
        return host in self._own_hosts

    def is_outbound(self, link: Link) -> bool:
        scheme, host = _scheme_and_host(link.address)
        return scheme in ("", "http", "https") and host != "" and host not in self._own_hosts

    def is_known(self, link: Link) -> bool:
        """Whether a link within the site leads to one of its pages; yes, when none are known."""
        return not self._own_pages or _page(link.address) in self._own_pages

    def scheme_of(self, link: Link) -> str:
        return _scheme_and_host(link.address)[0]

    @cached_property
    def _own_pages(self) -> set[str]:
        return {_page(address) for address in self.article.site_links}

    @cached_property
    def _own_hosts(self) -> set[str]:
        hosts = {_scheme_and_host(address)[1] for address in self.article.site_links}
        return hosts - {""}


def _scheme_and_host(address: str) -> tuple[str, str]:
    """Lower case, the host without "www."; an address that is none has neither."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.scheme.lower(), parts.netloc.lower().removeprefix("www.")


def _page(address: str) -> str:
    """What stays the same however a page of the site is linked to: its path."""
    path = address.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0]
    _, has_host, rest = path.partition("//")
    return (rest.partition("/")[2] if has_host else path).strip("/")


def _encodable(text: str) -> str:
    """Without half characters, which no file and no database could hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
