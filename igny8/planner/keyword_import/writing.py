"""Rows into the database, the same on SQLite and PostgreSQL."""

from typing import Protocol

from django.db import connection
from django.db.backends.utils import CursorWrapper

from igny8.planner.keyword_import import postgres, sqlite
from igny8.planner.keyword_import.columns import Rows
from igny8.planner.keyword_import.known import Values
from igny8.planner.keyword_import.statements import SHOW


class Tables(Protocol):
    """How one kind of database takes many rows at once."""

    def add(self, cursor: CursorWrapper, keywords: list[Values]) -> int: ...

    def tell(self, cursor: CursorWrapper, metrics: list[Values]) -> None: ...


TABLES: dict[str, Tables] = {"sqlite": sqlite, "postgresql": postgres}


def write(rows: Rows) -> bool:
    """False, to be rolled back, when somebody added one of the keywords meanwhile."""
    tables = TABLES[connection.vendor]
    with connection.cursor() as cursor:
        if rows.keywords and tables.add(cursor, rows.keywords) < len(rows.keywords):
            return False
        if rows.metrics:
            tables.tell(cursor, rows.metrics)
        if rows.shown:
            cursor.executemany(SHOW, rows.shown)
    return True
