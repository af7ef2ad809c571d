"""Keywords in, topics and pages out. Pure: no database, no network, nothing else of this product.

texts → leaves (twins together) → vectors (embedded, centred) → units (one article each)
      → topics (joined or opened) → names, intents, similarities
"""

from igny8.clustering.apart import GroupingFailedError, group, group_apart
from igny8.clustering.calibration import Calibration, calibrated, calibration_texts
from igny8.clustering.contract import (
    Embedder,
    Granularity,
    Grouping,
    Intent,
    Member,
    Phrase,
    Placed,
    Topic,
)
from igny8.clustering.embedding import EmbedderMissingError
from igny8.clustering.space import ForeignMeanError

__all__ = [
    "Calibration",
    "Embedder",
    "EmbedderMissingError",
    "ForeignMeanError",
    "Granularity",
    "Grouping",
    "GroupingFailedError",
    "Intent",
    "Member",
    "Phrase",
    "Placed",
    "Topic",
    "calibrated",
    "calibration_texts",
    "group",
    "group_apart",
]
