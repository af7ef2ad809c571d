from __future__ import annotations

import numpy as np
import pytest

from igny8.clustering.linkage import agglomerate
from igny8.clustering.vectors import GRID, mean_of, nearest, on_grid, unit


def vectors(count: int, seed: int = 0) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return on_grid(unit(np.random.default_rng(seed).normal(size=(count, 384))))


def test_products_of_grid_vectors_are_exact() -> None:
    rows = vectors(300)

    assert np.array_equal(rows @ rows.T, rows.astype(np.float64) @ rows.astype(np.float64).T)
    assert float((rows @ rows.T).max()) < 2**24


@pytest.mark.parametrize("count", [1, 7, 15])
def test_the_nearest_are_those_a_full_sort_finds(count: int) -> None:
    rows = vectors(5000)
    own = np.arange(600)

    places, products = nearest(rows[:600], rows, count, own)

    every = rows[:600] @ rows.T
    every[own, own] = -np.inf
    expected = np.argsort(-every, axis=1, kind="stable")[:, :count]
    assert np.array_equal(places, expected)
    assert np.array_equal(products, np.take_along_axis(every, expected, axis=1))


def test_equally_near_rows_come_in_their_order() -> None:
    rows = np.tile(vectors(1), (40, 1))

    places, _ = nearest(rows, rows, 3, np.arange(40))

    assert places[0].tolist() == [1, 2, 3]
    assert places[30].tolist() == [0, 1, 2]


def test_a_pool_smaller_than_asked_for_gives_what_it_has() -> None:
    rows = vectors(3)

    places, _ = nearest(rows, rows, 15, np.arange(3))

    assert sorted(places[0].tolist()) == [1, 2]
    assert nearest(rows[:1], rows[:1], 5, np.arange(1))[0].shape == (1, 0)


def test_merging_reciprocal_neighbours_is_average_linkage() -> None:
    hierarchy = pytest.importorskip("scipy.cluster.hierarchy")
    rows = on_grid(unit(vectors(30, seed=1).repeat(10, axis=0) + 0.9 * vectors(300, seed=2)))
    cosines = (rows.astype(np.float64) @ rows.T)[np.triu_indices(300, 1)] / GRID**2

    none = np.zeros(0, np.int64)
    labels = agglomerate(rows, np.ones(300, np.int64), cut=0.3, near=(none, none))

    tree = hierarchy.linkage(1 - cosines, "average")
    expected = hierarchy.fcluster(tree, 0.7, "distance")
    pairs = {*zip(labels.tolist(), expected.tolist(), strict=True)}
    assert len(pairs) == len(set(labels.tolist())) == len(set(expected.tolist()))


def test_the_mean_of_few_is_close_to_nothing_and_rows_of_zeros_do_not_count() -> None:
    rows = np.zeros((4, 3), np.float32)
    rows[:2, 0] = 1

    assert mean_of(rows).tolist() == pytest.approx([2 / 202, 0, 0])
