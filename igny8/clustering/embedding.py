"""The embedder that needs no network and no key: wordllama's static vectors.

Only the two files of the wordllama package are read. Importing it would pull in an HTTP client,
set up logging for the whole process and look for its tokenizer on a model hub.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from igny8.clustering.vectors import summed_rows, unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

_WEIGHTS = Path("weights") / "l2_supercat_256.safetensors"
_TOKENIZER = Path("tokenizers") / "l2_supercat_tokenizer_config.json"
_TENSOR = "embedding.weight"
_BATCH = 2048


class EmbedderMissingError(Exception):
    """The vectors that come with the wordllama package are not there."""


class PackagedEmbedder:
    """256 numbers a text, the direction of the sum over its tokens."""

    id = "wordllama/l2_supercat_256"
    threshold = 0.50

    def __init__(self) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Tokenizer = Tokenizer.from_file(str(_packaged(_TOKENIZER)))
        self._weights = _mapped(_packaged(_WEIGHTS))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        vectors = np.empty((len(texts), self._weights.shape[1]), np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = list(texts[start : start + _BATCH])
            encodings = self._tokenizer.encode_batch_fast(batch, add_special_tokens=False)
            tokens = [encoding.ids for encoding in encodings]
            vectors[start : start + _BATCH] = unit(summed_rows(self._weights, tokens))
        return vectors


@cache
def packaged_embedder() -> PackagedEmbedder:
    return PackagedEmbedder()


def _packaged(name: Path) -> Path:
    spec = find_spec("wordllama")
    folders = spec.submodule_search_locations if spec else None
    path = Path(folders[0]) / name if folders else name
    if not path.is_file():
        raise EmbedderMissingError(
            f"The word vectors {name.name} are missing. Reinstall the package wordllama."
        )
    return path


def _mapped(path: Path) -> NDArray[np.float16]:
    """The matrix of a safetensors file, read from disk only where it is used."""
    import numpy as np

    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        tensor = json.loads(file.read(size))[_TENSOR]
    offset = 8 + size + tensor["data_offsets"][0]
    return np.memmap(path, dtype="<f2", mode="r", offset=offset, shape=tuple(tensor["shape"]))
