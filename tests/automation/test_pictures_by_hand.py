"""Pictures that a person asks for from an article's page."""

from pathlib import Path

import pytest
from django.test import Client

from igny8.accounts.models import Role
from igny8.ai.errors import Bad
from igny8.ai.models import AICall
from igny8.automation.models import AutomationRun
from igny8.core import clock
from igny8.writer.gate import turn_to_review_when_ready
from igny8.writer.models import Content, Image
from tests.automation.world import (
    Watched,
    answered_more_than_once,
    content_of,
    images_of,
    site_with,
    states,
    until_it_rests,
)
from tests.people import client_of, person_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("worker")]
PICTURES = 6


@pytest.fixture
def editor() -> Client:
    return client_of(person_with(Role.EDITOR))


@pytest.fixture
def content(media_folder: Path) -> Content:
    """In review, with two pictures."""
    content = content_of(site_with())
    (media_folder / "garden").mkdir(parents=True)
    for image in images_of(content, 2):
        (media_folder / f"garden/old-{image.slot}.webp").write_bytes(b"old")
        made = {"status": "generated", "file": f"garden/old-{image.slot}.webp"}
        Image.objects.filter(pk=image.pk).update(**made)
    Content.objects.update(status=Content.Status.REVIEW)
    content.refresh_from_db()
    return content


def again(image: Image) -> str:
    return f"/s/{image.site.slug}/images/{image.pk}/make-again"


def page_of(client: Client, content: Content) -> str:
    return client.get(f"/s/{content.site.slug}/content/{content.pk}/").content.decode()


def test_another_picture_is_a_run_of_its_own_and_the_old_one_stays_till_then(
    editor: Client, content: Content, provider: Watched
) -> None:
    image = content.images.get(slot=1)
    answer = editor.post(again(image), {"prompt": "Green tomatoes in the rain"})
    assert answer["Location"].endswith(f"/content/{content.pk}/#pictures")

    run = AutomationRun.objects.get()
    assert (run.kind, run.selection, run.first_stage) == ("selection", [image.pk], PICTURES)
    waiting = page_of(editor, content)
    assert "/media/garden/old-1.webp" in waiting
    assert "this one stays until then" in waiting

    until_it_rests(run)
    image.refresh_from_db()
    assert (image.status, image.prompt) == ("generated", "Green tomatoes in the rain")
    assert image.file != "garden/old-1.webp"
    assert image.versions.get().file == "garden/old-1.webp"
    assert [name for name, _ in provider.asked] == ["generate_images"]
    assert AICall.objects.get().key == f"generate_images/image:{image.pk}/1/picture"
    assert Content.objects.get().status == "review"


def test_an_approved_article_stays_approved(editor: Client, content: Content) -> None:
    Content.objects.update(status=Content.Status.APPROVED)
    editor.post(again(content.images.get(slot=0)))

    until_it_rests(AutomationRun.objects.get())
    assert Content.objects.get().status == "approved"


def test_pressed_twice_it_is_asked_and_paid_for_once(
    editor: Client, content: Content, provider: Watched
) -> None:
    image = content.images.get(slot=0)
    editor.post(again(image))
    editor.post(again(image))

    for run in AutomationRun.objects.order_by("pk"):
        until_it_rests(run)
    assert [states(run, PICTURES) for run in AutomationRun.objects.order_by("pk")] == [
        ["done"],
        ["skipped"],
    ]
    assert (len(provider.asked), answered_more_than_once()) == (1, [])


def test_the_sample_draws_another_picture_each_time(editor: Client, content: Content) -> None:
    image = content.images.get(slot=1)
    seen = {image.file}
    for _ in range(2):
        editor.post(again(image))
        until_it_rests(AutomationRun.objects.order_by("pk").last() or AutomationRun())
        image.refresh_from_db()
        seen.add(image.file)

    assert len(seen) == 3
    assert image.versions.count() == 2


def test_when_it_cannot_be_made_the_old_one_is_kept_and_the_page_says_why(
    editor: Client, content: Content, provider: Watched
) -> None:
    image = content.images.get(slot=0)
    provider.during("generate_images", declined)
    editor.post(again(image))
    until_it_rests(AutomationRun.objects.get())

    text = page_of(editor, content)
    assert "1 of 2 images not made again: The prompt names a person." in text
    assert "/media/garden/old-0.webp" in text
    number = image.versions.get().number
    editor.post(f"/s/garden/images/{image.pk}/earlier", {"number": number})
    image.refresh_from_db()
    assert (image.status, image.parked_at) == ("generated", None)
    assert Content.objects.get().findings == []


def declined() -> None:
    raise Bad("declined", "The prompt names a person.")


def test_missing_pictures_are_made_from_the_page_that_names_them(
    editor: Client, content: Content, provider: Watched
) -> None:
    parked = {"status": "pending", "file": "", "parked_at": clock.now(), "parked_reason": "No."}
    content.images.filter(slot=1).update(**parked)
    turn_to_review_when_ready([content.pk])
    text = page_of(editor, content)
    assert "1 of 2 images missing: No." in text
    assert "Retry 1 image · free" in text

    editor.post(f"/s/garden/content/{content.pk}/make-missing")
    until_it_rests(AutomationRun.objects.get())

    assert set(content.images.values_list("status", flat=True)) == {"generated"}
    assert "images missing" not in page_of(editor, content)


def test_prompts_that_are_missing_are_asked_for_again(
    editor: Client, content: Content, provider: Watched
) -> None:
    content.images.all().delete()
    parked = {"image_plan_at": None, "parked_at": clock.now(), "parked_reason": "No."}
    Content.objects.update(**parked)
    turn_to_review_when_ready([content.pk])

    editor.post(f"/s/garden/content/{content.pk}/make-missing")
    run = until_it_rests(AutomationRun.objects.get())

    assert (run.first_stage, states(run, 5)) == (5, ["done"])


def test_nothing_is_started_when_nothing_is_missing(editor: Client, content: Content) -> None:
    answer = editor.post(f"/s/garden/content/{content.pk}/make-missing", follow=True)

    assert "No picture is missing any more." in answer.content.decode()
    assert not AutomationRun.objects.exists()


def test_only_whoever_may_spend_is_offered_another_picture(content: Content) -> None:
    reviewer, image = client_of(person_with(Role.REVIEWER)), content.images.get(slot=0)

    assert "Make again" not in page_of(reviewer, content)
    assert reviewer.post(again(image)).status_code == 404
    assert reviewer.post(f"/s/garden/content/{content.pk}/make-missing").status_code == 404


def test_a_prompt_that_says_nothing_is_refused_in_the_dialog(
    editor: Client, content: Content
) -> None:
    image = content.images.get(slot=0)
    answer = editor.post(again(image), {"prompt": " ", "alt": "Ripe tomatoes"})

    assert answer.status_code == 422
    assert "A picture needs a prompt" in answer.content.decode()
    assert not AutomationRun.objects.exists()
