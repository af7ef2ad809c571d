from datetime import UTC, datetime

import pytest

from igny8.ai.connections import route_for
from igny8.ai.functions import Form
from igny8.ai.models import AICall
from igny8.core import clock
from igny8.core.clock import ManualClock
from igny8.core.editing import BusyError
from igny8.core.errors import UserError
from igny8.planner.models import ContentIdea
from igny8.sites.models import Site, Trash
from igny8.sites.trash import restore
from igny8.writer.edits import (
    approve_content,
    delete_content,
    delete_task,
    edit_content,
    send_back,
)
from igny8.writer.models import (
    Content,
    ContentRevision,
    Image,
    ImageVersion,
    Inspection,
    Task,
)
from igny8.writer.stored_inspections import inspection_of
from tests.factories import make_content, make_image, make_site, make_task

pytestmark = pytest.mark.django_db

Status = Content.Status


@pytest.fixture
def site() -> Site:
    return make_site()


@pytest.fixture
def content(site: Site) -> Content:
    return make_content(site, "How to sharpen a hoe")


def hold(row: Content | Image | Task | ContentIdea) -> None:
    type(row).objects.filter(pk=row.pk).update(held_by="run:12")


def versions(content: Content) -> list[tuple[int, str, str, str]]:
    rows = content.revisions.order_by("number")
    return list(rows.values_list("number", "title", "body", "made_by"))


def status_of(content: Content) -> str:
    content.refresh_from_db()
    return str(content.status)


def test_an_edit_is_a_new_version(content: Content, clock: ManualClock) -> None:
    clock.time = datetime(2030, 5, 1, tzinfo=UTC)

    edit_content(content, by="ann", body="Four words are here.")

    assert versions(content)[1:] == [(2, "How to sharpen a hoe", "Four words are here.", "ann")]
    content.refresh_from_db()
    assert content.word_count == 4
    assert content.revisions.get(number=2).made_at == clock.time


def test_what_readers_of_the_text_do_not_see_is_changed_without_a_version(
    content: Content,
) -> None:
    edit_content(content, by="ann", meta_title="Sharp hoes", slug="sharp-hoes", excerpt="Sharp.")

    content.refresh_from_db()
    assert (content.meta_title, content.slug, content.excerpt) == (
        *("Sharp hoes", "sharp-hoes"),
        "Sharp.",
    )
    assert len(versions(content)) == 1


def test_saving_without_a_change_changes_nothing(content: Content) -> None:
    Content.objects.update(status=Status.REJECTED)

    edit_content(content, by="ann", title=content.title, body=content.body)

    assert status_of(content) == Status.REJECTED
    assert len(versions(content)) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Status.DRAFT, Status.DRAFT),
        (Status.REVIEW, Status.REVIEW),
        (Status.REJECTED, Status.REVIEW),
        (Status.APPROVED, Status.APPROVED),
    ],
)
def test_a_rejected_article_is_reviewed_anew_once_it_is_edited(
    site: Site, before: Content.Status, after: Content.Status
) -> None:
    content = make_content(site, status=before)

    edit_content(content, by="ann", title="A better title")

    assert status_of(content) == after


def test_an_edit_goes_on_from_what_is_stored_not_from_what_was_loaded(content: Content) -> None:
    stale = Content.objects.get()
    edit_content(content, by="ann", title="By Ann")

    edit_content(stale, by="ben", body="By Ben.")

    assert [version[1:] for version in versions(content)[1:]] == [
        ("By Ann", "One two three.", "ann"),
        ("By Ann", "By Ben.", "ben"),
    ]


def test_an_edit_takes_the_mark_off_and_forgives_the_bad_answers(
    site: Site, content: Content
) -> None:
    Content.objects.update(parked_at=datetime(2026, 1, 1, tzinfo=UTC), parked_code="bad_answer")
    call = AICall.objects.create(
        key=f"generate_image_prompts/content:{content.pk}/0/plan",
        attempt=1,
        state=AICall.State.REJECTED,
        function="generate_image_prompts",
        connection=route_for(site.account, Form.TEXT).connection,
        object_ref=f"content:{content.pk}",
        site_id=site.pk,
        deadline_at=datetime(2026, 1, 1, tzinfo=UTC),
    )

    edit_content(content, by="ann", body="Better.")

    content.refresh_from_db()
    call.refresh_from_db()
    assert (content.parked_at, content.parked_code, call.forgiven) == (None, "", True)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"title": ""}, "Title: This field cannot be blank"),
        ({"title": "x" * 201}, "Title: Ensure this value has at most 200 characters"),
        ({"slug": "two words"}, "Slug: Enter a valid “slug”"),
        ({"slug": "taken"}, "Another article of this site has the address “taken” already"),
    ],
)
def test_a_value_that_cannot_stand_is_named_and_nothing_is_changed(
    site: Site, content: Content, values: dict[str, str], sentence: str
) -> None:
    other = make_content(site)
    Content.objects.filter(pk=other.pk).update(slug="taken")

    with pytest.raises(UserError, match=sentence):
        edit_content(content, by="ann", body="New.", **values)

    content.refresh_from_db()
    assert content.body == "One two three."


def test_an_article_that_a_run_works_on_is_not_changed(content: Content) -> None:
    hold(content)

    with pytest.raises(BusyError, match=r"^Being written now by run 12; try again in a moment\.$"):
        edit_content(content, by="ann", title="Mine")
    with pytest.raises(BusyError):
        approve_content(content)
    with pytest.raises(BusyError):
        delete_content(content, by="ann")


