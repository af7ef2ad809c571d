import io
import zlib
from pathlib import Path

import pytest
from PIL import Image

from igny8.ai.errors import Bad
from igny8.writer.pictures import (
    file_of_width,
    srcset,
    store_drawing,
    store_picture,
    why_no_picture,
)


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

    stored = store_drawing(drawn, "site/three")

    assert (media_folder / stored.file).read_bytes() == drawn


def test_a_models_picture_in_our_own_format_says_that_a_model_made_it(media_folder: Path) -> None:
    hidden = b"<script>whatever follows a picture</script>"

    stored = store_picture(encoded("WEBP", (640, 360)) + hidden, "site/own")

    with opened(media_folder, stored.file) as image:
        assert b"trainedAlgorithmicMedia" in image.info["xmp"]
    assert hidden not in (media_folder / stored.file).read_bytes()


@pytest.mark.parametrize("form", ["WEBP", "GIF"])
def test_a_moving_picture_stands_still(media_folder: Path, form: str) -> None:
    frames = [Image.new("RGB", (64, 36), colour) for colour in ("red", "green", "blue")]
    buffer = io.BytesIO()
    frames[0].save(buffer, form, save_all=True, append_images=frames[1:])

    stored = store_picture(buffer.getvalue(), "site/moving")

    with opened(media_folder, stored.file) as image:
        assert getattr(image, "n_frames", 1) == 1


def test_what_can_be_seen_through_is_white(media_folder: Path) -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (64, 36), (0, 0, 0, 0)).save(buffer, "PNG")

    stored = store_picture(buffer.getvalue(), "site/glass")

    with opened(media_folder, stored.file) as image:
        assert image.convert("L").getpixel((9, 9)) == 255


def broken_files() -> list[bytes]:
    whole = encoded("PNG", (64, 36))
    return [
        b"",
        b"<html>",
        whole[: len(whole) // 2],
        whole[:40] + b"\x00" * 8 + whole[48:],
        encoded("JPEG", (64, 36))[:200],
        encoded("WEBP", (64, 36))[:30],
        encoded("GIF", (64, 36))[:20],
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
        encoded("TIFF", (64, 36)),
        encoded("PDF", (64, 36)),
    ]


@pytest.mark.parametrize("raw", broken_files())
def test_what_is_no_picture_says_so_in_one_sentence(media_folder: Path, raw: bytes) -> None:
    with pytest.raises(Bad, match=r"^The answer is no image\.$"):
        store_picture(raw, "site/broken")
    assert why_no_picture(raw) == "The answer is no image."


def test_smaller_files_stand_beside_it_and_say_the_same(media_folder: Path) -> None:
    stored = store_picture(encoded("PNG", (2048, 1152)), "site/four")

    assert stored.widths == [1200, 800]
    for width, height in ((1200, 675), (800, 450)):
        with opened(media_folder, file_of_width(stored.file, width)) as image:
            assert (image.format, image.size) == ("WEBP", (width, height))
            assert b"trainedAlgorithmicMedia" in image.info["xmp"]


def test_a_small_picture_has_no_smaller_ones(media_folder: Path) -> None:
    stored = store_picture(encoded("PNG", (800, 450)), "site/five")

    assert (stored.width, stored.widths) == (800, [])
    assert len(list((media_folder / "site").iterdir())) == 1


def test_the_same_picture_is_the_same_files(media_folder: Path) -> None:
    raw = encoded("PNG", (1600, 900))
    first = store_picture(raw, "site/six")
    files = {path: path.stat().st_mtime_ns for path in (media_folder / "site").iterdir()}

    assert store_picture(raw, "site/six") == first
    assert {p: p.stat().st_mtime_ns for p in (media_folder / "site").iterdir()} == files


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_unpacked(
    media_folder: Path,
) -> None:
    header = b"\x00\x00\xea\x60\x00\x00\xea\x60\x08\x02\x00\x00\x00"
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")

    with pytest.raises(Bad, match=r"no image|too many pixels"):
        store_picture(png, "site/bomb")


def chunk(name: bytes, content: bytes) -> bytes:
    whole = name + content
    return len(content).to_bytes(4, "big") + whole + zlib.crc32(whole).to_bytes(4, "big")


def test_browsers_are_offered_every_width() -> None:
    assert srcset("/media/a.webp", 1600, [1200, 800]) == (
        "/media/a-800w.webp 800w, /media/a-1200w.webp 1200w, /media/a.webp 1600w"
    )
    assert srcset("/media/a.webp", 640, []) == ""
