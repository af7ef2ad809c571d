"""A text that was cut off by its length limit: where it goes on, and where it may end."""

import re

LEAST_OVERLAP, MOST_OVERLAP = 12, 600
SAME_BEGINNING = 60
# Scripts that put no blank between words, nor behind the end of a sentence.
SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uf900-\uff60"
BETWEEN_WORDS = re.compile(rf"[ \n\t{SPACELESS}]")
SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]*_]*(?=\s|$)|[。！？।][」』”’）*_]*|\n\n")
WRAPPED = re.compile(r"\A\s*```(?:markdown|md)[ \t]*\n(.*?)(?:\n```)?\s*\Z", re.DOTALL)


def whole_words(text: str) -> str:
    """The text without its last word, which may be half a one; the blank before it stays."""
    end = len(text)
    while end and not BETWEEN_WORDS.match(text[end - 1]):
        end -= 1
    return text[:end]


def joined(before: str, more: str) -> str:
    """One text; what the second part repeats from the first stands there once."""
    more = WRAPPED.sub(r"\1", more)
    if overlap := _overlap(before.rstrip(), more.lstrip()):
        return before.rstrip() + more.lstrip()[overlap:]
    if _begins_anew(before.lstrip(), more.lstrip()):
        return more.lstrip()
    if not before or before.endswith("\n"):
        return before + more.lstrip()
    # Half a word was taken away together with its blank: what follows starts with a whole one.
    return before + (more if more.startswith("\n") else more.lstrip())


def ended(text: str) -> str:
    """Up to the last full sentence or paragraph; as it is when there is none."""
    ends = [found.end() for found in SENTENCE_END.finditer(text)]
    return text[: ends[-1]].rstrip() if ends else text.rstrip()


def _overlap(before: str, more: str) -> int:
    """The length of the longest start of `more` that ends `before`."""
    longest = min(len(before), len(more), MOST_OVERLAP)
    lengths = range(longest, LEAST_OVERLAP - 1, -1)
    return next((length for length in lengths if before.endswith(more[:length])), 0)


def _begins_anew(before: str, more: str) -> bool:
    """Some models write the whole text once more instead of going on with it."""
    return len(before) >= SAME_BEGINNING and more.startswith(before[:SAME_BEGINNING])
