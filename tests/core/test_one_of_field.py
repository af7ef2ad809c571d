from typing import Any

from django.db import connection

from igny8.core.models import OneOfField


def field(*values: str) -> OneOfField:
    made = OneOfField(max_length=20, choices=[(value, value) for value in values])
    made.set_attributes_from_name("status")
    return made


def test_a_new_choice_makes_the_migration_alter_the_check() -> None:
    editor: Any = connection.schema_editor()
    assert editor._field_should_be_altered(field("new"), field("new", "mapped"))


def test_the_check_names_every_choice() -> None:
    assert field("new", "mapped").db_check(connection) == "\"status\" IN ('new', 'mapped')"
