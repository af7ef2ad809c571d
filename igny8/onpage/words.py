"""Text as words and sentences, in any script."""

import re
from collections.abc import Iterator
from functools import lru_cache

from igny8.onpage.language import FUNCTION_WORDS

# Scripts that put no space between words: each of their characters counts for half a word.
SPACELESS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Marks that belong to the letter before them, which \w does not know.
MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u0fff"
WORD = re.compile(rf"[\w{MARKS}]+(?:'\w+)*")
PIECE = re.compile(rf"[{SPACELESS}]|[^{SPACELESS}]+")
HAS_SPACELESS = re.compile(f"[{SPACELESS}]")
# Bounded: of a long row of dots only the last ones are looked at.
BREAK = re.compile(r"[.!?…]{1,8}[\"”’»)\]]{0,8}\s+|[。！？।]+[」』”]*\s*|\n+")
ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|mr|mrs|ms|dr|prof|st|vs|no|approx|fig|z\.\s?b|d\.\s?h|u\.\s?a|bzw|ca|"
    r"nr|[^\W\d_])\.\s*$",
    re.IGNORECASE,
)
TAIL = 12
ENDINGS_WITH_ES = ("ches", "shes", "sses", "xes", "zes")
ENDINGS_KEPT = ("ss", "us", "is")


def words_of(text: str) -> list[str]:
    """Folded words; of scripts without spaces, single characters."""
    found = WORD.findall(text.replace("’", "'").casefold())
    if not HAS_SPACELESS.search(text):
        return found
    return [piece for word in found for piece in PIECE.findall(word)]


def word_count(words: list[str]) -> int:
    """How many words a person would count."""
    if not HAS_SPACELESS.search(" ".join(words)):
        return len(words)
    single = sum(1 for word in words if HAS_SPACELESS.match(word))
    return len(words) - single + single // 2


def sentences_of(text: str) -> Iterator[str]:
    """Not split after abbreviations, nor where the text goes on in lower case."""
    start = 0
    for found in BREAK.finditer(text):
        if found[0][0] == "." and _goes_on(text, found):
            continue
        yield text[start : found.end()].strip()
        start = found.end()
    if rest := text[start:].strip():
        yield rest


def content_words(text: str, language: str) -> list[str]:
    """Stems without the words that only hold a phrase together; if it has no others, all."""
    words = words_of(text)
    known = FUNCTION_WORDS.get(language, frozenset())
    telling = [word for word in words if word not in known]
    return [stem(word, language) for word in telling or words]


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """What singular, plural and possessive share in English; elsewhere the word itself."""
    if language != "en":
        return word
    word = word.removesuffix("'s").removesuffix("'")
    if len(word) < 4 or not word.endswith("s") or word.endswith(ENDINGS_KEPT):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(ENDINGS_WITH_ES) else word[:-1]


def base_language(tag: str) -> str:
    return tag.replace("_", "-").split("-")[0].casefold()


def _goes_on(text: str, found: re.Match[str]) -> bool:
    following = text[found.end() : found.end() + 1]
    before = text[max(0, found.start() - TAIL) : found.start() + 1]
    return following.islower() or ABBREVIATION.search(before) is not None
