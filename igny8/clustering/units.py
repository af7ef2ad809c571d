"""Leaves that one article should target, kept together from the first step on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from igny8.clustering.linkage import agglomerate
from igny8.clustering.vectors import GRID

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from igny8.clustering.smoothing import Neighbourhood
    from igny8.clustering.space import Space
    from igny8.clustering.vectors import Places


@dataclass(frozen=True, slots=True)
class Crowd:
    """The sum of some vectors and how many they are."""

    total: NDArray[np.float64]
    size: int

    @property
    def cohesion(self) -> float:
        """The average cosine between two different members; 1 for a single one."""
        if self.size == 1:
            return 1.0
        of_all = float(self.total @ self.total) / GRID**2
        return (of_all - self.size) / (self.size * (self.size - 1))

    def similarity(self, other: Crowd) -> float:
        """The average cosine between the members of both."""
        return float(self.total @ other.total) / (self.size * other.size * GRID**2)


@dataclass(frozen=True)
class Units:
    """`rows` and the `unit` of each; per unit its size and the sums of its vectors."""

    rows: Places
    unit: Places
    meaning: NDArray[np.float64]
    smooth: NDArray[np.float64]
    sizes: Places

    def __len__(self) -> int:
        return len(self.sizes)

    def rows_of(self, unit: int) -> list[int]:
        return self._members[unit]

    def meaning_crowd(self, unit: int) -> Crowd:
        return Crowd(self.meaning[unit], int(self.sizes[unit]))

    def smooth_crowd(self, unit: int) -> Crowd:
        return Crowd(self.smooth[unit], int(self.sizes[unit]))

    @cached_property
    def _members(self) -> list[list[int]]:
        members: list[list[int]] = [[] for _ in self.sizes]
        for row, unit in zip(self.rows, self.unit, strict=True):
            members[unit].append(int(row))
        return members


def units_of(rows: Places, space: Space, around: Neighbourhood, *, cut: float) -> Units:
    """Rows merged as long as their meanings are `cut` alike on average."""
    import numpy as np

    ones = np.ones(len(rows), np.int64)
    near = pairs_within(rows, around.around(rows))
    labels = agglomerate(space.meaning[rows], ones, cut=cut, near=near)
    roots, unit = np.unique(labels, return_inverse=True)
    return Units(
        rows=rows,
        unit=unit,
        meaning=summed(space.meaning[rows], unit, len(roots)),
        smooth=summed(around.smoothed(rows), unit, len(roots)),
        sizes=np.bincount(unit, minlength=len(roots)),
    )


def pairs_within(rows: Places, around: Places) -> tuple[Places, Places]:
    """Positions in `rows` of each row and of those of its neighbours that are in `rows` too."""
    import numpy as np

    if not around.size:
        return rows[:0], rows[:0]
    here = np.repeat(np.arange(len(rows)), around.shape[1])
    there = np.searchsorted(rows, around.ravel())
    inside = rows[np.minimum(there, len(rows) - 1)] == around.ravel()
    return here[inside], there[inside]


def summed(vectors: NDArray[np.floating], group: Places, count: int) -> NDArray[np.float64]:
    import numpy as np

    sums = np.zeros((count, vectors.shape[1]))
    np.add.at(sums, group, vectors.astype(np.float64))
    return sums
