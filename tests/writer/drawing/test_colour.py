"""Colours, contrast and palettes."""

from random import Random

import pytest

from igny8.writer.drawing.colour import BLACK, WHITE, Colour, contrast, ramp, readable
from igny8.writer.drawing.palette import (
    APART,
    FAMILIES,
    GROUNDS,
    SMALL_CONTRAST,
    TITLE_CONTRAST,
    Family,
    family_of,
    palette,
)


def test_black_on_white_has_the_highest_contrast() -> None:
    assert contrast(BLACK, WHITE) == pytest.approx(21.0)
    assert contrast(WHITE, BLACK) == contrast(BLACK, WHITE)


def test_a_known_colour_is_shown_as_its_srgb_value() -> None:
    assert Colour(0.62796, 0.25768, 29.234).rgb == pytest.approx((255, 0, 0), abs=1)


def test_a_colour_outside_the_screen_keeps_its_lightness() -> None:
    wild, calm = Colour(0.7, 0.4, 150), Colour(0.7, 0.0, 150)
    assert wild.luminance == pytest.approx(calm.luminance, abs=0.08)


def test_an_ink_is_moved_until_it_is_read() -> None:
    grey = Colour(0.6, 0.02, 90)
    assert contrast(readable(grey, Colour(0.55, 0.02, 90), 4.5), Colour(0.55, 0.02, 90)) >= 4.5


def test_a_ramp_starts_and_ends_with_its_colours() -> None:
    steps = ramp(BLACK, WHITE, 5)
    assert (steps[0].rgb, steps[-1].rgb, len(steps)) == ((0, 0, 0), (255, 255, 255), 5)


def test_the_same_keyword_always_finds_the_same_family() -> None:
    assert family_of("raised bed") is family_of("raised bed")
    assert len({family_of(f"keyword {n}").name for n in range(200)}) == len(FAMILIES)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_every_text_colour_of_every_palette_is_read_on_its_ground(family: Family) -> None:
    for seed in range(8 * len(GROUNDS)):
        colours = palette(family, Random(seed))
        assert contrast(colours.ink, colours.ground) >= TITLE_CONTRAST
        assert contrast(colours.quiet, colours.ground) >= SMALL_CONTRAST
        assert contrast(colours.accent, colours.ground) >= SMALL_CONTRAST


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_every_hue_of_the_drawing_stands_out_from_the_ground(family: Family) -> None:
    for seed in range(8 * len(GROUNDS)):
        colours = palette(family, Random(seed))
        for hue in (colours.sky, colours.air, *colours.hues):
            assert hue.distance(colours.ground) >= APART - 1e-9
