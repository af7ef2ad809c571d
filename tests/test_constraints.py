"""What the database itself refuses, however wrong the code is."""

from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from igny8.accounts.models import owner_account
from igny8.automation.models import AutomationRun
from igny8.core.models import OneOfField
from igny8.credits.models import CreditEntry
from igny8.planner.models import Cluster, ContentIdea, Keyword
from igny8.sites.models import Site

pytestmark = pytest.mark.django_db

OURS = [model for model in apps.get_models() if model.__module__.startswith("igny8.")]
PROMISED = {
    "igny8_sites": {"id", "slug"},
    "igny8_keywords": {"id", "site_id", "keyword", "status", "cluster_id"},
    "igny8_clusters": {"id", "site_id", "name", "status"},
    "igny8_content_ideas": {"id", "site_id", "cluster_id", "status", "taxonomy_id"},
    "igny8_tasks": {"id", "site_id", "idea_id", "status", "taxonomy_id"},
    "igny8_content": {"id", "site_id", "task_id", "status"},
    "igny8_images": {"id", "site_id", "content_id", "status"},
    "igny8_automation_configs": {"id", "site_id"},
    "igny8_automation_runs": {
        *("id", "site_id", "kind", "status", "current_stage"),
        *(f"stage_{number}_result" for number in range(1, 8)),
    },
    "igny8_ai_calls": {"id", "key"},
    "igny8_credit_entries": {"id", "site_id", "credits"},
    "igny8_content_taxonomies": {"id", "site_id"},
}


@pytest.fixture
def site() -> Site:
    return Site.objects.create(account=owner_account(), slug="herbs", name="Herbs")


@pytest.fixture
def other_site() -> Site:
    return Site.objects.create(account=owner_account(), slug="spices", name="Spices")


@pytest.mark.parametrize("table", PROMISED)
def test_tables_have_the_columns_that_queries_rely_on(table: str) -> None:
    with connection.cursor() as cursor:
        columns = {c.name for c in connection.introspection.get_table_description(cursor, table)}
    assert columns >= PROMISED[table]


def test_every_table_of_ours_is_named_after_the_product() -> None:
    assert not [m for m in OURS if not m._meta.db_table.startswith("igny8_")]


def test_every_choice_is_checked_by_the_database() -> None:
    unchecked = [
        f"{model.__name__}.{field.name}"
        for model in OURS
        for field in model._meta.concrete_fields
        if field.choices and not is_checked(model._meta.db_table, str(field.column))
    ]
    assert not unchecked


def test_every_status_is_a_choice() -> None:
    words = {"status", "state", "kind", "level"}
    free = [
        f"{model.__name__}.{field.name}"
        for model in OURS
        for field in model._meta.concrete_fields
        if field.name in words and not isinstance(field, OneOfField)
    ]
    assert free == ["Trash.kind"]  # names a model, of any app


def test_a_cluster_is_never_active(site: Site) -> None:
    refused(lambda: Cluster.objects.create(site=site, name="A", name_folded="a", status="active"))


def test_every_key_between_rows_of_a_site_has_its_trigger() -> None:
    missing = [
        f"{table}.{column}"
        for table, column in keys_within_a_site()
        if not any(name.startswith(f"{table}_{column}_same_site") for name in triggers())
        or f"{table}_{column}_keeps_site" not in triggers()
    ]
    assert not missing


def test_a_keyword_cannot_join_a_cluster_of_another_site(site: Site, other_site: Site) -> None:
    theirs = Cluster.objects.create(site=other_site, name="Basil", name_folded="basil")
    keyword = {"keyword": "basil", "normalised": "basil", "status": "mapped", "page": 1}
    refused(lambda: Keyword.objects.create(site=site, cluster=theirs, **keyword))
    ours = Keyword.objects.create(site=site, keyword="basil", normalised="basil")
    mapped = {"status": "mapped", "cluster": theirs, "page": 1}
    refused(lambda: Keyword.objects.filter(pk=ours.pk).update(**mapped))


def test_an_idea_cannot_leave_the_site_of_its_cluster(site: Site, other_site: Site) -> None:
    cluster = Cluster.objects.create(site=site, name="Basil", name_folded="basil")
    idea = ContentIdea.objects.create(site=site, cluster=cluster, page=1, title="Basil")
    refused(lambda: ContentIdea.objects.filter(pk=idea.pk).update(site=other_site))


def test_a_cluster_cannot_leave_the_site_of_its_rows(site: Site, other_site: Site) -> None:
    cluster = Cluster.objects.create(site=site, name="Basil", name_folded="basil")
    alone = Cluster.objects.create(site=site, name="Chives", name_folded="chives")
    ContentIdea.objects.create(site=site, cluster=cluster, page=1, title="Basil")
    refused(lambda: Cluster.objects.filter(pk=cluster.pk).update(site=other_site))
    assert Cluster.objects.filter(pk=alone.pk).update(site=other_site)


def test_the_ledger_cannot_be_changed_or_shortened() -> None:
    entry = CreditEntry.objects.create(account=owner_account(), kind="grant", credits=5)
    ledger = CreditEntry.objects.filter(pk=entry.pk)
    refused(lambda: ledger.update(credits=50))
    refused(ledger.delete)


def test_a_site_has_one_active_pipeline_run(site: Site) -> None:
    AutomationRun.objects.create(site=site, status="paused")
    refused(lambda: AutomationRun.objects.create(site=site))
    AutomationRun.objects.create(site=site, kind="selection")
    AutomationRun.objects.create(site=site, status="cancelled")


def test_a_mapped_keyword_has_a_cluster_and_a_new_one_has_none(site: Site) -> None:
    cluster = Cluster.objects.create(site=site, name="Basil", name_folded="basil")
    words = {"site": site, "keyword": "basil", "normalised": "basil"}
    refused(lambda: Keyword.objects.create(**words, status="mapped"))
    refused(lambda: Keyword.objects.create(**words, cluster=cluster, page=1))


def refused(write: Callable[[], object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        write()


def is_checked(table: str, column: str) -> bool:
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, table).values()
    return any(found["check"] and list(found["columns"]) == [column] for found in constraints)


def keys_within_a_site() -> Iterator[tuple[str, str]]:
    for model in OURS:
        for field in model._meta.concrete_fields:
            target = field.related_model
            if isinstance(target, type) and has_site(model) and has_site(target):
                yield model._meta.db_table, str(field.column)


def has_site(model: type[models.Model]) -> bool:
    return any(f.name == "site" and f.is_relation for f in model._meta.concrete_fields)


def triggers() -> set[str]:
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {str(name) for (name,) in cursor.fetchall()}
