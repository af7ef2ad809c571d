"""Where texts and drawings stand, before anything is drawn."""

from random import Random

import pytest

from igny8.writer.drawing.composition import (
    LABEL,
    Card,
    Composition,
    Text,
    plate,
    title_card,
    titled,
)
from igny8.writer.drawing.palette import FAMILIES, palette
from igny8.writer.drawing.plans import PLATE_PLANS, TITLE_PLANS, Opening, Plan, Shape
from igny8.writer.drawing.typeface import SERIF
from igny8.writer.drawing.typesetting import Box

COLOURS = palette(FAMILIES[0], Random(1))
SIZES = [(1600, 900), (1200, 675), (1200, 1200), (900, 1200), (2400, 800), (320, 320)]
TITLES = [
    "Compost",
    "When to Plant Garlic",
    "What Is Powdery Mildew and How Do You Get Rid of It?",
    "How Deep Should a Raised Garden Bed Be for Carrots, Potatoes and Other Deep-Rooted Vegetables "
    "That You Grow at Home?",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen",
    "W" * 300,
    "word " * 300,
]


def card(size: tuple[int, int], title: str, text: str = "raised beds") -> Card:
    return Card("seed", "family", "series", 0, title, text, text, *size)


def drawn_box(text: Text) -> Box:
    """The box of the pixels that the font really covers."""
    left, top, right, bottom = text.face.font(text.size).getbbox(text.text, anchor="ls")
    right += text.tracking * len(text.text)
    return Box(text.x + left, text.y + top, text.x + right, text.y + bottom)


def touch(one: Box, other: Box) -> bool:
    return (
        one.left < other.right
        and other.left < one.right
        and one.top < other.bottom
        and other.top < one.bottom
    )


def covers(opening: Opening, box: Box) -> bool:
    """Whether a part of `box` lies in the opening; an arch is taken for its whole box."""
    if opening.shape is not Shape.DISC:
        return touch(opening.box, box)
    round_box = opening.box
    x, y = (round_box.left + round_box.right) / 2, (round_box.top + round_box.bottom) / 2
    near_x = min(max(x, box.left), box.right)
    near_y = min(max(y, box.top), box.bottom)
    return (near_x - x) ** 2 + (near_y - y) ** 2 < (round_box.height / 2) ** 2


def assert_sound(composition: Composition, size: tuple[int, int]) -> None:
    """Every text is inside the margins, and on no other text."""
    width, height = size
    margin = 0.012 * min(size)
    safe = Box(margin, margin, width - margin, height - margin)
    boxes = [drawn_box(text) for text in composition.texts]
    assert all(safe.holds(box) for box in boxes)
    assert not any(touch(one, two) for n, one in enumerate(boxes) for two in boxes[n + 1 :])


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("plan", TITLE_PLANS)
def test_no_title_leaves_its_column(plan: Plan, size: tuple[int, int]) -> None:
    for title in TITLES:
        composition = title_card(card(size, title), COLOURS, plan)
        column = plan.placed(*size).text
        titles = [text for text in composition.texts if text.face is SERIF]
        assert_sound(composition, size)
        assert titles
        assert all(column.left - 8 <= drawn_box(text).left for text in titles)
        assert all(drawn_box(text).right <= column.right for text in titles)


@pytest.mark.parametrize("size", SIZES[:3], ids=str)
@pytest.mark.parametrize("plan", TITLE_PLANS)
def test_no_text_stands_on_the_drawing(plan: Plan, size: tuple[int, int]) -> None:
    for title in TITLES:
        composition = title_card(card(size, title, "keyword " * 40), COLOURS, plan)
        placed = plan.placed(*size)
        for text in composition.texts:
            if placed.paper:
                assert placed.paper.holds(drawn_box(text))
            else:
                assert not any(covers(opening, text.box) for opening in composition.openings)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("plan", PLATE_PLANS)
def test_a_caption_of_any_length_stays_below_the_drawing(plan: Plan, size: tuple[int, int]) -> None:
    for caption in ("Step by step", "Why the soil matters more than the pot " * 12, "x" * 400):
        composition = plate(card(size, "", caption), COLOURS, plan)
        assert_sound(composition, size)
        assert len(composition.texts) >= 2


@pytest.mark.parametrize("plan", TITLE_PLANS)
def test_every_title_card_says_that_it_is_a_sample(plan: Plan) -> None:
    assert title_card(card((1600, 900), "Mulch"), COLOURS, plan).texts[-1].text == LABEL


@pytest.mark.parametrize("plan", PLATE_PLANS)
def test_every_plate_says_that_it_is_a_sample_even_without_a_caption(plan: Plan) -> None:
    texts = plate(card((1600, 900), "", ""), COLOURS, plan).texts
    assert [text.text for text in texts] == [LABEL]


def test_a_caption_that_the_face_cannot_write_is_left_out() -> None:
    texts = plate(card((1600, 900), "", "水やりの基本"), COLOURS, PLATE_PLANS[0]).texts
    assert [text.text for text in texts] == [LABEL]


@pytest.mark.parametrize("title", ["", " \u200b\n", "水やり", "كيف تزرع", "Tomato 🍅"])
def test_a_title_that_cannot_be_written_is_known_as_such(title: str) -> None:
    assert not titled(card((1600, 900), title))


def test_a_keyword_stands_over_the_title_in_capitals() -> None:
    first, second, *_ = title_card(card((1600, 900), "Mulch"), COLOURS, TITLE_PLANS[0]).texts
    assert (first.text, second.text) == ("RAISED BEDS", "Mulch")
    assert first.y < second.y
