"""The article as planned: what every question about its writing starts from."""

from pydantic import Field

from igny8.ai.functions import Question
from igny8.writer.links import Link


class Heading(Question):
    """One section of the outline: its heading and what it must answer."""

    heading: str
    points: tuple[str, ...] = ()


class Brief(Question):
    """The plan of one article, in the words of its idea."""

    title: str
    angle: str
    primary_keyword: str
    secondary_keywords: tuple[str, ...] = ()
    intent: str = "informational"
    content_type: str = "guide"
    audience: str = ""
    language: str = "en"
    voice: str = ""
    spelling: str = ""
    banned_words: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    target_words: int = Field(default=900, ge=100, le=10_000)
    outline: tuple[Heading, ...] = ()
