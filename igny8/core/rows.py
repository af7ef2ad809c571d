"""The few statements that run several times an item, without the cost of building them anew."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection, models


def insert_row(model: type[models.Model], values: Mapping[str, Any]) -> int:
    """One INSERT of a row's columns, defaults filled in; returns its id.

    Ten times cheaper than an instance that is saved; constraints and triggers hold as ever.
    """
    statement, fields = _insert(model)
    prepared = [
        field.get_db_prep_save(
            values[field.attname] if field.attname in values else field.get_default(), connection
        )
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, prepared)
        return int(cursor.fetchone()[0])


def select_rows(statement: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    """The rows of one SELECT as the database gives them."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def as_moment(value: datetime | str | None) -> datetime | None:
    """A stored moment in UTC; SQLite keeps it as text without a zone."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value


@cache
def _insert(model: type[models.Model]) -> tuple[str, list["models.Field[Any, Any]"]]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES ({places}) RETURNING id", fields
