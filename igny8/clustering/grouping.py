"""Keywords in, topics with their pages out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from igny8.clustering.contract import Granularity, Grouping
from igny8.clustering.embedding import packaged_embedder
from igny8.clustering.leaves import gather
from igny8.clustering.placement import Cuts, place
from igny8.clustering.space import space_of
from igny8.clustering.topics import described

if TYPE_CHECKING:
    from igny8.clustering.contract import Embedder, Phrase, Placed

CUT_OFFSETS = {Granularity.BROAD: -0.10, Granularity.BALANCED: 0.0, Granularity.FINE: 0.15}
PAGE_OFFSET = 0.20
"""How much more alike than those of a topic the keywords of a page are, in meaning alone."""


def group_here(
    phrases: Iterable[Phrase],
    placed: Iterable[Placed] = (),
    *,
    granularity: Granularity = Granularity.BALANCED,
    taken_names: Collection[str] = frozenset(),
    brands: Collection[str] = frozenset(),
    mean: bytes | None = None,
    embedder: Embedder | None = None,
) -> Grouping:
    """The grouping, computed in this process whatever the size."""
    embedder = embedder or packaged_embedder()
    leaves = gather(phrases, placed)
    space = space_of(leaves, embedder, mean)
    cuts = Cuts(
        topic=embedder.threshold + CUT_OFFSETS[granularity], page=embedder.threshold + PAGE_OFFSET
    )
    topics = described(
        place(leaves, space, cuts), leaves, space, taken_names=taken_names, brands=brands
    )
    return Grouping(topics=topics, embedder=embedder.id, mean=space.mean)
