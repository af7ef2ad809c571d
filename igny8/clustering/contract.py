"""What a caller hands in and gets back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


class Granularity(StrEnum):
    BROAD = "broad"
    BALANCED = "balanced"
    FINE = "fine"


class Intent(StrEnum):
    INFORMATIONAL = "informational"
    COMMERCIAL = "commercial"
    TRANSACTIONAL = "transactional"
    NAVIGATIONAL = "navigational"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A keyword to be placed."""

    id: int
    text: str
    volume: int | None = None
    intents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A keyword that already has its cluster and page; it never moves."""

    id: int
    text: str
    cluster: int
    page: int
    volume: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """`page` counts from 1 inside the topic; `similarity` is the cosine to the topic's head."""

    id: int
    page: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Topic:
    """New keywords that belong together; `cluster` is the existing one they join, None if new.

    A joined cluster keeps the name it has: `name` is then only what a new one would be called.
    `head` may be a keyword that was placed before. `provisional` says no volume chose the name.
    """

    cluster: int | None
    name: str
    provisional: bool
    head: int | None
    intent: Intent
    confidence: float
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """`mean` is what all keywords were centred on, float32 little-endian, to be handed back."""

    topics: tuple[Topic, ...]
    embedder: str
    mean: bytes


class Embedder(Protocol):
    """Texts to vectors of one length. `threshold` is the similarity at which topics are cut."""

    @property
    def id(self) -> str: ...

    @property
    def threshold(self) -> float: ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]: ...
