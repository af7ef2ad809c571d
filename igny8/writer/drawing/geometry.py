"""Motifs laid out on a grid."""

import math
from collections.abc import Iterator
from random import Random

from .canvas import Canvas, Point, away
from .colour import Colour
from .palette import Palette

QUADRANTS = ((0, 0, 0), (1, 0, 90), (1, 1, 180), (0, 1, 270))


def quarters(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Square tiles with quarter discs in their corners."""
    tile = canvas.unit * chance.choice((15, 19, 24))
    colours = (palette.sky, *palette.hues)
    for x, y in _cells(canvas, tile):
        ground, large, small = chance.sample(colours, 3)
        canvas.rectangle(x, y, x + tile, y + tile, ground)
        right, down, degrees = chance.choice(QUADRANTS)
        corner = (x + right * tile, y + down * tile)
        canvas.sector(*corner, tile, (degrees, degrees + 90), large)
        canvas.sector(*corner, tile * 0.5, (degrees, degrees + 90), small)


def shapes(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """One simple figure a tile: disc, half disc, triangle, lens or stripes."""
    tile = canvas.unit * chance.choice((19, 24, 28))
    colours = (palette.sky, *palette.hues)
    for x, y in _cells(canvas, tile):
        ground, figure = chance.sample(colours, 2)
        canvas.rectangle(x, y, x + tile, y + tile, ground)
        chance.choice(FIGURES)(canvas, (x, y), tile, figure)


def rainbows(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Arches of coloured bands that stand before one another."""
    canvas.wash(palette.air, palette.air.at(palette.air.lightness - 0.08))
    count = max(3, round(canvas.width / canvas.unit / 22))
    spots = chance.sample(range(count + 1), count + 1)
    for n, spot in enumerate(spots):
        x = canvas.width * (spot + chance.uniform(-0.2, 0.2)) / count
        y = canvas.height * (0.86 + 0.2 * n / len(spots))
        radius = canvas.unit * chance.uniform(24, 44) * (1.1 - 0.4 * n / len(spots))
        _rainbow(canvas, (x, y), radius, palette, n)


def scales(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Overlapping rings, row upon row, as on old fabrics."""
    radius = canvas.unit * chance.uniform(15, 20)
    rows = math.ceil(canvas.height / (radius * 0.56)) + 3
    columns = math.ceil(canvas.width / (radius * 2)) + 2
    rings = (palette.hues[0], palette.sky, palette.hues[1], palette.hues[2])
    for row in range(rows):
        for column in range(columns):
            x = (column + (0.5 if row % 2 else 0)) * radius * 2 - radius
            for i, colour in enumerate(rings):
                canvas.disc(x, row * radius * 0.56, radius * (1 - 0.24 * i), colour)


def weave(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Broad ribbons over and under one another."""
    step = canvas.unit * chance.uniform(13, 19)
    half = step * 0.41
    canvas.wash(palette.deepest, palette.deepest.at(palette.deepest.lightness - 0.05))
    across = [chance.choice(palette.hues[:2]) for _ in range(math.ceil(canvas.height / step) + 1)]
    down = [
        chance.choice((palette.sky, palette.hues[2]))
        for _ in range(math.ceil(canvas.width / step) + 1)
    ]
    for row, colour in enumerate(across):
        _band(canvas, (-2.0, row * step), (canvas.width + 2.0, row * step), half, colour)
    for column, colour in enumerate(down):
        for row in range(column % 2, len(across), 2):
            x, y = column * step, row * step
            canvas.rectangle(
                x - half * 1.12, y - step * 0.5, x + half * 1.12, y + step * 0.5, palette.deepest
            )
            _band(canvas, (x, y - step * 0.59), (x, y + step * 0.59), half, colour)


def terrazzo(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Chips of stone in a pale floor."""
    canvas.wash(palette.air, palette.air.at(palette.air.lightness - 0.04))
    step = canvas.unit * chance.uniform(8.5, 11)
    hues = (palette.sky, *palette.hues)
    for x, y in _cells(canvas, step):
        spot = (x + step * chance.uniform(0.1, 0.9), y + step * chance.uniform(0.1, 0.9))
        canvas.polygon(_chip(spot, step * chance.uniform(0.2, 0.62), chance), chance.choice(hues))


def facets(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """A folded surface of triangles, light from one side."""
    step = canvas.unit * chance.uniform(12, 17)
    columns, rows = math.ceil(canvas.width / step), math.ceil(canvas.height / step)
    net = {
        (column, row): (
            (column + chance.uniform(-0.32, 0.32)) * step,
            (row + chance.uniform(-0.32, 0.32)) * step,
        )
        for column in range(-1, columns + 2)
        for row in range(-1, rows + 2)
    }
    for column in range(-1, columns + 1):
        for row in range(-1, rows + 1):
            across = (column / columns + row / rows) / 2
            near = palette.sky.mixed(palette.hues[0], min(max(across, 0.0), 1.0))
            _fold(canvas, net, (column, row), near, chance)


def _cells(canvas: Canvas, size: float) -> Iterator[Point]:
    columns, rows = math.ceil(canvas.width / size), math.ceil(canvas.height / size)
    left, top = (canvas.width - columns * size) / 2, (canvas.height - rows * size) / 2
    for row in range(rows):
        for column in range(columns):
            yield left + column * size, top + row * size


def _disc(canvas: Canvas, corner: Point, size: float, colour: Colour) -> None:
    canvas.disc(corner[0] + size / 2, corner[1] + size / 2, size * 0.36, colour)


def _dome(canvas: Canvas, corner: Point, size: float, colour: Colour) -> None:
    canvas.sector(corner[0] + size / 2, corner[1] + size, size / 2, (180, 360), colour)


def _bowl(canvas: Canvas, corner: Point, size: float, colour: Colour) -> None:
    canvas.sector(corner[0] + size / 2, corner[1], size / 2, (0, 180), colour)


def _triangle(canvas: Canvas, corner: Point, size: float, colour: Colour) -> None:
    x, y = corner
    canvas.polygon([(x, y), (x + size, y + size), (x, y + size)], colour)


def _quarter(canvas: Canvas, corner: Point, size: float, colour: Colour) -> None:
    canvas.sector(corner[0] + size, corner[1] + size, size, (180, 270), colour)


def _stripes(canvas: Canvas, corner: Point, size: float, colour: Colour) -> None:
    x, y = corner
    for i in range(4):
        top = y + size * (2 * i + 0.5) / 8
        canvas.rectangle(x, top, x + size, top + size / 8, colour)


def _beads(canvas: Canvas, corner: Point, size: float, colour: Colour) -> None:
    for i in range(9):
        x, y = corner[0] + size * (i % 3 + 0.5) / 3, corner[1] + size * (i // 3 + 0.5) / 3
        canvas.disc(x, y, size * 0.085, colour)


FIGURES = (_disc, _dome, _bowl, _triangle, _quarter, _quarter, _stripes, _beads)


def _rainbow(canvas: Canvas, centre: Point, radius: float, palette: Palette, first: int) -> None:
    x, y = centre
    bands = 5
    for i in range(bands):
        colour = palette.hues[(first + i) % len(palette.hues)]
        size = radius * (1 - i / (bands + 0.6))
        canvas.disc(x, y, size, colour)
        canvas.rectangle(x - size, y, x + size, canvas.height + 1, colour)


def _band(canvas: Canvas, start: Point, end: Point, half: float, colour: Colour) -> None:
    """A ribbon with a fine line along each edge."""
    line = colour.at(colour.lightness + (0.1 if colour.lightness < 0.75 else -0.1))
    level = start[1] == end[1]
    for side, tone in ((1.0, colour), (0.72, line), (0.64, colour)):
        dx, dy = (0.0, half * side) if level else (half * side, 0.0)
        canvas.rectangle(start[0] - dx, start[1] - dy, end[0] + dx, end[1] + dy, tone)


def _chip(centre: Point, size: float, chance: Random) -> list[Point]:
    corners = chance.randint(5, 7)
    turn = chance.uniform(0, 360)
    stretch = chance.uniform(0.55, 1.0)
    outline = []
    for i in range(corners):
        x, y = away((0, 0), turn + 360 * (i + chance.uniform(-0.25, 0.25)) / corners, size)
        outline.append((centre[0] + x, centre[1] + y * stretch))
    return outline


def _fold(
    canvas: Canvas,
    net: dict[tuple[int, int], Point],
    cell: tuple[int, int],
    colour: Colour,
    chance: Random,
) -> None:
    column, row = cell
    a, b = net[column, row], net[column + 1, row]
    c, d = net[column + 1, row + 1], net[column, row + 1]
    halves = ((a, b, c), (a, c, d)) if chance.random() < 0.5 else ((a, b, d), (b, c, d))
    for half in halves:
        canvas.polygon(half, colour.at(colour.lightness + chance.uniform(-0.075, 0.075)))
