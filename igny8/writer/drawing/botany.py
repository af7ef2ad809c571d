"""Motifs of stems, leaves and flowers."""

import math
from random import Random

from .canvas import Canvas, Point, away, beside, curve
from .colour import Colour
from .palette import Palette


def sprigs(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """A few tall stems with paired leaves."""
    canvas.wash(palette.sky, palette.sky.mixed(palette.air, 0.35))
    canvas.disc(
        canvas.width * chance.uniform(0.3, 0.7),
        canvas.height * chance.uniform(0.35, 0.6),
        canvas.unit * chance.uniform(20, 26),
        palette.lightest if palette.sky.lightness < 0.85 else palette.hues[0],
    )
    count = max(2, round(canvas.width / canvas.unit / 32))
    for i in range(count):
        x = canvas.width * (i + 0.5 + chance.uniform(-0.15, 0.15)) / count
        tip = (x + canvas.unit * chance.uniform(-14, 14), canvas.height * chance.uniform(0.08, 0.2))
        _sprig(canvas, (x, canvas.height + canvas.unit * 2), tip, _leafy(palette, i + 1))


def leaves(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Large leaves laid over one another."""
    canvas.wash(palette.deepest.mixed(palette.sky, 0.2), palette.deepest)
    columns = max(3, round(canvas.width / canvas.unit / 19))
    rows = max(3, round(canvas.height / canvas.unit / 19))
    lean = chance.uniform(-70, -20)
    cells = [(column, row) for row in range(rows + 1) for column in range(columns + 1)]
    chance.shuffle(cells)
    for n, (column, row) in enumerate(cells):
        x = canvas.width * (column + chance.uniform(-0.25, 0.25)) / columns
        y = canvas.height * (row + chance.uniform(-0.25, 0.25)) / rows
        tip = away((x, y), lean + chance.uniform(-35, 35), canvas.unit * chance.uniform(20, 30))
        _leaf(canvas, (x, y), tip, _leafy(palette, n))


def blossoms(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Round flowers seen from above."""
    canvas.wash(palette.sky.mixed(palette.deepest, 0.1), palette.sky)
    columns = max(2, round(canvas.width / canvas.unit / 27))
    rows = max(2, round(canvas.height / canvas.unit / 25))
    hues = [hue for hue in palette.hues if abs(hue.lightness - palette.sky.lightness) > 0.08]
    petals = chance.choice((6, 8, 10, 12))
    for n in range((columns + 1) * (rows + 1)):
        column, row = n % (columns + 1), n // (columns + 1)
        x = canvas.width * (column + (0.5 if row % 2 else 0) + chance.uniform(-0.1, 0.1)) / columns
        y = canvas.height * (row + 0.15 + chance.uniform(-0.1, 0.1)) / rows
        size = canvas.unit * chance.uniform(8.5, 13)
        _flower(canvas, (x, y), size, petals, (hues[n % len(hues)], hues[(n + 1) % len(hues)]))


def meadow(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Thin stalks with seed heads before a pale sky."""
    canvas.wash(palette.lightest, palette.air.at(palette.air.lightness - 0.1))
    canvas.disc(
        canvas.width * chance.uniform(0.25, 0.75),
        canvas.height * 0.42,
        canvas.unit * chance.uniform(14, 19),
        palette.vivid.mixed(palette.air, 0.3),
    )
    count = round(canvas.width / canvas.unit / 4.2)
    order = chance.sample(range(count), count)
    for n in order:
        x = canvas.width * (n + chance.uniform(0.1, 0.9)) / count
        _stalk(canvas, chance, x, palette.hues[n % len(palette.hues)].mixed(palette.deepest, 0.3))


def fronds(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Fans of narrow leaves that grow from the corners."""
    canvas.wash(palette.air, palette.air.at(palette.air.lightness - 0.1))
    corners = [(0.0, 1.0, -45.0), (1.0, 1.0, -135.0), (1.0, 0.0, 135.0), (0.0, 0.0, 45.0)]
    chance.shuffle(corners)
    reach = min(canvas.width, canvas.height) * 0.72
    for n, (x, y, degrees) in enumerate(corners[:3]):
        start = (canvas.width * x, canvas.height * y)
        for i in range(9):
            tip = away(start, degrees + (i - 4) * 13, reach * (1.15 - 0.035 * abs(i - 4)))
            _leaf(canvas, start, tip, _leafy(palette, n + i % 2), slender=0.09)


def _leafy(palette: Palette, n: int) -> Colour:
    colour = palette.hues[n % len(palette.hues)]
    near = abs(colour.lightness - palette.sky.lightness) < 0.06
    return colour.mixed(palette.deepest, 0.35) if near else colour


def _sprig(canvas: Canvas, root: Point, tip: Point, colour: Colour) -> None:
    stem = curve(root, beside(root, tip, 0.55, 0.12), tip, 18)
    canvas.stroke(stem, canvas.unit * 0.55, colour.mixed(colour.at(0.3), 0.4))
    for i in range(2, len(stem), 2):
        x, y = stem[i]
        heading = math.degrees(math.atan2(y - stem[i - 1][1], x - stem[i - 1][0]))
        length = canvas.unit * (17 - 0.62 * i)
        for turn in (-48, 48):
            _leaf(canvas, (x, y), away((x, y), heading + turn, length), colour)
    heading = math.degrees(math.atan2(tip[1] - stem[-3][1], tip[0] - stem[-3][0]))
    _leaf(canvas, tip, away(tip, heading, canvas.unit * 8), colour)


def _leaf(canvas: Canvas, stalk: Point, tip: Point, colour: Colour, slender: float = 0.26) -> None:
    """Two halves, one in the shade of the other, with a fine midrib."""
    one = curve(stalk, beside(stalk, tip, 0.42, slender * 1.6), tip)
    other = curve(stalk, beside(stalk, tip, 0.42, -slender * 1.6), tip)
    canvas.polygon(one, colour)
    canvas.polygon(other, colour.at(colour.lightness - 0.055))
    canvas.stroke(
        [stalk, beside(stalk, tip, 0.9, 0)], canvas.unit * 0.16, colour.at(colour.lightness + 0.09)
    )


def _flower(
    canvas: Canvas, centre: Point, size: float, petals: int, colours: tuple[Colour, Colour]
) -> None:
    petal, heart = colours
    for i in range(petals):
        degrees = 360 * i / petals
        tone = petal if i % 2 else petal.at(petal.lightness - 0.045)
        _leaf(canvas, centre, away(centre, degrees, size), tone, slender=1.55 / petals)
    canvas.disc(*centre, size * 0.24, heart)
    canvas.disc(*centre, size * 0.11, heart.at(heart.lightness - 0.12))


def _stalk(canvas: Canvas, chance: Random, x: float, colour: Colour) -> None:
    root = (x, canvas.height + 2.0)
    tip = (x + canvas.unit * chance.uniform(-9, 9), canvas.height * chance.uniform(0.16, 0.62))
    canvas.stroke(
        curve(root, beside(root, tip, 0.5, chance.uniform(-0.1, 0.1)), tip),
        canvas.unit * 0.32,
        colour,
    )
    chance.choice(HEADS)(canvas, tip, colour)


def _button(canvas: Canvas, tip: Point, colour: Colour) -> None:
    canvas.disc(*tip, canvas.unit * 1.9, colour)
    canvas.disc(*tip, canvas.unit * 0.8, colour.at(colour.lightness + 0.2))


def _ear(canvas: Canvas, tip: Point, colour: Colour) -> None:
    for i in range(7):
        grain = (tip[0], tip[1] + canvas.unit * 1.5 * i)
        for degrees in (-130, -50):
            _leaf(canvas, grain, away(grain, degrees, canvas.unit * 3.2), colour, slender=0.24)


def _umbel(canvas: Canvas, tip: Point, colour: Colour) -> None:
    for degrees in range(-165, 0, 25):
        end = away(tip, degrees, canvas.unit * 5.2)
        canvas.stroke([tip, end], canvas.unit * 0.2, colour)
        canvas.disc(*end, canvas.unit * 0.75, colour.at(colour.lightness + 0.1))


HEADS = (_button, _ear, _umbel)
