"""What is looked at: an article with everything that readers and search engines see of it."""

from dataclasses import dataclass, field

from igny8.onpage.sketch import Sketch


@dataclass(frozen=True)
class Picture:
    """An image of the article; not `is_ready` when it is planned but not made."""

    alt: str
    is_ready: bool = True


@dataclass(frozen=True, kw_only=True)
class Sibling:
    """Another article of the same site; `sketch` is what `sketch_of` made of its body."""

    title: str
    keyphrase: str = ""
    sketch: Sketch = field(default_factory=Sketch)


@dataclass(frozen=True, kw_only=True)
class Article:
    """`body` is Markdown; `language` a BCP-47 tag; `target_words` 0 when there was no plan.

    `site_links` are addresses of the site's own pages, absolute or from its root.
    """

    title: str
    slug: str
    body: str
    meta_title: str = ""
    meta_description: str = ""
    primary_keyword: str = ""
    secondary_keywords: tuple[str, ...] = ()
    language: str = "en"
    images: tuple[Picture, ...] = ()
    target_words: int = 0
    site_links: tuple[str, ...] = ()
    siblings: tuple[Sibling, ...] = ()
