"""Curated families of colours, and the palette one picture takes from its family."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from .colour import Colour, readable

TITLE_CONTRAST = 7.0
SMALL_CONTRAST = 4.6
APART = 0.10
AIR_LIGHTNESS = 0.9
AIR_CHROMA = 0.055


@dataclass(frozen=True)
class Family:
    """Five hues that go together, with the paper and the ink they are printed with."""

    name: str
    paper: Colour
    ink: Colour
    hues: tuple[Colour, ...]


@dataclass(frozen=True)
class Palette:
    """The colours of one picture: page and text, then those of the drawing; `air` is a pale sky."""

    ground: Colour
    ink: Colour
    quiet: Colour
    accent: Colour
    sky: Colour
    air: Colour
    hues: tuple[Colour, ...]

    @property
    def vivid(self) -> Colour:
        return max(self.hues, key=lambda hue: hue.chroma)

    @property
    def light_to_dark(self) -> tuple[Colour, ...]:
        return tuple(sorted(self.hues, key=lambda hue: -hue.lightness))

    @property
    def lightest(self) -> Colour:
        return self.light_to_dark[0]

    @property
    def deepest(self) -> Colour:
        return self.light_to_dark[-1]


def _family(name: str, paper: int, ink: int, *hues: tuple[int, int, int]) -> Family:
    """Hues of paper and ink in degrees; of the others lightness and chroma in hundredths."""
    colours = tuple(Colour(light / 100, chroma / 100, hue) for light, chroma, hue in hues)
    return Family(name, Colour(0.965, 0.014, paper), Colour(0.26, 0.035, ink), colours)


FAMILIES = (
    _family(
        "terracotta", 75, 40, (62, 13, 40), (83, 9, 72), (46, 9, 28), (68, 5, 150), (91, 4, 60)
    ),
    _family("sage", 100, 160, (66, 6, 150), (87, 5, 110), (42, 6, 165), (72, 11, 55), (93, 3, 95)),
    _family(
        "fjord", 230, 255, (55, 10, 245), (82, 6, 225), (35, 8, 258), (70, 15, 35), (93, 3, 220)
    ),
    _family("plum", 40, 340, (52, 12, 345), (80, 10, 25), (34, 9, 335), (80, 12, 80), (92, 4, 20)),
    _family("ochre", 90, 70, (76, 13, 82), (56, 8, 110), (48, 11, 38), (50, 7, 200), (92, 5, 92)),
    _family(
        "lagoon", 190, 210, (62, 10, 195), (84, 8, 185), (40, 7, 215), (76, 13, 42), (93, 4, 95)
    ),
    _family(
        "dusk", 300, 285, (50, 12, 285), (76, 8, 300), (33, 10, 280), (80, 12, 60), (91, 5, 35)
    ),
    _family(
        "moss", 115, 130, (60, 11, 128), (84, 12, 118), (37, 6, 140), (58, 7, 60), (93, 5, 110)
    ),
    _family("rose", 20, 10, (68, 12, 12), (86, 6, 15), (40, 11, 15), (56, 5, 250), (94, 3, 40)),
    _family(
        "harbour", 85, 250, (42, 9, 252), (78, 7, 235), (60, 17, 30), (90, 5, 85), (30, 6, 260)
    ),
    _family(
        "citrus", 105, 150, (88, 14, 98), (74, 15, 65), (60, 13, 140), (40, 8, 155), (95, 6, 105)
    ),
    _family(
        "heather", 320, 310, (62, 10, 320), (82, 6, 315), (40, 8, 300), (66, 8, 145), (93, 3, 330)
    ),
    _family("ember", 60, 30, (64, 18, 35), (78, 14, 60), (34, 7, 20), (56, 4, 60), (92, 4, 70)),
    _family(
        "glacier", 210, 230, (80, 7, 205), (62, 8, 225), (40, 5, 235), (86, 8, 55), (94, 2, 200)
    ),
    _family(
        "peacock", 150, 195, (50, 9, 190), (72, 11, 165), (34, 7, 225), (82, 13, 88), (93, 4, 160)
    ),
    _family("apricot", 65, 355, (80, 11, 58), (68, 13, 30), (46, 10, 5), (62, 6, 190), (94, 4, 75)),
)


def _paper(family: Family) -> Colour:
    return family.paper


def _tint(family: Family) -> Colour:
    return max(family.hues, key=lambda hue: hue.lightness).at(0.90)


def _deep(family: Family) -> Colour:
    deepest = min(family.hues, key=lambda hue: hue.lightness)
    return deepest.at(min(deepest.lightness, 0.36))


def _night(family: Family) -> Colour:
    return family.ink.at(0.22)


GROUNDS: tuple[Callable[[Family], Colour], ...] = (_paper, _tint, _deep, _night)


def _apart(hue: Colour, ground: Colour) -> Colour:
    """`hue`, if need be lighter or darker, so that it is seen on `ground`."""
    if hue.distance(ground) >= APART:
        return hue
    return hue.at(ground.lightness + (APART if ground.lightness < 0.5 else -APART))


def _air(sky: Colour, ground: Colour) -> Colour:
    pale = Colour(AIR_LIGHTNESS, min(sky.chroma, AIR_CHROMA), sky.hue)
    return _apart(pale, ground)


def family_of(text: str) -> Family:
    """The same text always finds the same family."""
    return Random(text).choice(FAMILIES)


def palette(family: Family, chance: Random) -> Palette:
    """One printing of the family: page light or dark, hues in an order of its own."""
    ground = chance.choice(GROUNDS)(family)
    dark = ground.lightness < 0.5
    ink = readable(family.paper if dark else family.ink, ground, TITLE_CONTRAST)
    strongest = max(family.hues, key=lambda hue: hue.chroma)
    hues = [_apart(hue, ground) for hue in chance.sample(family.hues, len(family.hues))]
    sky = hues.pop()
    return Palette(
        ground=ground,
        ink=ink,
        quiet=readable(ink.mixed(ground, 0.42), ground, SMALL_CONTRAST),
        accent=readable(strongest, ground, SMALL_CONTRAST),
        sky=sky,
        air=_air(sky, ground),
        hues=tuple(hues),
    )
