"""Which words a text has, as a vector.

What a text means and which words it has are two witnesses: meaning alone takes `types of mint`
for `types of thyme`, words alone miss that potting mix is soil. Together they group short texts
better than either.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from hashlib import blake2b
from itertools import chain
from typing import TYPE_CHECKING

from igny8.clustering.function_words import FUNCTION_WORDS
from igny8.clustering.vectors import summed_rows
from igny8.clustering.wording import letter_pairs, stem, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDTH = 128
FUNCTION_WORD_WEIGHT = 0.7


def spellings(texts: Sequence[str]) -> NDArray[np.float32]:
    """Per text the sum of its words' vectors, (n, 128); those of any two words hardly overlap."""
    parts = [_parts(text) for text in texts]
    row = {part: at for at, part in enumerate(dict.fromkeys(chain.from_iterable(parts)))}
    return summed_rows(_vectors(row), [[row[part] for part in some] for some in parts])


def _parts(text: str) -> list[tuple[str, float]]:
    """Stems, or pairs of letters where a script has no spaces, each with its weight."""
    return [
        (part, FUNCTION_WORD_WEIGHT if word in FUNCTION_WORDS else 1.0)
        for word in words(text)
        for part in letter_pairs(word) or [stem(word)]
    ]


def _vectors(parts: Collection[tuple[str, float]]) -> NDArray[np.float32]:
    """Signs taken from a hash, so that no vocabulary has to be kept."""
    import numpy as np

    digests = b"".join(blake2b(name.encode(), digest_size=WIDTH // 8).digest() for name, _ in parts)
    bits = np.unpackbits(np.frombuffer(digests, np.uint8)).reshape(-1, WIDTH)
    weights = np.array([weight for _, weight in parts], np.float32)
    return (2 * bits.astype(np.float32) - 1) * weights[:, np.newaxis]
