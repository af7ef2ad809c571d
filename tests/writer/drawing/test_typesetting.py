"""Faces, and how texts are broken into lines."""

import pytest

from igny8.writer.drawing.typeface import FONTS, SANS, SERIF, Typeface, cleaned
from igny8.writer.drawing.typesetting import Box, Style, fitted

STYLE = Style(SERIF, (100, 80, 60, 40), leading=1.1, most_lines=4)
BOX = Box(0, 0, 800, 400)


@pytest.mark.parametrize("face", [SERIF, SANS], ids=lambda face: face.file)
@pytest.mark.parametrize(
    "text",
    [
        "Où, für, ąęłść, çğış, őű, ñ ¿qué? 12 € – “so”…",
        "Пошаговый полив: ґ, є, ї, љ, ў",
        "Πώς να φυτέψετε ντομάτες",
    ],
)
def test_the_faces_cover_latin_cyrillic_and_greek(face: Typeface, text: str) -> None:
    assert face.covers(text)


@pytest.mark.parametrize("text", ["水やり", "كيف تزرع", "צמחים", "Tomato 🍅"])
def test_a_character_without_a_glyph_is_noticed(text: str) -> None:
    assert not SERIF.covers(text)


def test_each_font_comes_with_its_licence_and_all_are_small() -> None:
    fonts = list(FONTS.glob("*.ttf"))
    licences = [path.read_text("utf-8") for path in FONTS.glob("LICENSE-*.txt")]
    assert {path.name for path in fonts} == {SERIF.file, SANS.file}
    assert len(licences) == len(fonts)
    assert all("SIL OPEN FONT LICENSE" in licence.upper() for licence in licences)
    assert sum(path.stat().st_size for path in fonts) < 1_500_000


def test_control_and_zero_width_characters_are_dropped() -> None:
    assert cleaned(" Two\u200b\u202e \n\t words\x00 ") == "Two words"
    assert cleaned("e\u0301") == "é"


def test_a_short_title_is_set_large_on_one_line() -> None:
    setting = fitted("Compost", STYLE, BOX)
    assert (setting.lines, setting.size) == (("Compost",), 100)


def test_lines_are_evened_out_instead_of_leaving_one_word_over() -> None:
    setting = fitted("Growing tomatoes in small containers", STYLE, BOX)
    widths = [SERIF.width(line, setting.size) for line in setting.lines]
    assert min(widths) > 0.5 * max(widths)


def test_a_line_breaks_after_a_colon_rather_than_inside_the_phrase() -> None:
    style = Style(SERIF, (60,), leading=1.1, most_lines=4)
    setting = fitted("Seed Starting: What You Really Need", style, BOX)
    assert setting.lines[0] == "Seed Starting:"


def test_all_words_are_set_in_their_order() -> None:
    title = "How deep should a raised bed be for carrots and potatoes?"
    assert " ".join(fitted(title, STYLE, BOX).lines) == title


@pytest.mark.parametrize("text", ["word " * 200, "x" * 300, "Donau" * 30 + " und " + "schiff" * 30])
def test_what_does_not_fit_is_cut_with_an_ellipsis(text: str) -> None:
    setting = fitted(text, STYLE, BOX)
    assert setting.lines[-1].endswith("…")
    assert setting.height <= BOX.height
    assert all(SERIF.width(line, setting.size) <= BOX.width for line in setting.lines)
