"""Titles an editor would accept, by the shape of the keyword and what the reader wants."""

import re
from collections.abc import Iterator

from igny8.planner.plain import plain, same, shortened
from igny8.planner.sample.draw import bank, fill, shuffled, usable
from igny8.planner.sample.outlines import BUYING_INTENTS
from igny8.planner.sample.phrase import BARE, Phrase, Shape, titled
from igny8.planner.sample.roles import BANK

SHORTEST, LONGEST = 15, 90


def content_type_of(primary: Phrase, questions: int, intent: str) -> str:
    """The form that suits the keyword; `questions` counts the related keywords that ask one."""
    words = set(primary.text.casefold().split())
    if primary.shape is Shape.HOW_TO:
        return "how_to"
    if primary.shape is Shape.VERSUS:
        return "comparison"
    if words & {"review", "reviews"}:
        return "review"
    if words & {"ideas", "examples", "types", "kinds", "list"} or primary.shape is Shape.BEST:
        return "list"
    if intent == "transactional":
        return "landing"
    return "faq" if questions >= 3 else "guide"


def title_for(primary: Phrase, content_type: str, intent: str, taken: set[str], seed: str) -> str:
    """A title of 15 to 90 characters whose casefolded form is not in `taken`."""
    candidates = _candidates(primary, content_type, intent, seed)
    free = (title for title in candidates if SHORTEST <= len(title) <= LONGEST)
    return next(title for title in free if same(title) not in taken)


def _candidates(primary: Phrase, content_type: str, intent: str, seed: str) -> Iterator[str]:
    words = _title_words(primary)
    patterns = _patterns(primary, content_type, intent, seed)
    fitting = [pattern for pattern in usable(patterns, words) if not _echoes(pattern, primary)]
    for pattern in (*fitting, "{label}: What to Know"):
        yield plain(fill(pattern, words))
    for number in range(2, 1_000_000):
        yield plain(f"{shortened(primary.label, 60)}: Article {number}")


def _patterns(primary: Phrase, content_type: str, intent: str, seed: str) -> list[str]:
    """The most fitting group of patterns first; inside a group the seed decides."""
    titles = bank(BANK / "titles.txt")
    groups = [primary.shape.value]
    if intent in BUYING_INTENTS and f"buying {primary.shape}" in titles:
        groups.insert(0, f"buying {primary.shape}")
    if primary.text.casefold().endswith(" ideas"):
        groups.insert(0, "ideas")
    if content_type == "faq" and not primary.asks:
        groups.insert(0, "faq")
    return [
        pattern for group in groups for pattern in shuffled(titles[group], seed, "title", group)
    ]


def _title_words(primary: Phrase) -> dict[str, str]:
    words = {"label": primary.label}
    if primary.shape is Shape.COUNT:
        article, rest = primary.topic.split(" ", 1)
        words["topic"] = f"{article} {titled(rest)}"
    if primary.shape is Shape.HOW_TO or primary.shape in BARE:
        words["doing"] = titled(primary.topic)
    return words


def _echoes(pattern: str, primary: Phrase) -> bool:
    """Whether the pattern repeats a word of the keyword, as in `Herb Guide: A Practical Guide`."""
    return bool(_stems(re.sub(r"\{\w+\}", " ", pattern)) & _stems(primary.text))


def _stems(text: str) -> set[str]:
    """The beginnings of the words that carry meaning."""
    return {word[:5] for word in re.findall(r"[a-z]{4,}", text.casefold())}
