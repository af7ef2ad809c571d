"""Each keyword's vector pulled towards its nearest keywords, and theirs, and theirs.

A short text says little: what its neighbours say fills in the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from igny8.clustering.vectors import GRID, nearest, on_grid, unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from igny8.clustering.vectors import Grid, Places

FEWEST_NEIGHBOURS, MOST_NEIGHBOURS = 5, 15
ROWS_A_NEIGHBOUR = 20
"""A short queue has few keywords of each topic: more neighbours would be strangers."""
OWN_SHARE = 0.3
ROUNDS = 3
STRANGENESS = 0.03
"""Neighbours that weigh less than this together hardly pull."""
_SHARPNESS = 3
_CHUNK = 1024


class Neighbourhood:
    """The vectors of one site; neighbours are looked up for the rows somebody asks about."""

    def __init__(self, vectors: Grid) -> None:
        import numpy as np

        wanted = max(FEWEST_NEIGHBOURS, min(MOST_NEIGHBOURS, len(vectors) // ROWS_A_NEIGHBOUR))
        count = max(0, min(wanted, len(vectors) - 1))
        self.vectors = vectors
        self._places: Places = np.zeros((len(vectors), count), np.int64)
        self._weights = np.zeros((len(vectors), count), np.float64)
        self._known = np.zeros(len(vectors), bool)

    def around(self, rows: Places) -> Places:
        """The nearest rows of each row: one line a row, nearest first."""
        self._look_up(rows)
        return self._places[rows]

    def smoothed(self, rows: Places) -> Grid:
        import numpy as np

        rings = [rows]
        for _ in range(ROUNDS - 1):
            rings.append(np.union1d(rings[-1], self.around(rings[-1])))
        vectors = self.vectors
        for ring in reversed(rings[1:]):
            pulled = np.zeros_like(vectors)
            pulled[ring] = self._pulled(ring, vectors)
            vectors = pulled
        return self._pulled(rows, vectors)

    def _look_up(self, rows: Places) -> None:
        import numpy as np

        missing = np.unique(rows[~self._known[rows]])
        places, products = nearest(
            self.vectors[missing], self.vectors, self._places.shape[1], missing
        )
        closeness = np.maximum(products.astype(np.float64) / GRID**2, 0)
        self._places[missing] = places
        self._weights[missing] = _shares(closeness**_SHARPNESS)
        self._known[missing] = True

    def _pulled(self, rows: Places, vectors: Grid) -> Grid:
        import numpy as np

        self._look_up(rows)
        pulled = np.empty((len(rows), vectors.shape[1]), np.float32)
        for start in range(0, len(rows), _CHUNK):
            part = rows[start : start + _CHUNK]
            pulled[start : start + _CHUNK] = on_grid(unit(self._mixed(part, vectors)))
        return pulled

    def _mixed(self, rows: Places, vectors: Grid) -> NDArray[np.float64]:
        """Added up neighbour by neighbour: a fixed order gives the same bits every time."""
        import numpy as np

        mixed: NDArray[np.float64] = OWN_SHARE * vectors[rows].astype(np.float64)
        for rank in range(self._places.shape[1]):
            share = (1 - OWN_SHARE) * self._weights[rows, rank, np.newaxis]
            mixed += share * vectors[self._places[rows, rank]]
        return mixed


def _shares(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Parts of 1, or of less where even the nearest are strangers."""
    shares: NDArray[np.float64] = weights / (weights.sum(axis=1, keepdims=True) + STRANGENESS)
    return shares
