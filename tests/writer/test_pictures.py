import io
from pathlib import Path

from PIL import Image

from igny8.writer.pictures import store_picture


def encoded(form: str, size: tuple[int, int], **more: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "green").save(buffer, form, **more)
    return buffer.getvalue()


def opened(folder: Path, file: str) -> Image.Image:
    return Image.open(folder / file)


def test_a_large_picture_is_made_smaller_and_says_that_a_model_made_it(media_folder: Path) -> None:
    stored = store_picture(encoded("PNG", (2048, 1152)), "site/one")

    with opened(media_folder, stored.file) as image:
        assert (image.format, image.size) == ("WEBP", (1600, 900))
        assert b"trainedAlgorithmicMedia" in image.info["xmp"]
    assert (stored.width, stored.height) == (1600, 900)


def test_what_a_file_carries_is_dropped(media_folder: Path) -> None:
    stored = store_picture(encoded("WEBP", (640, 360), xmp=b"<secret/>"), "site/two")

    assert b"secret" not in (media_folder / stored.file).read_bytes()


def test_our_own_drawing_is_taken_as_it_is(media_folder: Path) -> None:
    drawn = encoded("WEBP", (640, 360))

    stored = store_picture(drawn, "site/three")

    assert (media_folder / stored.file).read_bytes() == drawn
