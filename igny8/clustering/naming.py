"""The head keyword of a topic, and a name that tells the topic from all others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from igny8.clustering.titles import title
from igny8.clustering.wording import stem, words


@dataclass(frozen=True, slots=True)
class Candidate:
    """A keyword that could stand for its topic; `centrality` is its cosine to the centroid."""

    id: int
    text: str
    volume: int | None
    centrality: float


@dataclass(frozen=True, slots=True)
class Head:
    keyword: Candidate
    provisional: bool


def head_of(candidates: Sequence[Candidate]) -> Head:
    """The most searched keyword; without volumes the one that covers the others' words best."""
    if any(candidate.volume for candidate in candidates):
        return Head(min(candidates, key=lambda one: (-(one.volume or 0), *_plainness(one))), False)
    coverage = _coverage(candidates)
    return Head(
        min(candidates, key=lambda one: (-coverage[one.text], *_plainness(one))), provisional=True
    )


def unique_name(head: str, members: Sequence[str], taken: Iterable[str]) -> str:
    """The head as a title; if that is taken, with the word that tells its topic best."""
    taken = frozenset(taken)
    name = title(head)
    if name.casefold() not in taken:
        return name
    said = {stem(word) for word in words(head)}
    told = (f"{name} ({title(word)})" for word in _telling(members) if stem(word) not in said)
    counted = (f"{name} {number}" for number in range(2, len(taken) + 3))
    return next(one for one in (*told, *counted) if one.casefold() not in taken)


def _plainness(candidate: Candidate) -> tuple[float, int, str, int]:
    return (
        -round(candidate.centrality, 4),
        len(candidate.text),
        candidate.text,
        candidate.id,
    )


def _coverage(candidates: Sequence[Candidate]) -> dict[str, float]:
    """For each text: the sum over its stems of (share of keywords with that stem - 1/2)."""
    stems = {one.text: {stem(word) for word in words(one.text)} for one in candidates}
    used = Counter(part for one in candidates for part in stems[one.text])
    return {
        text: sum(used[part] / len(candidates) - 0.5 for part in parts)
        for text, parts in stems.items()
    }


def _telling(members: Sequence[str]) -> list[str]:
    """Words of the members, the most shared first."""
    used = Counter(word for text in members for word in set(words(text)))
    return sorted(used, key=lambda word: (-used[word], -len(word), word))
