"""Rows of every table, read from one database and written into another."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from graphlib import TopologicalSorter
from itertools import islice
from typing import Any
from uuid import UUID

from django.apps.registry import Apps
from django.db import DataError, connections, models

from igny8.core.errors import UserError

ROWS_AT_ONCE = 1000
Model = type[models.Model]
Row = Sequence[Any]


def stored_models(apps: Apps) -> list[Model]:
    """Every model with a table of its own, those first that others refer to."""
    every = apps.get_models(include_auto_created=True)
    kept = [model for model in every if model._meta.managed and not model._meta.proxy]
    graph = {model: _refers_to(model) - {model} for model in kept}
    return [model for model in TopologicalSorter(graph).static_order() if model in graph]


def fields_of(model: Model) -> list["models.Field[Any, Any]"]:
    return [field for field in model._meta.concrete_fields if not field.generated]


def rows_of(model: Model, using: str) -> Iterator[Row]:
    """By id; a few thousand at a time, whatever the table's size."""
    columns = [field.attname for field in fields_of(model)]
    rows = model._base_manager.using(using).order_by("pk")
    return iter(rows.values_list(*columns).iterator(chunk_size=ROWS_AT_ONCE))


def insert_rows(model: Model, rows: Iterable[Row], using: str) -> int:
    """As they are: nothing is computed, every constraint holds; returns how many.

    Raises UserError when the database does not take one, as PostgreSQL an overlong text.
    """
    fields, connection = fields_of(model), connections[using]
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) VALUES ({places})"
    number, remaining = 0, iter(rows)
    with connection.cursor() as cursor:
        while batch := list(islice(remaining, ROWS_AT_ONCE)):
            values = [
                [f.get_db_prep_save(v, connection) for f, v in zip(fields, row, strict=True)]
                for row in batch
            ]
            try:
                cursor.executemany(statement, values)
            except DataError as error:
                raise UserError(
                    f"A row of {model._meta.db_table} does not fit this database, one of ids "
                    f"{batch[0][0]} to {batch[-1][0]}: {str(error).strip()}. "
                    "Shorten it and do this again; nothing was stored."
                ) from error
            number += len(batch)
    return number


def as_line(row: Row) -> bytes:
    return json.dumps(row, ensure_ascii=False, default=_as_text).encode() + b"\n"


def from_line(model: Model, columns: Sequence[str], line: bytes) -> Row:
    """A model as migrations make it may have its columns in another order."""
    values = dict(zip(columns, json.loads(line), strict=True))
    return [field.to_python(values[field.attname]) for field in fields_of(model)]


def highest_id(model: Model, using: str) -> int:
    """The highest id ever given, 0 before the first: also of rows that are gone, whose ids the
    ledger and paid answers still name."""
    if not isinstance(model._meta.pk, models.AutoField):
        return 0
    connection, table = connections[using], model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            return int((cursor.fetchone() or (0,))[0])
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", _key_of(model))
        [sequence] = cursor.fetchone()
        cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")
        return int(cursor.fetchone()[0])


def give_ids_after(model: Model, last: int, using: str) -> None:
    if not isinstance(model._meta.pk, models.AutoField):
        return
    connection, table = connections[using], model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
            return
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, %s), greatest(%s, 1), %s)",
            [*_key_of(model), last, last > 0],
        )


def _key_of(model: Model) -> tuple[str, str]:
    return f'"{model._meta.db_table}"', str(model._meta.pk.column)


def _refers_to(model: Model) -> set[Model]:
    keys = (f for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey))
    return {key.related_model for key in keys if not isinstance(key.related_model, str)}


def _as_text(value: Any) -> str:
    """What JSON has no word for; each field's `to_python` reads it back."""
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in an archive")
