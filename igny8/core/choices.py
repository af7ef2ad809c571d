"""The database's own lists of choices, brought up to date after each `migrate`.

SQLite's tables are made anew when a field changes. PostgreSQL's are altered, and there Django looks
only at the CHECKs of its own types of fields.
"""

import re
from collections.abc import Iterator

from django.apps import apps
from django.db import connections, models
from django.db.backends.utils import CursorWrapper

from igny8.core.models import OneOfField

_TEXTS = re.compile(r"'([^']*)'::")
_STORED = """
SELECT pg_get_constraintdef(oid) FROM pg_constraint
WHERE conname = %s AND conrelid = %s::regclass
"""


def renew_checks(*, using: str, **_: object) -> None:
    """Each CHECK that does not list its field's choices is replaced."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model, field in _fields():
            table = model._meta.db_table
            if table in tables and _stored(cursor, table, field) != set(field.allowed()):
                _replace(cursor, table, field, str(field.db_check(connection)))


def _fields() -> Iterator[tuple[type[models.Model], OneOfField]]:
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, OneOfField):
                yield model, field


def _stored(cursor: CursorWrapper, table: str, field: OneOfField) -> set[str]:
    cursor.execute(_STORED, [_name(table, field), table])
    return {text for (found,) in cursor.fetchall() for text in _TEXTS.findall(found)}


def _replace(cursor: CursorWrapper, table: str, field: OneOfField, condition: str) -> None:
    name = _name(table, field)
    cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
    cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition})")


def _name(table: str, field: OneOfField) -> str:
    return f"{table}_{field.column}_check"
