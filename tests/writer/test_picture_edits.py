"""One picture is made again, and earlier ones are brought back."""

from pathlib import Path

import pytest

from igny8.core import clock
from igny8.core.editing import BusyError
from igny8.core.errors import UserError
from igny8.writer.gate import turn_to_review_when_ready
from igny8.writer.models import Content, Image
from igny8.writer.picture_edits import bring_back, earlier_pictures, redraw_image
from tests.factories import make_content, make_image, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(media_folder: Path) -> Image:
    """Made from its first prompt, by a model, with a seed."""
    image = make_image(make_content(make_site()), file="site/first.webp")
    Image.objects.filter(pk=image.pk).update(generated_by="acme:one", seed=7, call_id=41)
    for name in ("first", "second"):
        (media_folder / "site").mkdir(parents=True, exist_ok=True)
        (media_folder / f"site/{name}.webp").write_bytes(name.encode())
    image.refresh_from_db()
    return image


def second_picture_came(image: Image) -> None:
    made = {"status": "generated", "file": "site/second.webp", "call_id": 42, "seed": None}
    Image.objects.filter(pk=image.pk).update(**made)
    image.refresh_from_db()


def test_the_old_picture_stays_and_is_kept_with_where_it_came_from(image: Image) -> None:
    redraw_image(image, prompt="A blue watering can")

    image.refresh_from_db()
    assert (image.status, image.round, image.file) == ("pending", 1, "site/first.webp")
    assert image.prompt == "A blue watering can"
    kept = image.versions.get()
    assert kept.prompt == "A red watering can in front of a hedge"
    assert (kept.file, kept.generated_by, kept.seed, kept.call_id) == (
        "site/first.webp", "acme:one", 7, 41,
    )  # fmt: skip


def test_asked_for_twice_it_is_made_once(image: Image) -> None:
    redraw_image(image)
    redraw_image(image)

    assert (image.round, image.versions.count()) == (1, 1)


def test_another_prompt_is_another_picture_though_the_first_is_still_awaited(image: Image) -> None:
    redraw_image(image)
    redraw_image(image, prompt="A blue watering can")

    assert image.round == 2


def test_an_earlier_picture_comes_back_with_its_prompt(image: Image) -> None:
    redraw_image(image, prompt="A blue watering can")
    second_picture_came(image)
    [first] = earlier_pictures(image)

    bring_back(image, first)

    image.refresh_from_db()
    assert (image.file, image.call_id, image.seed) == ("site/first.webp", 41, 7)
    assert (image.status, image.prompt) == ("generated", "A red watering can in front of a hedge")
    [second] = earlier_pictures(image)
    assert (second.file, second.prompt) == ("site/second.webp", "A blue watering can")


def test_whoever_keeps_the_old_picture_ends_the_wait(image: Image) -> None:
    redraw_image(image)
    Image.objects.filter(pk=image.pk).update(parked_at=clock.now(), parked_reason="No.")
    turn_to_review_when_ready([image.content_id])
    content = Content.objects.get()
    assert content.findings[0]["message"] == "1 of 1 images not made again: No."

    bring_back(image, image.versions.get())

    image.refresh_from_db()
    content.refresh_from_db()
    assert (image.status, image.parked_at, content.findings) == ("generated", None, [])


def test_a_picture_without_its_file_does_not_come_back(image: Image, media_folder: Path) -> None:
    redraw_image(image)
    second_picture_came(image)
    (media_folder / "site/first.webp").unlink()

    with pytest.raises(UserError, match="file of this picture is gone"):
        bring_back(image, earlier_pictures(image)[0])
    image.refresh_from_db()
    assert image.file == "site/second.webp"


def test_what_a_run_works_on_is_not_changed(image: Image) -> None:
    redraw_image(image)
    Image.objects.filter(pk=image.pk).update(held_by="run:3")

    with pytest.raises(BusyError):
        redraw_image(image, prompt="A blue watering can")
    with pytest.raises(BusyError):
        bring_back(image, image.versions.get())


@pytest.mark.parametrize("status", ["draft", "rejected", "scheduled", "published"])
def test_pictures_change_only_under_review_and_once_approved(image: Image, status: str) -> None:
    Content.objects.update(status=status)

    with pytest.raises(UserError, match=f"Its article is {status}"):
        redraw_image(image)


@pytest.mark.parametrize(
    ("prompt", "alt", "said"),
    [(" ", None, "needs a prompt"), (None, "", "needs a prompt"), (None, "x" * 201, "longer")],
)
def test_words_that_cannot_stand_are_refused(
    image: Image, prompt: str | None, alt: str | None, said: str
) -> None:
    with pytest.raises(UserError, match=said):
        redraw_image(image, prompt=prompt, alt=alt)
    assert not image.versions.exists()
