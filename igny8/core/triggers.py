"""What constraints cannot say, the database enforces by triggers generated from the models."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper


def same_site_keys() -> Iterator[tuple[type[models.Model], models.ForeignKey[Any, Any]]]:
    """Every foreign key between two models that both belong to a site."""
    for model in apps.get_models():
        if not _has_site(model):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and field.name != "site":
                target = field.related_model
                if isinstance(target, type) and _has_site(target):
                    yield model, field


def append_only_models() -> Iterator[type[models.Model]]:
    """Models whose class says `append_only = True`."""
    return (m for m in apps.get_models() if getattr(m, "append_only", False))


def remove_triggers(*, using: str, **_: object) -> None:
    """Runs before each `migrate`: SQLite makes a changed table anew, and stumbles over a trigger
    of another table that names it. All triggers there are ours."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")


def install_triggers(*, using: str, **_: object) -> None:
    """Creates every trigger anew; runs after each `migrate`."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for statement in trigger_statements(connection, tables):
            cursor.execute(statement)


def trigger_statements(connection: BaseDatabaseWrapper, tables: set[str]) -> Iterator[str]:
    same_site, stays, append_only = (
        (_postgres_same_site, _postgres_stays, _postgres_append_only)
        if connection.vendor == "postgresql"
        else (_sqlite_same_site, _sqlite_stays, _sqlite_append_only)
    )
    for model, key in same_site_keys():
        target = key.related_model
        if isinstance(target, type) and {model._meta.db_table, target._meta.db_table} <= tables:
            names = (model._meta.db_table, key.column, target._meta.db_table)
            yield from same_site(*names)
            yield from stays(*names)
    for model in append_only_models():
        if model._meta.db_table in tables:
            yield from append_only(model._meta.db_table)


def _has_site(model: type[models.Model]) -> bool:
    return any(f.name == "site" and f.is_relation for f in model._meta.get_fields())


def _sqlite_same_site(table: str, column: str, target: str) -> Iterator[str]:
    for event in ("INSERT", f"UPDATE OF {column}, site_id"):
        name = f"{table}_{column}_same_site_{event.split()[0].lower()}"
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN NEW.{column} IS NOT NULL AND "
            f"(SELECT site_id FROM {target} WHERE id = NEW.{column}) <> NEW.site_id "
            f"BEGIN SELECT RAISE(ABORT, '{table}.{column} refers to a row of another site'); END"
        )


def _sqlite_stays(table: str, column: str, target: str) -> Iterator[str]:
    name = f"{table}_{column}_keeps_site"
    yield f"DROP TRIGGER IF EXISTS {name}"
    yield (
        f"CREATE TRIGGER {name} BEFORE UPDATE OF site_id ON {target} WHEN EXISTS "
        f"(SELECT 1 FROM {table} WHERE {column} = NEW.id AND site_id <> NEW.site_id) "
        f"BEGIN SELECT RAISE(ABORT, '{table}.{column} refers to it from its own site'); END"
    )


def _sqlite_append_only(table: str) -> Iterator[str]:
    for event in ("UPDATE", "DELETE"):
        name = f"{table}_append_only_{event.lower()}"
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _postgres_same_site(table: str, column: str, target: str) -> Iterator[str]:
    name = f"{table}_{column}_same_site"
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NEW.{column} IS NOT NULL AND "
        f"(SELECT site_id FROM {target} WHERE id = NEW.{column}) <> NEW.site_id THEN "
        f"RAISE EXCEPTION '{table}.{column} refers to a row of another site' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
    yield (
        f"CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OF {column}, site_id ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def _postgres_stays(table: str, column: str, target: str) -> Iterator[str]:
    name = f"{table}_{column}_keeps_site"
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF EXISTS (SELECT 1 FROM {table} WHERE {column} = NEW.id AND site_id <> NEW.site_id) "
        f"THEN RAISE EXCEPTION '{table}.{column} refers to it from its own site' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    yield f"DROP TRIGGER IF EXISTS {name} ON {target}"
    yield (
        f"CREATE TRIGGER {name} BEFORE UPDATE OF site_id ON {target} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def _postgres_append_only(table: str) -> Iterator[str]:
    name = f"{table}_append_only"
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{table} is append-only' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
    yield (
        f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()"
    )
