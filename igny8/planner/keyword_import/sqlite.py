"""A chunk's rows into SQLite: one prepared statement a table, without model instances."""

from collections.abc import Iterable

from django.db.backends.utils import CursorWrapper

from igny8.planner.keyword_import.columns import KEYWORD, Values
from igny8.planner.keyword_import.statements import (
    INTO_KEYWORDS,
    INTO_METRICS,
    KEEP_FIRST,
    KEYWORD_COMMON,
    KEYWORDS,
    METRIC_COMMON,
    REPLACE,
    places,
)

ADD = f"{INTO_KEYWORDS} VALUES ({places((*KEYWORD_COMMON, *KEYWORD))}) {KEEP_FIRST}"
TELL = (
    f"{INTO_METRICS} VALUES ({places((*METRIC_COMMON, 'dated', 'figures'))},"
    f" (SELECT id FROM {KEYWORDS} WHERE site_id = %s AND normalised = %s)) {REPLACE}"  # noqa: S608 - our own columns
)


def add(cursor: CursorWrapper, common: Values, rows: Iterable[Values]) -> int:
    """How many keywords were not there yet."""
    cursor.executemany(ADD, [(*common, *row) for row in rows])
    return int(cursor.rowcount)


def tell(cursor: CursorWrapper, site: int, common: Values, rows: Iterable[Values]) -> None:
    cursor.executemany(
        TELL, [(*common, dated, figures, site, text) for text, dated, figures in rows]
    )
