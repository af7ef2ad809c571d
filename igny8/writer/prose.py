"""Markdown that may become article text."""

import re
from typing import Self

from pydantic import Field, model_validator

from igny8.ai.functions import TextAnswer

CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
TAG = re.compile(r"(?<!\\)<(?:/?[a-zA-Z][^<>\n]*|!--[^\n]*)>")
LINK = re.compile(r"<(?:https?|mailto):[^<>\s]+>")
TOP_HEADING = re.compile(r"^ {0,3}#{1,2}(?:\s|$)", re.MULTILINE)
MARKED_UP = re.compile(r"([\\`*_{}\[\]<>|~#&$])")
LONGEST_PROSE = 60_000


class Prose(TextAnswer):
    """Article text without a heading of level 1 or 2 and without raw HTML."""

    text: str = Field(min_length=1, max_length=LONGEST_PROSE)

    @model_validator(mode="after")
    def _keeps_to_plain_markdown(self) -> Self:
        text = LINK.sub("", CODE.sub("", self.text))
        if TOP_HEADING.search(text):
            raise ValueError("headings of level 1 and 2 are set by us; use ### or none")
        if tag := TAG.search(text):
            raise ValueError(f"raw HTML is not allowed: {tag[0][:40]}")
        return self


def escaped(text: str) -> str:
    """The text with every Markdown character escaped, so that it shows as it was typed."""
    return MARKED_UP.sub(r"\\\1", text)
