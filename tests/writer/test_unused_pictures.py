from pathlib import Path

import pytest

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
