"""A chunk's rows into SQLite: one prepared statement a table, without model instances."""

from django.db.backends.utils import CursorWrapper

from igny8.planner.keyword_import.known import Values
from igny8.planner.keyword_import.statements import (
    INTO_KEYWORDS,
    INTO_METRICS,
    KEEP_FIRST,
    KEYWORD,
    KEYWORDS,
    METRIC,
    OF_KEYWORD,
    REPLACE,
    listed,
    places,
)

ADD = f"{INTO_KEYWORDS} VALUES ({places(KEYWORD)}) {KEEP_FIRST}"
TELL = f"""
    {INTO_METRICS} VALUES ({places(METRIC)},
    (SELECT id FROM {KEYWORDS} WHERE ({listed(OF_KEYWORD)}) = ({places(OF_KEYWORD)}))) {REPLACE}
"""


def add(cursor: CursorWrapper, keywords: list[Values]) -> int:
    """How many were not there yet."""
    cursor.executemany(ADD, keywords)
    return int(cursor.rowcount)


def tell(cursor: CursorWrapper, metrics: list[Values]) -> None:
    cursor.executemany(TELL, metrics)
