"""Motifs of land, water and sky."""

import math
from random import Random

from .canvas import Canvas, Point, away, wave
from .colour import Colour, ramp
from .palette import Palette


def hills(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Ridges behind ridges, paler the farther away, under a low sun."""
    canvas.wash(palette.air.at(palette.air.lightness - 0.08), palette.air)
    _sun(canvas, chance, palette.vivid)
    far = palette.sky.mixed(palette.air, 0.45)
    layers = ramp(far, palette.deepest, chance.randint(4, 6))
    for i, colour in enumerate(layers):
        y = canvas.height * (0.42 + 0.52 * i / len(layers))
        _ground(canvas, _ridge(canvas, chance, y), colour)


def peaks(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Mountains with a lit and a shaded side."""
    canvas.wash(palette.air.at(palette.air.lightness - 0.1), palette.air)
    _sun(canvas, chance, palette.lightest)
    colours = ramp(palette.sky.mixed(palette.deepest, 0.25), palette.deepest, 3)
    for i, colour in enumerate(colours):
        for _ in range(chance.randint(2, 3)):
            _peak(canvas, chance, canvas.height * (0.24 + 0.2 * i), colour)
    _ground(canvas, _ridge(canvas, chance, canvas.height * 0.9), palette.deepest.at(0.3))


def dunes(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Long crossing slopes, each with its bright crest."""
    canvas.wash(palette.sky, palette.sky.mixed(palette.lightest, 0.6))
    _sun(canvas, chance, palette.lightest)
    colours = list(palette.light_to_dark)
    side = chance.choice((-1, 1))
    for i, colour in enumerate(colours):
        y = canvas.height * (0.46 + 0.16 * i)
        swings = [(side * canvas.height * 0.15, canvas.width / 4.1, chance.uniform(0, 6.3))]
        crest = wave(canvas.width, y, swings)
        _ground(canvas, crest, colour.mixed(palette.lightest, 0.35))
        _ground(canvas, [(x, y + _shade(canvas, x, i)) for x, y in crest], colour)
        side = -side


def sea(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Rows of swell below a wide sky."""
    canvas.wash(palette.air.at(palette.air.lightness - 0.06), palette.lightest)
    _sun(canvas, chance, palette.vivid)
    rows = chance.randint(6, 8)
    length = canvas.unit * chance.uniform(3.2, 5.0)
    for i, colour in enumerate(ramp(palette.sky.mixed(palette.air, 0.3), palette.deepest, rows)):
        y = canvas.height * (0.44 + 0.58 * i / rows)
        height = canvas.unit * (0.8 + 0.35 * i)
        crest = wave(canvas.width, y, [(height, length * (1 + 0.12 * i), chance.uniform(0, 6.3))])
        _ground(canvas, crest, colour)
        canvas.stroke(crest, canvas.unit * 0.22, colour.mixed(palette.lightest, 0.5))


def sunset(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """A large disc and its reflection in bars."""
    horizon = canvas.height * chance.uniform(0.56, 0.64)
    water = palette.deepest
    disc = palette.vivid if palette.vivid != water else palette.lightest
    canvas.wash(palette.sky.mixed(palette.air, 0.3), palette.air)
    x = canvas.width * chance.uniform(0.35, 0.65)
    radius = min(canvas.height * 0.36, canvas.width * 0.34)
    canvas.disc(x, horizon - radius * 0.25, radius, disc)
    canvas.rectangle(0, horizon, canvas.width, canvas.height, water)
    rows = 9
    for i in range(rows):
        y = horizon + (canvas.height - horizon) * (i + 0.7) / rows
        half = radius * (1 - 0.08 * i) * chance.uniform(0.45, 1.05)
        drift = x + canvas.unit * chance.uniform(-5, 5)
        thick = canvas.unit * (0.5 + 0.12 * i)
        canvas.stroke([(drift - half, y), (drift + half, y)], thick, disc.mixed(water, 0.07 * i))


def rays(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Beams from a sun that rises at the edge."""
    x = canvas.width * chance.choice((0.22, 0.5, 0.78))
    y = canvas.height * chance.uniform(0.86, 1.0)
    beams = chance.choice((18, 22, 26))
    reach = math.hypot(canvas.width, canvas.height)
    tones = (palette.air, palette.air.at(palette.air.lightness - 0.07))
    for i in range(beams):
        edges = (away((x, y), 180 + 180 * (i + side) / beams, reach) for side in (0, 1))
        canvas.polygon([(x, y), *edges], tones[i % 2])
    _halo(canvas, (x, y), palette)
    canvas.rectangle(0, y, canvas.width, canvas.height, palette.deepest)
    _ground(canvas, _ridge(canvas, chance, canvas.height * 0.93), palette.deepest)


def _halo(canvas: Canvas, centre: Point, palette: Palette) -> None:
    for i, colour in enumerate(palette.light_to_dark[:3]):
        canvas.disc(*centre, canvas.height * (0.52 - 0.13 * i), colour.mixed(palette.sky, 0.15))


def _sun(canvas: Canvas, chance: Random, colour: Colour) -> None:
    x = canvas.width * chance.choice((0.24, 0.3, 0.66, 0.74))
    y = canvas.height * chance.uniform(0.24, 0.36)
    canvas.disc(x, y, canvas.unit * chance.uniform(7, 11), colour)


def _ridge(canvas: Canvas, chance: Random, y: float) -> list[Point]:
    swings = [
        (canvas.height * 0.055, canvas.unit * chance.uniform(17, 26), chance.uniform(0, 6.3)),
        (canvas.height * 0.03, canvas.unit * chance.uniform(7, 11), chance.uniform(0, 6.3)),
    ]
    return wave(canvas.width, y, swings)


def _ground(canvas: Canvas, crest: list[Point], colour: Colour) -> None:
    foot = [(canvas.width + 1.0, canvas.height + 1.0), (-1.0, canvas.height + 1.0)]
    canvas.polygon([*crest, *foot], colour)


def _peak(canvas: Canvas, chance: Random, top: float, colour: Colour) -> None:
    x = canvas.width * chance.uniform(0.0, 1.0)
    top += canvas.height * chance.uniform(0, 0.14)
    spread = (canvas.height - top) * chance.uniform(0.75, 1.1)
    foot = canvas.height + 1.0
    canvas.polygon([(x, top), (x + spread, foot), (x - spread, foot)], colour)
    canvas.polygon(
        [(x, top), (x + spread * 0.22, foot), (x - spread, foot)],
        colour.at(colour.lightness + 0.07),
    )


def _shade(canvas: Canvas, x: float, layer: int) -> float:
    return canvas.unit * (1.4 + 1.2 * math.sin(x / canvas.width * 5 + layer * 2))
