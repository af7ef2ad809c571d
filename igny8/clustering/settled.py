"""The clusters a site already has, and which of them new keywords belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from igny8.clustering.units import Crowd
from igny8.clustering.vectors import GRID, nearest, on_grid

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from igny8.clustering.leaves import Leaf
    from igny8.clustering.smoothing import Neighbourhood
    from igny8.clustering.space import Space
    from igny8.clustering.units import Units
    from igny8.clustering.vectors import Grid, Places

VOTERS = 5
_SHARPNESS = 3


class Settled:
    """Placed leaves by cluster and page; nothing here ever moves."""

    def __init__(self, leaves: Sequence[Leaf], space: Space, around: Neighbourhood) -> None:
        self._meaning = space.meaning
        self._around = around
        self._pages: defaultdict[int, defaultdict[int, list[int]]]
        self._pages = defaultdict(lambda: defaultdict(list))
        self._cluster_of: dict[int, int] = {}
        self._last_page: defaultdict[int, int] = defaultdict(int)
        for row, leaf in enumerate(leaves):
            if leaf.home is not None:
                cluster, page = leaf.home
                self._cluster_of[row] = cluster
                self._pages[cluster][page].append(row)
            for one in leaf.placed:
                self._last_page[one.cluster] = max(self._last_page[one.cluster], one.page)

    def clusters_for(self, units: Units, *, cut: float) -> list[int | None]:
        """The cluster each unit joins: the first in its neighbours' vote that is alike enough."""
        ballots = self._ballots(units)
        crowds = self._crowds({cluster for ballot in ballots for cluster in ballot})
        return [
            _first_alike(ballot, crowds, units.smooth_crowd(unit), cut)
            for unit, ballot in enumerate(ballots)
        ]

    def page_for(self, cluster: int, newcomers: Crowd, *, cut: float) -> int | None:
        """The most similar page of the cluster, None if none is alike enough."""
        alike = {
            page: _crowd(self._meaning, rows).similarity(newcomers)
            for page, rows in self._pages[cluster].items()
        }
        best = min(alike, key=lambda page: (-alike[page], page))
        return best if alike[best] >= cut else None

    def last_page(self, cluster: int) -> int:
        return self._last_page[cluster]

    def rows_of(self, cluster: int) -> list[int]:
        return [row for rows in self._pages[cluster].values() for row in rows]

    def _ballots(self, units: Units) -> list[list[int]]:
        """Clusters of the nearest placed leaves of each unit, the most voted first."""
        import numpy as np

        vectors = self._meaning
        rows = np.array([row for row in self._cluster_of if vectors[row].any()], np.int64)
        means = on_grid(units.meaning / (units.sizes[:, np.newaxis] * GRID))
        places, products = nearest(means, vectors[rows], VOTERS)
        weights = np.maximum(products.astype(np.float64) / GRID**2, 0) ** _SHARPNESS
        return [self._ballot(rows[at], weight) for at, weight in zip(places, weights, strict=True)]

    def _ballot(self, rows: Places, weights: NDArray[np.float64]) -> list[int]:
        votes: defaultdict[int, float] = defaultdict(float)
        for row, weight in zip(rows, weights, strict=True):
            votes[self._cluster_of[int(row)]] += float(weight)
        return sorted(votes, key=lambda cluster: (-votes[cluster], cluster))

    def _crowds(self, clusters: Collection[int]) -> dict[int, Crowd]:
        import numpy as np

        members = {cluster: self.rows_of(cluster) for cluster in clusters}
        rows = np.array(sorted(row for some in members.values() for row in some), np.int64)
        smooth = self._around.smoothed(rows)
        return {
            cluster: _crowd(smooth, np.searchsorted(rows, some))
            for cluster, some in members.items()
        }


def _crowd(vectors: Grid, rows: Sequence[int] | Places) -> Crowd:
    import numpy as np

    return Crowd(vectors[rows].sum(axis=0, dtype=np.float64), len(rows))


def _first_alike(
    ballot: Sequence[int], crowds: Mapping[int, Crowd], newcomers: Crowd, cut: float
) -> int | None:
    return next((one for one in ballot if crowds[one].similarity(newcomers) >= cut), None)
