"""What a check says: how well it went, why, what to do, and where."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from igny8.onpage.page import Page

QUOTE_LENGTH = 120


class Severity(StrEnum):
    GOOD = "good"
    IMPROVE = "improve"
    PROBLEM = "problem"


class Score(StrEnum):
    """The three numbers; none of them says how an article will rank."""

    ON_PAGE = "on_page"
    READABILITY = "readability"
    INTEGRITY = "integrity"


class Part(StrEnum):
    """Where a person goes to mend it."""

    BODY = "body"
    TITLE = "title"
    SLUG = "slug"
    META_TITLE = "meta_title"
    META_DESCRIPTION = "meta_description"
    KEYWORD = "primary_keyword"
    IMAGES = "images"


@dataclass(frozen=True)
class Place:
    """`line` counts the body's lines from 1; 0 when the whole part is meant."""

    part: Part
    line: int = 0
    quote: str = ""


@dataclass(frozen=True)
class Verdict:
    severity: Severity
    message: str
    advice: str = ""
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Check:
    """One question put to an article; `look` gives None where the question makes no sense."""

    code: str
    title: str
    score: Score
    look: "Callable[[Page], Verdict | None]"


def good(message: str) -> Verdict:
    return Verdict(Severity.GOOD, message)


def improve(message: str, advice: str, places: Iterable[Place] = ()) -> Verdict:
    return Verdict(Severity.IMPROVE, message, advice, tuple(places))


def problem(message: str, advice: str, places: Iterable[Place] = ()) -> Verdict:
    return Verdict(Severity.PROBLEM, message, advice, tuple(places))


def quoted(line: int, text: str) -> Place:
    """A place in the body, with the start of what stands there."""
    text = " ".join(text.split())
    cut = text if len(text) <= QUOTE_LENGTH else text[: QUOTE_LENGTH - 1].rstrip() + "…"
    return Place(Part.BODY, line, cut)


def counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