def test_an_article_in_review_is_approved(content: Content) -> None:
    approve_content(content)

    assert status_of(content) == Status.APPROVED


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REJECTED, Status.PUBLISHED])
def test_only_an_article_in_review_is_approved_or_sent_back(
    site: Site, status: Content.Status
) -> None:
    content = make_content(site, status=status)

    with pytest.raises(UserError, match=f"is {status}; only an article in review can be approved"):
        approve_content(content)
    with pytest.raises(UserError, match=f"is {status}; only an article in review can be sent back"):
        send_back(content, "Shorter, please", by="ben")

    assert status_of(content) == status


def test_an_article_that_is_sent_back_carries_the_note_until_it_is_approved(
    content: Content,
) -> None:
    missing = {"code": "images_missing", "message": "1 of 2 images missing"}
    Content.objects.update(findings=[missing])

    send_back(content, " Shorter, please ", by="ben")
    note = {"code": "sent_back", "message": "Shorter, please", "by": "ben"}
    assert (status_of(content), content.findings) == (Status.REJECTED, [missing, note])

    edit_content(content, by="ann", body="Short.")
    send_back(content, "Still too long", by="ben")
    content.refresh_from_db()
    assert content.findings == [missing, {**note, "message": "Still too long"}]

    edit_content(content, by="ann", body="Ok.")
    approve_content(content)
    assert (status_of(content), content.findings) == (Status.APPROVED, [missing])


def test_sending_back_needs_a_reason(content: Content) -> None:
    with pytest.raises(UserError, match="Say what should become different"):
        send_back(content, "  ", by="ben")


def test_a_deleted_article_goes_to_trash_with_its_images_versions_and_task(
    content: Content,
) -> None:
    image = make_image(content, file="site/hoe-0.webp")
    make_image(content, slot=1)
    Image.objects.filter(pk=image.pk).update(widths=[800])
    image.versions.create(number=1, file="site/hoe-old.webp", prompt="A hoe", kept_at=clock.now())
    inspection_of(content)

    trash = delete_content(content, by="ann")

    for model in (Content, ContentRevision, Image, ImageVersion, Inspection, Task):
        assert not model._default_manager.exists()
    assert (trash.kind, trash.title, trash.removed_by) == ("content", content.title, "ann")
    assert trash.rows["files"] == [
        "site/hoe-0-800w.webp", "site/hoe-0.webp", "site/hoe-old.webp",
    ]  # fmt: skip


def test_the_idea_of_a_deleted_article_waits_for_somebody_to_say_retry(content: Content) -> None:
    delete_content(content, by="ann")

    idea = ContentIdea.objects.get()
    assert (idea.status, idea.parked_code) == (ContentIdea.Status.NEW, "deleted")
    assert idea.parked_reason == "Its article was moved to Trash; Retry writes it again"
    assert not ContentIdea.objects.awaiting_task().free().exists()


def test_a_deleted_article_comes_back_as_it_was(content: Content) -> None:
    image = make_image(content, file="site/hoe-0.webp")
    image.versions.create(number=1, file="site/hoe-old.webp", prompt="A hoe", kept_at=clock.now())
    edit_content(content, by="ann", body="Second version.")
    models = (ContentRevision, ImageVersion, Image, Content, Task)
    before = [list(model._default_manager.order_by("pk").values()) for model in models]

    restore(delete_content(content, by="ann"))

    assert [list(model._default_manager.order_by("pk").values()) for model in models] == before
    idea = ContentIdea.objects.get()
    assert (idea.status, idea.parked_at, idea.parked_code) == ("in_progress", None, "")
    assert not Trash.objects.exists()


def test_an_article_does_not_come_back_once_its_idea_is_planned_again(content: Content) -> None:
    trash = delete_content(content, by="ann")
    make_task(ContentIdea.objects.get())

    with pytest.raises(UserError, match="another task has taken its place"):
        restore(trash)

    assert Trash.objects.exists()
    assert not Content.objects.exists()


@pytest.mark.parametrize("status", [Status.SCHEDULED, Status.PUBLISHED])
def test_an_article_that_readers_may_see_is_not_deleted(site: Site, status: Content.Status) -> None:
    content = make_content(site, status=status)

    with pytest.raises(UserError, match=f"is {status}; take it off"):
        delete_content(content, by="ann")


def test_an_article_is_not_deleted_while_one_of_its_images_is_drawn(content: Content) -> None:
    image = make_image(content)
    hold(image)

    with pytest.raises(BusyError):
        delete_content(content, by="ann")


def test_a_task_goes_to_trash_and_comes_back(site: Site) -> None:
    task = make_task(site)

    trash = delete_task(task, by="ann")
    idea = ContentIdea.objects.get()
    assert (Task.objects.count(), idea.status, idea.parked_code) == (0, "new", "deleted")

    restore(trash)
    idea.refresh_from_db()
    assert (Task.objects.get(), idea.status, idea.parked_code) == (task, "in_progress", "")


def test_a_task_that_is_written_goes_only_with_its_article(content: Content) -> None:
    with pytest.raises(UserError, match="is written already; move its article to Trash"):
        delete_task(content.task, by="ann")


def test_a_task_that_is_being_written_is_not_deleted(site: Site) -> None:
    task = make_task(site)
    hold(task)

    with pytest.raises(BusyError):
        delete_task(task, by="ann")
