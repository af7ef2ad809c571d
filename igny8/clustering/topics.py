"""What a topic is called, what it wants, and how close its members are to its head."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from igny8.clustering.contract import Member, Phrase, Placed, Topic
from igny8.clustering.intent import Verdict, majority, verdicts_of
from igny8.clustering.naming import Candidate, Head, head_of, unique_name

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from igny8.clustering.leaves import Leaf
    from igny8.clustering.placement import Draft
    from igny8.clustering.space import Space
    from igny8.clustering.vectors import Grid


@dataclass(frozen=True, slots=True)
class _Unnamed:
    """A topic still called by its head keyword, with all texts it covers."""

    topic: Topic
    texts: tuple[str, ...]
    volume: int


def described(
    drafts: Iterable[Draft],
    leaves: Sequence[Leaf],
    space: Space,
    *,
    taken_names: Collection[str],
    brands: Collection[str],
) -> tuple[Topic, ...]:
    """Topics by total volume, then name; no name is given twice or is one of the taken."""
    unnamed = [_unnamed(draft, leaves, space, brands) for draft in drafts]
    unnamed.sort(key=lambda one: (-one.volume, one.topic.name, one.topic.members[0].id))
    joined = [one for one in unnamed if one.topic.cluster is not None]
    opened = [one for one in unnamed if one.topic.cluster is None]
    used: set[str] = set()
    named = _named(joined, used)
    # A joined cluster's own name may be among the taken: they bind new topics only.
    used |= {name.casefold() for name in taken_names}
    named += _named(opened, used)
    named.sort(key=lambda one: (-one.volume, one.topic.name.casefold()))
    return tuple(one.topic for one in named)


def _named(topics: Iterable[_Unnamed], used: set[str]) -> list[_Unnamed]:
    named = []
    for one in topics:
        name = unique_name(one.topic.name, one.texts, used)
        used.add(name.casefold())
        named.append(replace(one, topic=replace(one.topic, name=name)))
    return named


def _unnamed(
    draft: Draft, leaves: Sequence[Leaf], space: Space, brands: Collection[str]
) -> _Unnamed:
    rows = sorted({*draft.pages, *draft.settled})
    closeness = _Closeness(rows, space.meaning)
    head, row = _head(rows, leaves, closeness)
    to_head = closeness.to(row)
    phrases = [(phrase, row) for row in draft.pages for phrase in leaves[row].phrases]
    phrases.sort(
        key=lambda pair: (draft.pages[pair[1]], -(pair[0].volume or 0), pair[0].text, pair[0].id)
    )
    verdict = _intent(rows, leaves, brands)
    topic = Topic(
        cluster=draft.cluster,
        name=head.keyword.text,
        provisional=head.provisional,
        head=head.keyword.id,
        intent=verdict.intent,
        confidence=verdict.confidence,
        members=tuple(
            Member(id=phrase.id, page=draft.pages[row], similarity=to_head[row])
            for phrase, row in phrases
        ),
    )
    texts = tuple(leaves[row].text for row in rows)
    return _Unnamed(topic, texts, sum(phrase.volume or 0 for phrase, _ in phrases))


class _Closeness:
    """Cosines of meaning between the rows of one topic."""

    def __init__(self, rows: Sequence[int], vectors: Grid) -> None:
        import numpy as np

        self._rows = rows
        self._vectors = vectors[rows].astype(np.float64)

    def to_centre(self) -> dict[int, float]:
        return self._cosines(self._vectors.sum(axis=0))

    def to(self, row: int) -> dict[int, float]:
        """Cosines to one row; that row is as close to itself as can be, even without a vector."""
        return self._cosines(self._vectors[self._rows.index(row)]) | {row: 1.0}

    def _cosines(self, vector: NDArray[np.float64]) -> dict[int, float]:
        """Products of whole numbers, exact in any order; nought where there is no vector."""
        import numpy as np

        squares = np.sum(self._vectors**2, axis=1) * np.sum(vector**2)
        cosines = self._vectors @ vector / np.sqrt(np.maximum(squares, 1))
        return {
            row: round(float(cosine), 4) for row, cosine in zip(self._rows, cosines, strict=True)
        }


def _head(rows: Sequence[int], leaves: Sequence[Leaf], closeness: _Closeness) -> tuple[Head, int]:
    """The keyword that stands for the topic and its row."""
    centrality = closeness.to_centre()
    row_of = {}
    candidates = []
    for row in rows:
        for keyword in leaves[row].keywords:
            row_of[keyword.id] = row
            candidates.append(Candidate(keyword.id, keyword.text, keyword.volume, centrality[row]))
    head = head_of(candidates)
    return head, row_of[head.keyword.id]


def _intent(rows: Iterable[int], leaves: Sequence[Leaf], brands: Collection[str]) -> Verdict:
    """By volume; a keyword nobody searches, or of unknown volume, still counts a little."""
    return majority(
        (verdicts_of(keyword.text, _imported(keyword), brands), 1 + (keyword.volume or 0))
        for row in rows
        for keyword in leaves[row].keywords
    )


def _imported(keyword: Phrase | Placed) -> tuple[str, ...]:
    return keyword.intents if isinstance(keyword, Phrase) else ()
