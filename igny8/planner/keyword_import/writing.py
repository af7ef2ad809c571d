"""Changes into the database, the same on SQLite and PostgreSQL."""

from collections.abc import Iterable
from typing import Protocol

from django.db import connection
from django.db.backends.utils import CursorWrapper

from igny8.core import clock
from igny8.planner.keyword_import import postgres, sqlite
from igny8.planner.keyword_import.columns import (
    Values,
    keyword_rows,
    metric_rows,
    shown_values,
)
from igny8.planner.keyword_import.deciding import Changes
from igny8.planner.keyword_import.statements import SHOW
from igny8.planner.models import Keyword
from igny8.sites.models import Site


class Tables(Protocol):
    """How one kind of database takes many rows at once."""

    def add(self, cursor: CursorWrapper, common: Values, rows: Iterable[Values]) -> int: ...

    def tell(
        self, cursor: CursorWrapper, site: int, common: Values, rows: Iterable[Values]
    ) -> None: ...


TABLES: dict[str, Tables] = {"sqlite": sqlite, "postgresql": postgres}


def write(site: Site, source: str, changes: Changes) -> int:
    """How many keywords were added: fewer than asked for when somebody else added one meanwhile."""
    tables = TABLES[connection.vendor]
    now = connection.ops.adapt_datetimefield_value(clock.now())
    common = (site.pk, now, now, Keyword.Status.NEW.value, "", "", "")
    with connection.cursor() as cursor:
        added = tables.add(cursor, common, keyword_rows(changes.new, source)) if changes.new else 0
        if changes.told:
            tables.tell(cursor, site.pk, (source, now, now), metric_rows(changes.told))
        cursor.executemany(SHOW, [(*shown_values(each), now, pk) for pk, each in changes.shown])
    return added
