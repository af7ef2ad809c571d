"""The SQL that both databases share, made from the tables of the models."""

from collections.abc import Sequence

from igny8.planner.keyword_import.figures import PRICE, VOLUME
from igny8.planner.models import Keyword, KeywordMetric

KEYWORDS = Keyword._meta.db_table
METRICS = KeywordMetric._meta.db_table

SHOWN = (*VOLUME, "difficulty", *PRICE, "country", "intents")
KEYWORD = (
    "site_id", "created_at", "updated_at", "status", "role", "parked_code", "parked_reason",
    "keyword", "normalised", *SHOWN,
)  # fmt: skip
METRIC = ("source", "created_at", "updated_at", "dated", "figures")
OF_KEYWORD = ("site_id", "normalised")


def listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def places(values: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(values))


STORED = f"""
    SELECT normalised, {KEYWORDS}.id, {METRICS}.source, dated, figures,
    {listed([f"{KEYWORDS}.{name}" for name in SHOWN])}
    FROM {KEYWORDS} LEFT JOIN {METRICS} ON keyword_id = {KEYWORDS}.id
    WHERE site_id = %s AND normalised IN ({{texts}})
"""
INTO_KEYWORDS = f"INSERT INTO {KEYWORDS} ({listed(KEYWORD)})"
INTO_METRICS = f"INSERT INTO {METRICS} ({listed(METRIC)}, keyword_id)"
KEEP_FIRST = "ON CONFLICT (site_id, normalised) DO NOTHING"
REPLACE = """
    ON CONFLICT (keyword_id, source) DO UPDATE
    SET dated = excluded.dated, figures = excluded.figures, updated_at = excluded.updated_at
"""
SHOW = f"""
    UPDATE {KEYWORDS} SET ({listed(SHOWN)}, updated_at) = ({places(SHOWN)}, %s) WHERE id = %s
"""
