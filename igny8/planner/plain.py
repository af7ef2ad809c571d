"""Text fit for a one-line field: titles, names, alt texts."""

import unicodedata
from typing import Annotated

from pydantic import BeforeValidator

UNWANTED = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def plain(text: str) -> str:
    """One line without control or invisible characters and without angle brackets."""
    shown = (
        " " if char.isspace() else char
        for char in unicodedata.normalize("NFC", text)
        if char not in "<>" and (char.isspace() or unicodedata.category(char) not in UNWANTED)
    )
    return " ".join("".join(shown).split())


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words where there is one, with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head, _, _ = cut.rpartition(" ")
    return (head if len(head) > limit // 2 else cut).rstrip(" ,;:-–—") + "…"


def same(text: str) -> str:
    """What two texts share when a person would call them the same."""
    return plain(text).casefold()


def _plain_or_untouched(value: object) -> object:
    return plain(value) if isinstance(value, str) else value


Plain = Annotated[str, BeforeValidator(_plain_or_untouched)]
