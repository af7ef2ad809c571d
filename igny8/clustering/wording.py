"""Words of a keyword, and when two keywords are the same words."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[\w+#&']*\w[\w+#&']*")
_SPACELESS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_PLURALS = (
    ("ies", "y"),
    ("oes", "o"),
    ("sses", "ss"),
    ("shes", "sh"),
    ("ches", "ch"),
    ("xes", "x"),
)
_NOT_PLURAL = ("ss", "us", "is")


def words(text: str) -> list[str]:
    """Lower-case words; empty for emoji and punctuation alone."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).lower().replace("’", "'"))


def stem(word: str) -> str:
    """The word without a plural ending; good for comparing, not for showing."""
    if len(word) < 5 or not word.endswith("s") or word.endswith(_NOT_PLURAL):
        return word
    for ending, singular in _PLURALS:
        if word.endswith(ending):
            return word.removesuffix(ending) + singular
    return word.removesuffix("s")


def letter_pairs(word: str) -> list[str]:
    """Pairs of neighbouring letters if the script puts no space between words, else nothing."""
    if _SPACELESS.search(word) is None:
        return []
    return [word[at : at + 2] for at in range(max(1, len(word) - 1))]


def twin_key(text: str) -> str:
    """Equal for keywords that differ in case, punctuation, word order or a plural only."""
    return " ".join(sorted(stem(word.casefold()) for word in words(text))) or text.strip()
