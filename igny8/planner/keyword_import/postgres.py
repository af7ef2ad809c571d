"""A chunk's rows into PostgreSQL: COPY into a temporary table, then one INSERT ... SELECT."""

from collections.abc import Iterable, Sequence

from django.db.backends.utils import CursorWrapper

from igny8.planner.keyword_import.columns import KEYWORD, METRIC, Values
from igny8.planner.keyword_import.statements import (
    INTO_KEYWORDS,
    INTO_METRICS,
    KEEP_FIRST,
    KEYWORD_COMMON,
    KEYWORDS,
    METRIC_COMMON,
    METRICS,
    REPLACE,
    listed,
    places,
)

ADD = (
    f"{INTO_KEYWORDS} SELECT {places(KEYWORD_COMMON)}, {listed(KEYWORD)}"
    f" FROM arriving ORDER BY place {KEEP_FIRST}"  # noqa: S608 - our own columns
)
TELL = (
    f"{INTO_METRICS} SELECT {places(METRIC_COMMON)}, dated, figures, {KEYWORDS}.id"
    f" FROM arriving JOIN {KEYWORDS} USING (normalised) WHERE site_id = %s"
    f" ORDER BY place {REPLACE}"  # noqa: S608 - our own columns
)


def add(cursor: CursorWrapper, common: Values, rows: Iterable[Values]) -> int:
    """How many keywords were not there yet."""
    _copy(cursor, KEYWORDS, KEYWORD, rows)
    cursor.execute(ADD, common)
    return int(cursor.rowcount)


def tell(cursor: CursorWrapper, site: int, common: Values, rows: Iterable[Values]) -> None:
    _copy(cursor, f"{METRICS} JOIN {KEYWORDS} ON keyword_id = {KEYWORDS}.id", METRIC, rows)
    cursor.execute(TELL, (*common, site))


def _copy(
    cursor: CursorWrapper, table: str, columns: Sequence[str], rows: Iterable[Values]
) -> None:
    """The rows in a temporary table `arriving` whose columns have the types of `table`."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.arriving")
    cursor.execute(
        f"CREATE TEMPORARY TABLE arriving ON COMMIT DROP AS"
        f" SELECT 0 AS place, {listed(columns)} FROM {table} WITH NO DATA"  # noqa: S608
    )
    with cursor.copy(f"COPY arriving (place, {listed(columns)}) FROM STDIN") as copy:
        for place, row in enumerate(rows):
            copy.write_row((place, *row))
