"""Unit vectors on a grid of integers.

A unit vector is kept as the nearest integers of its `GRID`-fold. The product of any two such
vectors stays below 2**24, so float32 adds it up without rounding in whatever order BLAS and its
threads choose: similarities, and with them the clusters, are the same bits on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Grid = NDArray[np.float32]
    Places = NDArray[np.int64]

GRID = 4064
PRIOR = 200
"""Weight of the zero vector in the mean: a queue of twenty is hardly centred, a large one fully."""
_ROWS, _COLUMNS = 512, 4096
_CHUNK = 1024


def unit(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Every row at length 1; rows of zeros stay zeros."""
    import numpy as np

    units = np.zeros(vectors.shape, np.float32)
    for start in range(0, len(vectors), _CHUNK):
        wide = vectors[start : start + _CHUNK].astype(np.float64)
        lengths = np.sqrt(np.sum(wide * wide, axis=1, keepdims=True))
        np.divide(wide, lengths, out=wide, where=lengths > 0)
        units[start : start + _CHUNK] = wide
    return units


def on_grid(vectors: NDArray[np.floating]) -> Grid:
    """Vectors of length 1 or less at their nearest integers."""
    import numpy as np

    rounded: Grid = np.rint(vectors * GRID).astype(np.float32)
    return rounded


def mean_of(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of the rows that are not zero, shrunken towards zero."""
    import numpy as np

    present = int(np.count_nonzero(vectors.any(axis=1)))
    mean: NDArray[np.float64] = vectors.sum(axis=0, dtype=np.float64) / (present + PRIOR)
    return mean.astype(np.float32)


def centred(vectors: NDArray[np.float32], mean: NDArray[np.float32]) -> Grid:
    """Grid vectors around the mean; rows of zeros stay zeros."""
    import numpy as np

    moved = np.empty_like(vectors)
    for start in range(0, len(vectors), _CHUNK):
        part = vectors[start : start + _CHUNK]
        present = part.any(axis=1, keepdims=True)
        moved[start : start + _CHUNK] = on_grid(unit((part - mean) * present))
    return moved


def summed_rows(
    table: NDArray[np.float16] | NDArray[np.float32], picks: Sequence[Sequence[int]]
) -> NDArray[np.float32]:
    """For each pick the sum of its rows of the table; zeros where nothing is picked."""
    import numpy as np

    sums = np.zeros((len(picks), table.shape[1]), np.float32)
    filled = [at for at, some in enumerate(picks) if some]
    if filled:
        flat = np.concatenate([np.asarray(picks[at], np.int64) for at in filled])
        starts = np.cumsum([0, *(len(picks[at]) for at in filled[:-1])])
        sums[filled] = np.add.reduceat(table[flat].astype(np.float32), starts, axis=0)
    return sums


def nearest(rows: Grid, pool: Grid, count: int, own: Places | None = None) -> tuple[Places, Grid]:
    """Places in the pool and products of the `count` nearest of each row, nearest first.

    `own` gives each row's own place in the pool, which is left out. Exact; equal products go by
    place. There are fewer columns than `count` when the pool is small.
    """
    import numpy as np

    count = max(0, min(count, len(pool) - (own is not None)))
    places = np.empty((len(rows), count), np.int64)
    products = np.empty((len(rows), count), np.float32)
    if count == 0:
        return places, products
    for start in range(0, len(rows), _ROWS):
        part = slice(start, start + _ROWS)
        places[part], products[part] = _nearest_of_block(
            rows[part], pool, count, None if own is None else own[part]
        )
    return places, products


def _nearest_of_block(
    rows: Grid, pool: Grid, count: int, own: Places | None
) -> tuple[Places, Grid]:
    import numpy as np

    places = np.full((len(rows), count), len(pool), np.int64)
    best = np.full((len(rows), count), -np.inf, np.float32)
    for start in range(0, len(pool), _COLUMNS):
        products = rows @ pool[start : start + _COLUMNS].T
        if own is not None:
            _strike_out(products, own - start)
        floor = _floor_of_first(products, count) if start == 0 else best[:, -1:]
        row, column = np.divmod(np.flatnonzero(products > floor), products.shape[1])
        if len(row):
            best, places = _merged(best, places, row, column + start, products[row, column])
    return places, best


def _strike_out(products: Grid, columns: Places) -> None:
    import numpy as np

    rows = np.flatnonzero((columns >= 0) & (columns < products.shape[1]))
    products[rows, columns[rows]] = -np.inf


def _floor_of_first(products: Grid, count: int) -> Grid:
    """Just under the `count`-th best of each row, so that the first block is not taken whole."""
    import numpy as np

    rank = max(0, products.shape[1] - count)
    return np.nextafter(
        np.partition(products, rank, axis=1)[:, rank : rank + 1], np.float32(-np.inf)
    )


def _merged(
    best: Grid, places: Places, row: Places, place: Places, product: Grid
) -> tuple[Grid, Places]:
    """The lists of the best with further hits sorted in."""
    import numpy as np

    rows, count = best.shape
    row = np.concatenate([np.repeat(np.arange(rows), count), row])
    place = np.concatenate([places.ravel(), place])
    product = np.concatenate([best.ravel(), product])
    order = np.lexsort((place, -product, row))
    first = np.searchsorted(row[order], np.arange(rows))
    kept = order[first[:, None] + np.arange(count)]
    return product[kept], place[kept]
