"""Which topic and which page each leaf belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from igny8.clustering.linkage import agglomerate
from igny8.clustering.settled import Settled
from igny8.clustering.smoothing import Neighbourhood
from igny8.clustering.units import Units, pairs_within, units_of

if TYPE_CHECKING:
    from igny8.clustering.leaves import Leaf
    from igny8.clustering.space import Space
    from igny8.clustering.vectors import Places


@dataclass(frozen=True, slots=True)
class Draft:
    """A topic by rows: the page of each row with new keywords, and the rows placed before."""

    cluster: int | None
    pages: dict[int, int]
    settled: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cuts:
    """Average cosines at which merging stops: of topics smoothed, of pages in meaning alone."""

    topic: float
    page: float


def place(leaves: Sequence[Leaf], space: Space, cuts: Cuts) -> list[Draft]:
    """Every row that has new keywords, in exactly one draft."""
    import numpy as np

    around = Neighbourhood(space.whole)
    unplaced = np.array([not leaf.placed for leaf in leaves], bool)
    present = space.whole.any(axis=1)
    units = units_of(np.flatnonzero(unplaced & present), space, around, cut=cuts.page)
    placement = _Placement(leaves, units, Settled(leaves, space, around), cuts)
    return [
        *placement.joined(),
        *placement.opened(pairs_within(units.rows, around.around(units.rows))),
        *(Draft(None, {int(row): 1}) for row in np.flatnonzero(unplaced & ~present)),
    ]


class _Placement:
    """Units on their way into clusters."""

    def __init__(self, leaves: Sequence[Leaf], units: Units, settled: Settled, cuts: Cuts) -> None:
        self._leaves = leaves
        self._units = units
        self._settled = settled
        self._cuts = cuts
        self._arrivals: defaultdict[int | None, list[int]] = defaultdict(list)
        for unit, cluster in enumerate(settled.clusters_for(units, cuts)):
            self._arrivals[cluster].append(unit)

    def joined(self) -> list[Draft]:
        """Clusters of the site with what is new in them: twins of their keywords, and units."""
        pages: defaultdict[int, dict[int, int]] = defaultdict(dict)
        for row, leaf in enumerate(self._leaves):
            if leaf.home is not None and leaf.phrases:
                pages[leaf.home[0]][row] = leaf.home[1]
        for cluster, arrived in self._arrivals.items():
            if cluster is not None:
                pages[cluster] |= self._pages_in(cluster, arrived)
        return [
            Draft(cluster, pages[cluster], tuple(self._settled.rows_of(cluster)))
            for cluster in sorted(pages)
        ]

    def opened(self, near: tuple[Places, Places]) -> list[Draft]:
        """New topics of the units that joined no cluster; `near` are pairs of close rows."""
        import numpy as np

        units = self._units
        left = np.array(self._arrivals[None], np.int64)
        position = np.full(len(units), -1)
        position[left] = np.arange(len(left))
        here, there = (position[units.unit[at]] for at in near)
        both = (here >= 0) & (there >= 0)
        labels = agglomerate(
            units.smooth[left],
            units.sizes[left],
            cut=self._cuts.topic,
            near=(here[both], there[both]),
        )
        topics: defaultdict[int, list[int]] = defaultdict(list)
        for unit, label in zip(left, labels, strict=True):
            topics[int(label)].append(int(unit))
        return [Draft(None, self._numbered(topic, after=0)) for topic in topics.values()]

    def _pages_in(self, cluster: int, arrived: Iterable[int]) -> dict[int, int]:
        """Units join the page they resemble; the others get numbers after the last one."""
        pages: dict[int, int] = {}
        others = []
        for unit in arrived:
            page = self._settled.page_for(
                cluster, self._units.meaning_crowd(unit), cut=self._cuts.page
            )
            if page is None:
                others.append(unit)
            else:
                pages |= dict.fromkeys(self._units.rows_of(unit), page)
        return pages | self._numbered(others, after=self._settled.last_page(cluster))

    def _numbered(self, wanted: Iterable[int], *, after: int) -> dict[int, int]:
        """Pages of rows: a number a unit, the most wanted first."""
        rows = [self._units.rows_of(unit) for unit in wanted]
        rows.sort(key=lambda some: (-sum(self._leaves[row].volume for row in some), some))
        return {row: page for page, some in enumerate(rows, after + 1) for row in some}
