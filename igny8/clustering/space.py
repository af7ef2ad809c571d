"""Where each leaf lies: by its meaning, and by its meaning and its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from igny8.clustering.spelling import WIDTH, spellings
from igny8.clustering.vectors import centred, mean_of, on_grid, unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from igny8.clustering.contract import Embedder
    from igny8.clustering.leaves import Leaf
    from igny8.clustering.vectors import Grid

WORDS_SHARE = 0.6
"""Length of the vector of the words beside 1 for the meaning."""


class ForeignMeanError(Exception):
    """The mean that was handed in was not made with this embedder."""


@dataclass(frozen=True, slots=True)
class Space:
    """`whole` decides on topics; `meaning`, its first part, on pages. `mean` is their centre."""

    whole: Grid
    meaning: Grid
    mean: bytes


@dataclass(frozen=True, slots=True)
class Centre:
    """A mean and how many leaves it was taken over; stored as one line of float32."""

    vector: NDArray[np.float32]
    count: int

    def stored(self) -> bytes:
        import numpy as np

        return np.append(self.vector, np.float32(self.count)).astype("<f4").tobytes()


def space_of(leaves: Sequence[Leaf], embedder: Embedder, mean: bytes | None) -> Space:
    """Vectors around the mean handed in, or around their own. Leaves without words stay at zero.

    A mean over less than half of what there is now is taken anew: that of a site's first twenty
    keywords would blur the topics of the thousands that follow.
    """
    import numpy as np

    plain = _plain(leaves, embedder)
    count = int(np.count_nonzero(plain.any(axis=1)))
    centre = None if mean is None else _read(mean, plain.shape[1])
    if centre is None or count >= 2 * centre.count:
        centre = Centre(mean_of(plain), count)
    whole = centred(plain, centre.vector)
    return Space(whole=whole, meaning=on_grid(unit(whole[:, :-WIDTH])), mean=centre.stored())


def _read(mean: bytes, width: int) -> Centre:
    import numpy as np

    numbers = np.frombuffer(mean, "<f4")
    if len(numbers) != width + 1:
        raise ForeignMeanError(
            "The site's keywords were grouped with another embedder. "
            "Group them again without the stored mean."
        )
    return Centre(numbers[:-1], int(numbers[-1]))


def _plain(leaves: Sequence[Leaf], embedder: Embedder) -> NDArray[np.float32]:
    import numpy as np

    worded = [row for row, leaf in enumerate(leaves) if leaf.text]
    texts = [leaves[row].text for row in worded]
    meanings = embedder.embed(texts)
    plain = np.zeros((len(leaves), meanings.shape[1] + WIDTH), np.float32)
    plain[worded, :-WIDTH] = unit(meanings)
    plain[worded, -WIDTH:] = WORDS_SHARE * unit(spellings(texts))
    return plain
