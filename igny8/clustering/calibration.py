"""At which similarity the texts of one topic part from others, found once for each model.

Models spread their vectors differently: what is alike for one is far apart for another, and many
put all texts close together. A thousand labelled public texts (calibration.csv) tell a model's
centre and where to cut.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING

from igny8.clustering.apart import KnownVectors
from igny8.clustering.contract import Phrase
from igny8.clustering.grouping import group_here
from igny8.clustering.leaves import gather
from igny8.clustering.vectors import unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TEXTS = Path(__file__).with_name("calibration.csv")
THRESHOLDS = tuple(hundredths / 100 for hundredths in range(30, 75, 5))
USUAL_THRESHOLD = 0.50
SHORT = 512
"""Many models put what matters most into the first numbers of their vectors."""
SHORTENING_MAY_COST = 0.005


@dataclass(frozen=True, slots=True)
class Calibration:
    """The cut of topics, the centre of the model's vectors as float32, and the F1 they give.

    The centre is as long as what is kept of each vector.
    """

    threshold: float
    centre: bytes
    f1: float

    def applied(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """The model's vectors as they are to be grouped."""
        import numpy as np

        centre = np.frombuffer(self.centre, "<f4")
        around: NDArray[np.float32] = unit(vectors[:, : len(centre)]) - centre
        return around


@dataclass(frozen=True, slots=True)
class _Labelled:
    phrases: tuple[Phrase, ...]
    labels: tuple[str, ...]


def calibration_texts() -> tuple[str, ...]:
    """What `calibrated` needs the vectors of, each once."""
    leaves = (leaf.text for one in _sets() for leaf in gather(one.phrases, ()))
    return tuple(dict.fromkeys(leaves))


def calibrated(vectors: NDArray[np.float32]) -> Calibration:
    """The best cut for a model, given its vectors of `calibration_texts()`; always the same."""
    full = _best(vectors)
    if vectors.shape[1] <= SHORT:
        return full
    short = _best(vectors[:, :SHORT])
    return short if short.f1 >= full.f1 - SHORTENING_MAY_COST else full


def bcubed_f1(labels: Sequence[str], found: Sequence[int]) -> float:
    """Harmonic mean of BCubed precision and recall (Amigó et al. 2009)."""
    import numpy as np

    _, label = np.unique(np.array(labels), return_inverse=True)
    _, topic = np.unique(np.array(found), return_inverse=True)
    _, both, size = np.unique(
        label * (topic.max() + 1) + topic, return_inverse=True, return_counts=True
    )
    precision = float((size[both] / np.bincount(topic)[topic]).mean())
    recall = float((size[both] / np.bincount(label)[label]).mean())
    return 2 * precision * recall / (precision + recall)


def _best(vectors: NDArray[np.float32]) -> Calibration:
    """Of equally good cuts the one nearest to the usual."""
    import numpy as np

    centre = unit(vectors).mean(axis=0, dtype=np.float64).astype("<f4").tobytes()
    tried = [_tried(Calibration(cut, centre, 0.0), vectors) for cut in THRESHOLDS]
    return min(
        tried, key=lambda one: (-one.f1, abs(one.threshold - USUAL_THRESHOLD), one.threshold)
    )


def _tried(guess: Calibration, vectors: NDArray[np.float32]) -> Calibration:
    embedder = KnownVectors(
        "calibrated", guess.threshold, calibration_texts(), guess.applied(vectors)
    )
    return replace(guess, f1=round(mean(_f1_of(one, embedder) for one in _sets()), 4))


def _f1_of(one: _Labelled, embedder: KnownVectors) -> float:
    topics = group_here(one.phrases, embedder=embedder).topics
    topic_of = {member.id: at for at, topic in enumerate(topics) for member in topic.members}
    return bcubed_f1(one.labels, [topic_of[phrase.id] for phrase in one.phrases])


@cache
def _sets() -> tuple[_Labelled, ...]:
    with TEXTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = dict.fromkeys(row["set"] for row in rows)
    return tuple(_labelled(row for row in rows if row["set"] == name) for name in names)


def _labelled(rows: Iterable[dict[str, str]]) -> _Labelled:
    pairs = [(row["text"], row["label"]) for row in rows]
    return _Labelled(tuple(_phrases(text for text, _ in pairs)), tuple(label for _, label in pairs))


def _phrases(texts: Iterable[str]) -> Iterator[Phrase]:
    return (Phrase(id=at, text=text) for at, text in enumerate(texts))
