"""A text that was cut off by its length limit: where it goes on, and where it may end."""

import re

LEAST_OVERLAP, MOST_OVERLAP = 12, 600
SENTENCE_END = re.compile(r"[.!?…。！？।][\"'”’»)\]*_]*(?=\s|$)|\n\n")


def whole_words(text: str) -> str:
    """The text without its last word, which may be half a one; the blank before it stays."""
    cut = max(text.rfind(" "), text.rfind("\n"))
    return text[: cut + 1]


def joined(before: str, more: str) -> str:
    """One text; what the second part repeats from the end of the first stands there once."""
    if overlap := _overlap(before.rstrip(), more.lstrip()):
        return before.rstrip() + more.lstrip()[overlap:]
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
