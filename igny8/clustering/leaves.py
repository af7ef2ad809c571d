"""Keywords that are the same words, gathered into one leaf of the tree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from igny8.clustering.contract import Phrase, Placed
from igny8.clustering.wording import twin_key, words


@dataclass(frozen=True, slots=True)
class Leaf:
    """Twins: word order, case, punctuation and plurals apart, one text."""

    text: str
    phrases: tuple[Phrase, ...]
    placed: tuple[Placed, ...]

    @property
    def keywords(self) -> tuple[Phrase | Placed, ...]:
        return (*self.phrases, *self.placed)

    @property
    def home(self) -> tuple[int, int] | None:
        """Cluster and page most of its placed keywords are in; None if none is placed."""
        if not self.placed:
            return None
        homes = Counter((keyword.cluster, keyword.page) for keyword in self.placed)
        return min(homes, key=lambda home: (-homes[home], home))

    @property
    def volume(self) -> int:
        return sum(keyword.volume or 0 for keyword in self.phrases)


def gather(phrases: Iterable[Phrase], placed: Iterable[Placed]) -> list[Leaf]:
    """One leaf a set of twins, in an order that depends on their texts only."""
    twins: defaultdict[str, tuple[list[Phrase], list[Placed]]] = defaultdict(lambda: ([], []))
    for phrase in phrases:
        twins[twin_key(phrase.text)][0].append(phrase)
    for keyword in placed:
        twins[twin_key(keyword.text)][1].append(keyword)
    return [_leaf(*twins[key]) for key in sorted(twins)]


def _leaf(phrases: list[Phrase], placed: list[Placed]) -> Leaf:
    text = min(" ".join(words(keyword.text)) for some in (phrases, placed) for keyword in some)
    return Leaf(
        text=text,
        phrases=tuple(sorted(phrases, key=_by_text)),
        placed=tuple(sorted(placed, key=_by_text)),
    )


def _by_text(keyword: Phrase | Placed) -> tuple[str, int]:
    return keyword.text, keyword.id
