"""A chunk's rows into PostgreSQL: COPY into a temporary table, then one INSERT ... SELECT."""

from collections.abc import Sequence

from django.db.backends.utils import CursorWrapper

from igny8.planner.keyword_import.known import Values
from igny8.planner.keyword_import.statements import (
    INTO_KEYWORDS,
    INTO_METRICS,
    KEEP_FIRST,
    KEYWORD,
    KEYWORDS,
    METRIC,
    METRICS,
    OF_KEYWORD,
    REPLACE,
    listed,
)

ADD = f"{INTO_KEYWORDS} SELECT {listed(KEYWORD)} FROM arriving ORDER BY place {KEEP_FIRST}"
TELL = f"""
    {INTO_METRICS} SELECT {listed([f"arriving.{name}" for name in METRIC])}, {KEYWORDS}.id
    FROM arriving JOIN {KEYWORDS} USING ({listed(OF_KEYWORD)}) ORDER BY place {REPLACE}
"""
# A table `arriving` whose columns have the types of those they are meant for.
LIKE_KEYWORDS = f"SELECT 0 AS place, {listed(KEYWORD)} FROM {KEYWORDS}"
LIKE_METRICS = f"""
    SELECT 0 AS place, {listed([f"{METRICS}.{name}" for name in METRIC])}, {listed(OF_KEYWORD)}
    FROM {METRICS} JOIN {KEYWORDS} ON keyword_id = {KEYWORDS}.id
"""


def add(cursor: CursorWrapper, keywords: list[Values]) -> int:
    """How many were not there yet."""
    _copy(cursor, LIKE_KEYWORDS, KEYWORD, keywords)
    cursor.execute(ADD)
    return int(cursor.rowcount)


def tell(cursor: CursorWrapper, metrics: list[Values]) -> None:
    _copy(cursor, LIKE_METRICS, (*METRIC, *OF_KEYWORD), metrics)
    cursor.execute(TELL)


def _copy(cursor: CursorWrapper, like: str, columns: Sequence[str], rows: list[Values]) -> None:
    cursor.execute("DROP TABLE IF EXISTS pg_temp.arriving")
    cursor.execute(f"CREATE TEMPORARY TABLE arriving ON COMMIT DROP AS {like} WITH NO DATA")
    with cursor.copy(f"COPY arriving (place, {listed(columns)}) FROM STDIN") as copy:
        for place, row in enumerate(rows):
            copy.write_row((place, *row))
