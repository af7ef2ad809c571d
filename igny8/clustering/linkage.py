"""Average-linkage agglomeration by merging reciprocal nearest neighbours.

The average similarity of two clusters is the product of their vector sums over the product of
their sizes, so no matrix of all pairs is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from igny8.clustering.vectors import GRID, nearest, on_grid

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from igny8.clustering.vectors import Places

CANDIDATES = 24
_CHUNK = 1024


@dataclass(frozen=True, slots=True)
class Edges:
    low: Places
    high: Places
    similarity: NDArray[np.float64]


def agglomerate(
    sums: NDArray[np.floating], sizes: Places, *, cut: float, near: tuple[Places, Places]
) -> Places:
    """A label for each row, the smallest row it is merged with.

    Rows are sums of `sizes` grid vectors. Pairs in `near` are tried first; no pair of clusters
    with an average similarity of `cut` or more is left.
    """
    linkage = _Linkage(sums, sizes, cut)
    linkage.merge_along(*near)
    asking = linkage.roots()
    while len(asking):
        sizes_before = linkage.sizes.copy()
        linkage.merge_along(*linkage.closest(asking))
        roots = linkage.roots()
        asking = roots[linkage.sizes[roots] > sizes_before[roots]]
    return linkage.label


class _Linkage:
    def __init__(self, sums: NDArray[np.floating], sizes: Places, cut: float) -> None:
        import numpy as np

        self.label: Places = np.arange(len(sums))
        self._sums = sums.astype(np.float64)
        self.sizes = sizes.astype(np.float64)
        self._cut = cut

    def roots(self) -> Places:
        import numpy as np

        return np.flatnonzero(self.label == np.arange(len(self.label)))

    def closest(self, asking: Places) -> tuple[Places, Places]:
        """The clusters most similar on average to each of the asking ones."""
        import numpy as np

        roots = self.roots()
        means = on_grid(self._sums[roots] / (self.sizes[roots, np.newaxis] * GRID))
        own = np.searchsorted(roots, asking)
        places, _ = nearest(means[own], means, CANDIDATES, own)
        return np.repeat(asking, places.shape[1]), roots[places.ravel()]

    def merge_along(self, left: Places, right: Places) -> None:
        """Merge all pairs that are each other's most similar, round by round, until none is."""
        edges = self._measured(self.label[left], self.label[right])
        while len(edges.low):
            edges = self._after_merging(edges, *_reciprocal(edges, len(self.label)))

    def _after_merging(self, edges: Edges, into: Places, gone: Places) -> Edges:
        import numpy as np

        self._sums[into] += self._sums[gone]
        self.sizes[into] += self.sizes[gone]
        move = np.arange(len(self.label))
        move[gone] = into
        self.label = move[self.label]
        changed = np.zeros(len(self.label), bool)
        changed[into] = changed[gone] = True
        stale = changed[edges.low] | changed[edges.high]
        fresh = self._measured(move[edges.low[stale]], move[edges.high[stale]])
        return Edges(
            np.concatenate([edges.low[~stale], fresh.low]),
            np.concatenate([edges.high[~stale], fresh.high]),
            np.concatenate([edges.similarity[~stale], fresh.similarity]),
        )

    def _measured(self, left: Places, right: Places) -> Edges:
        """Distinct pairs at or above the cut; what is below can only come back through others."""
        import numpy as np

        low, high = np.minimum(left, right), np.maximum(left, right)
        apart = low < high
        pairs = np.unique(low[apart] * len(self.label) + high[apart])
        low, high = np.divmod(pairs, len(self.label))
        similarity = self._similarity(low, high)
        kept = similarity >= self._cut
        return Edges(low[kept], high[kept], similarity[kept])

    def _similarity(self, low: Places, high: Places) -> NDArray[np.float64]:
        import numpy as np

        products = np.empty(len(low))
        for start in range(0, len(low), _CHUNK):
            part = slice(start, start + _CHUNK)
            products[part] = np.einsum("ij,ij->i", self._sums[low[part]], self._sums[high[part]])
        products /= self.sizes[low] * self.sizes[high] * GRID**2
        return products


def _reciprocal(edges: Edges, count: int) -> tuple[Places, Places]:
    """Pairs that are each other's most similar; equals go to the smallest row."""
    import numpy as np

    best = np.full(count, -np.inf)
    np.maximum.at(best, edges.low, edges.similarity)
    np.maximum.at(best, edges.high, edges.similarity)
    partner = np.full(count, count)
    for here, there in ((edges.low, edges.high), (edges.high, edges.low)):
        at_best = edges.similarity == best[here]
        np.minimum.at(partner, here[at_best], there[at_best])
    paired = np.flatnonzero(partner < count)
    mutual = paired[(partner[partner[paired]] == paired) & (paired < partner[paired])]
    return mutual, partner[mutual]
