from pathlib import Path

import pytest

from igny8.core import clock
from igny8.writer.models import Image
from igny8.writer.unused_pictures import remove_unused_pictures
from tests.factories import make_content, make_image, make_site

pytestmark = pytest.mark.django_db


def picture(media: Path, name: str) -> Path:
    path = media / "garden" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"webp")
    return path


def test_files_that_no_image_names_are_deleted(media_folder: Path) -> None:
    used, unused = picture(media_folder, "used.webp"), picture(media_folder, "unused.webp")
    make_image(make_content(make_site()), file="garden/used.webp")

    count = remove_unused_pictures(["garden/used.webp", "garden/unused.webp", "garden/gone.webp"])

    assert (count, used.exists(), unused.exists()) == (1, True, False)


def test_smaller_files_and_earlier_pictures_are_in_use(media_folder: Path) -> None:
    files = ("now.webp", "now-800w.webp", "before.webp", "before-800w.webp", "other-800w.webp")
    there = [picture(media_folder, name) for name in files]
    image = make_image(make_content(make_site()), file="garden/now.webp")
    Image.objects.filter(pk=image.pk).update(widths=[800])
    image.versions.create(
        number=1, file="garden/before.webp", widths=[800], prompt="A can", kept_at=clock.now()
    )

    assert remove_unused_pictures([f"garden/{name}" for name in files]) == 1
    assert [path.exists() for path in there] == [True, True, True, True, False]
