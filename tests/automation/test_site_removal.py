from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from igny8.ai.connections import route_for
from igny8.ai.functions import Form
from igny8.ai.models import AICall
from igny8.automation.models import AutomationConfig, AutomationRun, Pace
from igny8.automation.runner import LEFT, advance
from igny8.automation.runs import PlannedRun, config_of, plan_run, start_run
from igny8.automation.schedule import reschedule, start_due_runs
from igny8.automation.site_removal import (
    archive_site,
    bring_back_site,
    models_of_a_site,
    purge_archived_sites,
)
from igny8.automation.upkeep import empty_trash
from igny8.core.clock import ManualClock
from igny8.core.errors import UserError
from igny8.credits.models import CreditEntry
from igny8.sites.models import Site, Trash
from igny8.sites.trash import restore
from igny8.writer.edits import delete_content
from igny8.writer.models import Content
from tests.automation.world import items, until_stage
from tests.factories import make_content, make_image, make_keyword, make_mapped_keyword, make_site

pytestmark = pytest.mark.django_db

MONTH = timedelta(days=30, seconds=1)


def test_nothing_starts_on_an_archived_site() -> None:
    site = make_site()
    make_keyword(site)
    archive_site(site)

    with pytest.raises(UserError, match="is archived; bring it back"):
        start_run(site)


