"""Markdown that may become article text."""

import re
from typing import Any, Protocol, Self

from pydantic import Field, ValidationInfo, model_validator

from igny8.ai.functions import TextAnswer
from igny8.onpage import why_foreign
from igny8.writer.brief import Brief
from igny8.writer.links import with_supplied_links
from igny8.writer.rendering import addresses_in, heading_levels_in

CODE = re.compile(r"```.*?```|~~~.*?~~~|`[^`\n]*`", re.DOTALL)
# Control characters, marks of direction and blanks without width; those that join letters stay.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)
LINE_END = re.compile(r"\r\n?|[\u2028\u2029]")
FENCE_LINE = re.compile(r" {0,3}(```+|~~~+)(.*)")
OPENING = re.compile(r"\A```(?:markdown|md)[ \t]*\n")
TAG = re.compile(r"(?<!\\)<(?:/?[a-zA-Z][^<>\n]*>|!--)")
LINK = re.compile(r"<(?:https?|mailto):[^<>\s]+>")
FENCED = re.compile(r"```(markdown|md)?[ \t]*\n(.*)\n```", re.DOTALL)
MARKED_UP = re.compile(r"([\\`*_{}\[\]<>|~#&$])")
LONGEST_PROSE = 60_000
LEVELS_OF_OURS = 2


class HasBrief(Protocol):
    """Any question about the text of an article."""

    @property
    def brief(self) -> Brief: ...


class Prose(TextAnswer):
    """Article text without a heading of level 1 or 2 and without raw HTML."""

    text: str = Field(min_length=1, max_length=LONGEST_PROSE)

    @model_validator(mode="before")
    @classmethod
    def _without_wrapping(cls, given: Any, info: ValidationInfo) -> Any:
        """What models put around a text in spite of all: a fence, its heading, links of theirs."""
        if not isinstance(given, dict) or not isinstance(given.get("text"), str):
            return given
        if len(given["text"]) > LONGEST_PROSE:
            return given  # refused below, before anybody looks at all of it
        text = UNSEEN.sub("", LINE_END.sub("\n", given["text"])).strip()
        text = _closed(_unwrapped(text))
        brief = getattr(info.context, "brief", None)
        if isinstance(brief, Brief):
            headings = {one.heading.casefold() for one in brief.outline}
            first, _, rest = text.partition("\n")
            text = rest.lstrip() if first.lstrip("# ").casefold() in headings else text
            text = with_supplied_links(text, brief.links)
        return {**given, "text": text}

    @model_validator(mode="after")
    def _keeps_to_plain_markdown(self) -> Self:
        if min(heading_levels_in(self.text), default=LEVELS_OF_OURS + 1) <= LEVELS_OF_OURS:
            raise ValueError(
                "headings of level 1 and 2 are set by us; use ### or none, and underline nothing "
                "with === or ---"
            )
        if tag := TAG.search(LINK.sub("", CODE.sub("", self.text))):
            raise ValueError(f"raw HTML is not allowed: {tag[0][:40]}")
        return self

    @model_validator(mode="after")
    def _links_only_to_what_was_supplied(self, info: ValidationInfo) -> Self:
        """What our patterns took for no link may be one for whoever shows the text."""
        brief = getattr(info.context, "brief", None)
        if isinstance(brief, Brief):
            strange = addresses_in(self.text) - {link.address for link in brief.links}
            if strange:
                raise ValueError(f"link only to the ids supplied, not to {min(strange)[:80]}")
        return self


def language_of(question: HasBrief) -> str:
    return question.brief.language


def foreign_words(question: HasBrief, answer: Prose) -> str:
    """The objection to a text in another language than its article's."""
    why = why_foreign(answer.text, question.brief.language)
    return f"the text must be in the language {question.brief.language}, but {why}" if why else ""


def escaped(text: str) -> str:
    """The text with every Markdown character escaped, so that it shows as it was typed."""
    return MARKED_UP.sub(r"\\\1", text)


def _unwrapped(text: str) -> str:
    """Without the fence around all of it; two blocks of code, first and last, are no such fence."""
    found = FENCED.fullmatch(text)
    if found is None or (found[1] is None and "```" in found[2]):
        return text
    return found[2]


def _closed(text: str) -> str:
    """A fence left open would swallow the rest of the article: it ends with its text, or is taken
    off when it stands around all of it."""
    fence = ""
    for found in filter(None, map(FENCE_LINE.fullmatch, text.split("\n"))):
        mark, rest = found.groups()
        if not fence:
            fence = "" if "`" in rest else mark
        elif mark.startswith(fence) and not rest.strip():
            fence = ""
    if not fence:
        return text
    return OPENING.sub("", text) if OPENING.match(text) else f"{text}\n{fence}"
