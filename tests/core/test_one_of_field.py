from typing import Any

import pytest
from django.db import connection

from igny8.core.choices import renew_checks
from igny8.core.models import OneOfField
from igny8.writer.models import Task
from tests.automation.world import site_with, task_of


def field(*values: str) -> OneOfField:
    made = OneOfField(max_length=20, choices=[(value, value) for value in values])
    made.set_attributes_from_name("status")
    return made


def test_a_new_choice_makes_the_migration_alter_the_check() -> None:
    editor: Any = connection.schema_editor()
    assert editor._field_should_be_altered(field("new"), field("new", "mapped"))


def test_the_check_names_every_choice() -> None:
    assert field("new", "mapped").db_check(connection) == "\"status\" IN ('new', 'mapped')"


@pytest.mark.django_db
@pytest.mark.postgres
def test_after_migrate_each_check_lists_its_fields_choices() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE igny8_tasks DROP CONSTRAINT igny8_tasks_status_check,"
            " ADD CONSTRAINT igny8_tasks_status_check CHECK (status IN ('pending'))"
        )

    renew_checks(using="default")

    assert task_of(site_with()).status == "pending"
    assert Task.objects.update(status="completed") == 1