def test_a_site_that_is_archived_while_its_slot_comes_is_not_started(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that starts what is due looks ahead for each site first: that takes a while."""
    site = make_site()
    make_keyword(site)
    AutomationConfig.objects.filter(pk=config_of(site).pk).update(
        schedule="daily", next_run_at=clock.now() - timedelta(minutes=1)
    )

    def archived_then_planned(site: Site) -> PlannedRun:
        archive_site(site)
        return plan_run(site)

    monkeypatch.setattr("igny8.automation.schedule.plan_run", archived_then_planned)

    start_due_runs()

    assert not AutomationRun.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_run_that_starts_while_its_site_is_archived_is_cancelled_with_it() -> None:
    site = make_site()
    archiving = Thread(target=archive_elsewhere, args=(site,))

    def archive_before_the_run_is_stored(execute: Any, sql: str, *arguments: Any) -> Any:
        if sql.startswith('INSERT INTO "igny8_automation_runs"'):
            archiving.start()
            archiving.join(0.5)
        return execute(sql, *arguments)

    with connection.execute_wrapper(archive_before_the_run_is_stored):
        start_run(site)
    archiving.join(20)

    assert AutomationRun.objects.get().status == "cancelled"


def archive_elsewhere(site: Site) -> None:
    archive_site(site)
    connection.close()


def fill(site: Site, media: Path) -> Content:
    """A row of everything, a run, a picture, something in the Trash, a call and its price."""
    content = make_content(site)
    make_image(content, file=picture(media, f"{site.slug}/one.webp"))
    delete_content(make_content(site), by="ann")
    make_mapped_keyword(content.task.idea.cluster, idea=content.task.idea)
    make_keyword(site)
    start_run(site)
    Pace.objects.create(site_id=site.pk, stage=1, model="m", seconds=1, items=1)
    call(site, AICall.State.USED)
    CreditEntry.objects.create(account=site.account, kind="charge", credits=1, site_id=site.pk)
    return content


def picture(media: Path, name: str) -> str:
    path = media / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"webp")
    return name


def call(site: Site, state: AICall.State) -> AICall:
    return AICall.objects.create(
        key=f"write_section/task:{site.pk}/0/{state}",
        attempt=1,
        state=state,
        function="write_section",
        connection=route_for(site.account, Form.TEXT).connection,
        site_id=site.pk,
        site_slug=site.slug,
        deadline_at=site.created_at,
    )


def counts() -> dict[str, int]:
    ours = [m for m in apps.get_models() if m.__module__.startswith("igny8.")]
    return {model.__name__: model._default_manager.count() for model in ours}


def test_an_archived_site_has_no_active_run_and_gets_none(clock: ManualClock) -> None:
    site = make_site()
    make_keyword(site)
    run = start_run(site)
    config = config_of(site)
    config.schedule = AutomationConfig.Schedule.DAILY
    config.save()
    reschedule(config)

    archive_site(site)

    run.refresh_from_db()
    assert run.status == AutomationRun.Status.CANCELLED
    assert site.archived_at == clock.time
    clock.time += timedelta(days=3)
    start_due_runs()
    assert AutomationRun.objects.count() == 1


def test_archiving_twice_does_not_begin_the_30_days_anew(clock: ManualClock) -> None:
    site = make_site()
    archive_site(site)
    first = site.archived_at
    clock.time += timedelta(days=5)

    archive_site(site)

    assert site.archived_at == first


def test_a_site_comes_back_with_its_schedule_and_without_a_run_for_the_past(
    clock: ManualClock,
) -> None:
    site = make_site()
    make_keyword(site)
    config = config_of(site)
    config.schedule = AutomationConfig.Schedule.DAILY
    config.save()
    reschedule(config)
    archive_site(site)
    clock.time += timedelta(days=29)

    bring_back_site(site)
    start_due_runs()

    assert site.archived_at is None
    assert not AutomationRun.objects.exists()
    config.refresh_from_db()
    assert config.next_run_at is not None
    assert config.next_run_at > clock.time


def test_a_site_that_is_about_to_be_purged_does_not_come_back(clock: ManualClock) -> None:
    site = make_site()
    archive_site(site)
    clock.time += MONTH

    with pytest.raises(UserError, match="for over 30 days"):
        bring_back_site(site)


def test_a_purge_leaves_of_a_site_only_the_ledger_and_its_calls(
    clock: ManualClock, media_folder: Path
) -> None:
    stays, goes = make_site(slug="stays"), make_site(slug="goes")
    fill(stays, media_folder)
    before = counts()
    fill(goes, media_folder)
    archive_site(goes)
    clock.time += MONTH

    purge_archived_sites()

    assert counts() == before | {
        "Site": 1,
        "AICall": before["AICall"] + 1,
        "CreditEntry": before["CreditEntry"] + 1,
    }
    assert CreditEntry.objects.filter(site_id=goes.pk).exists()
    assert (media_folder / "stays" / "one.webp").exists()
    assert not (media_folder / "goes").exists()
    connection.check_constraints()


def test_a_site_rests_for_30_days(clock: ManualClock) -> None:
    archive_site(make_site())
    clock.time += timedelta(days=30)
    purge_archived_sites()
    assert Site.objects.count() == 1

    clock.time += timedelta(seconds=1)
    purge_archived_sites()
    assert Site.objects.count() == 0


def test_a_purge_waits_for_the_call_in_flight(clock: ManualClock) -> None:
    site = make_site()
    make_keyword(site)
    archive_site(site)
    sent = call(site, AICall.State.SENT)
    clock.time += MONTH

    purge_archived_sites()
    assert site.keywords.count() == 1

    AICall.objects.filter(pk=sent.pk).update(state=AICall.State.ANSWERED)
    purge_archived_sites()
    assert not Site.objects.exists()


def test_a_purge_waits_for_a_worker_that_still_carries_a_run(clock: ManualClock) -> None:
    site = make_site()
    run = start_run(site)
    archive_site(site)
    AutomationRun.objects.filter(pk=run.pk).update(worker="worker-1")
    clock.time += MONTH

    purge_archived_sites()

    assert Site.objects.exists()


def test_a_run_that_is_there_all_the_same_is_cancelled_before_the_purge(
    clock: ManualClock,
) -> None:
    site = make_site()
    archive_site(site)
    AutomationRun.objects.create(site=site)
    clock.time += MONTH

    purge_archived_sites()

    assert not Site.objects.exists()


@pytest.mark.parametrize("slug", ["", "..", "../elsewhere"])
def test_a_purge_never_leaves_the_media_folder(
    clock: ManualClock, media_folder: Path, slug: str
) -> None:
    other = picture(media_folder, "other/one.webp")
    outside = picture(media_folder.parent / "elsewhere", "two.webp")
    site = make_site()
    Site.objects.update(slug=slug)
    site.refresh_from_db()
    archive_site(site)
    clock.time += MONTH

    purge_archived_sites()

    assert (media_folder / other).exists()
    assert (media_folder.parent / "elsewhere" / outside).exists()


def test_models_come_after_all_that_refer_to_them() -> None:
    ordered = models_of_a_site()
    for place, model in enumerate(ordered):
        targets = [
            field.related_model
            for field in model._meta.concrete_fields
            if isinstance(field, models.ForeignKey)
        ]
        assert not set(targets) & set(ordered[:place])


def test_the_trash_is_emptied_after_30_days_with_its_files(
    clock: ManualClock, media_folder: Path
) -> None:
    content = make_content(make_site())
    make_image(content, file=picture(media_folder, "garden/one.webp"))
    delete_content(content, by="ann")
    clock.time += timedelta(days=30)
    empty_trash()
    assert (media_folder / "garden" / "one.webp").exists()

    clock.time += timedelta(seconds=1)
    empty_trash()

    assert not Trash.objects.exists()
    assert not (media_folder / "garden" / "one.webp").exists()


def test_a_file_that_was_made_anew_outlives_the_trash(
    clock: ManualClock, media_folder: Path
) -> None:
    site = make_site()
    content = make_content(site)
    make_image(content, file=picture(media_folder, "garden/one.webp"))
    delete_content(content, by="ann")
    make_image(make_content(site), file="garden/one.webp")
    clock.time += MONTH

    empty_trash()

    assert (media_folder / "garden" / "one.webp").exists()


def test_an_article_deleted_while_a_run_goes_on_is_skipped_and_comes_back_whole(
    worker: str, clock: ManualClock
) -> None:
    site = make_site()
    content = make_content(site, status=Content.Status.DRAFT)
    make_image(content)
    run = start_run(site, first_stage=6)
    lease = until_stage(run, 6)

    trash = delete_content(content, by="ann")
    while advance(run.pk, lease) != LEFT:
        pass
    restore(trash)

    run.refresh_from_db()
    assert run.status == AutomationRun.Status.COMPLETED
    assert [item.reason for item in items(run, 6)] == ["it was removed meanwhile"]
    content.refresh_from_db()
    assert content.status == Content.Status.DRAFT
    assert content.images.count() == 1
