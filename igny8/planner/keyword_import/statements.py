"""The SQL that both databases share, made from the tables of the models."""

from collections.abc import Sequence

from igny8.planner.keyword_import.columns import KEYWORD
from igny8.planner.keyword_import.known import SHOWN
from igny8.planner.models import Keyword, KeywordMetric

KEYWORDS = Keyword._meta.db_table
METRICS = KeywordMetric._meta.db_table

# What is the same for all keywords, and all metrics, of a chunk.
KEYWORD_COMMON = (
    "site_id", "created_at", "updated_at", "status", "role", "parked_code", "parked_reason",
)  # fmt: skip
METRIC_COMMON = ("source", "created_at", "updated_at")


def listed(names: Sequence[str], prefix: str = "") -> str:
    return ", ".join(f"{prefix}{name}" for name in names)


def places(names: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(names))


INTO_KEYWORDS = f"INSERT INTO {KEYWORDS} ({listed((*KEYWORD_COMMON, *KEYWORD))})"
INTO_METRICS = (
    f"INSERT INTO {METRICS} ({listed((*METRIC_COMMON, 'dated', 'figures', 'keyword_id'))})"
)
KEEP_FIRST = "ON CONFLICT (site_id, normalised) DO NOTHING"
REPLACE = (
    "ON CONFLICT (keyword_id, source) DO UPDATE SET dated = excluded.dated,"
    " figures = excluded.figures, updated_at = excluded.updated_at"
)
SHOW = (
    f"UPDATE {KEYWORDS} SET ({listed((*SHOWN, 'updated_at'))})"
    f" = ({places((*SHOWN, 'updated_at'))}) WHERE id = %s"  # noqa: S608 - our own columns
)
