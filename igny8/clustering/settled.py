"""The clusters a site already has, and which of them new keywords belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from igny8.clustering.linkage import agglomerate
from igny8.clustering.units import Crowd
from igny8.clustering.vectors import GRID, nearest, on_grid

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from igny8.clustering.leaves import Leaf
    from igny8.clustering.placement import Cuts
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
        self._page_crowds: dict[int, dict[int, Crowd]] = {}
        for row, leaf in enumerate(leaves):
            if leaf.home is not None:
                cluster, page = leaf.home
                self._cluster_of[row] = cluster
                self._pages[cluster][page].append(row)
            for one in leaf.placed:
                self._last_page[one.cluster] = max(self._last_page[one.cluster], one.page)

    def clusters_for(self, units: Units, cuts: Cuts) -> list[int | None]:
        """The cluster each unit joins: the one that has its very page, else the first in its
        neighbours' vote that is alike enough."""
        ballots = self._ballots(units)
        parts = self._parts({one for ballot in ballots for one in ballot}, cut=cuts.topic)
        return [
            self._with_its_page(ballot, units.meaning_crowd(unit), cut=cuts.page)
            or _first_alike(ballot, parts, units.smooth_crowd(unit), cuts.topic)
            for unit, ballot in enumerate(ballots)
        ]

    def page_for(self, cluster: int, newcomers: Crowd, *, cut: float) -> int | None:
        """The most similar page of the cluster, None if none is alike enough."""
        similarity, page = self._nearest_page(cluster, newcomers)
        return page if similarity >= cut else None

    def last_page(self, cluster: int) -> int:
        return self._last_page[cluster]

    def rows_of(self, cluster: int) -> list[int]:
        return [row for rows in self._pages[cluster].values() for row in rows]

    def _with_its_page(self, ballot: Iterable[int], newcomers: Crowd, *, cut: float) -> int | None:
        alike = {cluster: self._nearest_page(cluster, newcomers)[0] for cluster in ballot}
        best = max(alike, key=lambda cluster: (alike[cluster], -cluster), default=None)
        return best if best is not None and alike[best] >= cut else None

    def _nearest_page(self, cluster: int, newcomers: Crowd) -> tuple[float, int]:
        if cluster not in self._page_crowds:
            pages = self._pages[cluster]
            self._page_crowds[cluster] = {
                page: _crowd(self._meaning, pages[page]) for page in sorted(pages)
            }
        crowds = self._page_crowds[cluster]
        return max(
            ((crowd.similarity(newcomers), page) for page, crowd in crowds.items()),
            key=lambda found: (found[0], -found[1]),
        )

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

    def _parts(self, clusters: Collection[int], *, cut: float) -> dict[int, list[Crowd]]:
        import numpy as np

        members = {cluster: self.rows_of(cluster) for cluster in clusters}
        rows = np.array(sorted(row for some in members.values() for row in some), np.int64)
        smooth = self._around.smoothed(rows)
        return {
            cluster: _natural_parts(smooth[np.searchsorted(rows, some)], cut)
            for cluster, some in members.items()
        }


def _crowd(vectors: Grid, rows: Sequence[int] | Places) -> Crowd:
    import numpy as np

    return Crowd(vectors[rows].sum(axis=0, dtype=np.float64), len(rows))


def _natural_parts(vectors: Grid, cut: float) -> list[Crowd]:
    """One crowd, or several where a person put together what is not alike on average: a newcomer
    belongs there when it is like one of them."""
    import numpy as np

    whole = Crowd(vectors.sum(axis=0, dtype=np.float64), len(vectors))
    if whole.cohesion >= cut:
        return [whole]
    nothing = np.zeros(0, np.int64)
    ones = np.ones(len(vectors), np.int64)
    labels = agglomerate(vectors, ones, cut=cut, near=(nothing, nothing))
    return [_crowd(vectors, np.flatnonzero(labels == label)) for label in np.unique(labels)]


def _first_alike(
    ballot: Sequence[int], parts: Mapping[int, Sequence[Crowd]], newcomers: Crowd, cut: float
) -> int | None:
    return next(
        (one for one in ballot if any(part.similarity(newcomers) >= cut for part in parts[one])),
        None,
    )
