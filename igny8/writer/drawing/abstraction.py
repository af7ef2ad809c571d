"""Motifs that show nothing but line and form."""

import math
from random import Random

from .canvas import Canvas, Point, away, wave
from .colour import Colour, ramp
from .palette import Palette

SEEN_APART = 0.15


def contours(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Height lines of two hills on a map."""
    hills = [
        (
            (canvas.width * chance.uniform(0.1, 0.4), canvas.height * chance.uniform(0.3, 0.8)),
            _bumps(chance),
        ),
        (
            (canvas.width * chance.uniform(0.6, 0.9), canvas.height * chance.uniform(0.2, 0.7)),
            _bumps(chance),
        ),
    ]
    canvas.wash(palette.air, palette.air)
    levels = chance.randint(8, 10)
    reach = max(canvas.width, canvas.height) * 0.5
    peak = palette.sky.at(min(palette.sky.lightness, 0.62))
    for i, colour in enumerate(ramp(palette.air, peak, levels)):
        radius = reach * (1 - i / levels) ** 1.15
        rings = [_wobbly(centre, radius, bumps) for centre, bumps in hills]
        for ring in rings:
            canvas.stroke(ring, canvas.unit * 0.6, colour.at(colour.lightness - 0.08))
        for ring in rings:
            canvas.polygon(ring, colour)


def ribbons(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Broad parallel bands that flow across."""
    canvas.wash(palette.sky, palette.sky)
    count = chance.randint(7, 10)
    thick = canvas.height * 1.25 / count
    length = canvas.width / chance.uniform(4.5, 7)
    swings = [
        (canvas.height * 0.16, length, chance.uniform(0, 6.3)),
        (canvas.height * 0.06, length * 0.45, chance.uniform(0, 6.3)),
    ]
    colours = (palette.sky, *palette.hues)
    for i in range(count + 2):
        crest = wave(canvas.width, thick * (i - 0.6), swings)
        foot = [(canvas.width, canvas.height + 1.0), (0.0, canvas.height + 1.0)]
        canvas.polygon([*crest, *foot], colours[i % len(colours)])


def threads(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Many fine lines that draw together and part."""
    canvas.wash(palette.deepest, palette.deepest.mixed(palette.sky, 0.3))
    count = 11
    phase, length = chance.uniform(0, 6.3), canvas.width / chance.uniform(4, 6)
    colours = ramp(palette.lightest, palette.hues[0], count)
    for i, colour in enumerate(colours):
        share = i / (count - 1) - 0.5
        line = [
            (
                x,
                canvas.height / 2
                + share * canvas.height * (0.55 + 0.4 * math.sin(x / length + phase))
                + canvas.height * 0.16 * math.sin(x / length * 1.3 + phase + share * 2.2),
            )
            for x in (canvas.width * n / 90 for n in range(91))
        ]
        canvas.stroke(line, canvas.unit * 1.1, colour)


def halftone(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """A field of dots that swell and shrink."""
    canvas.wash(palette.sky, palette.sky.mixed(palette.hues[0], 0.25))
    step = canvas.unit * chance.uniform(5.2, 6.6)
    centre = (canvas.width * chance.uniform(0.2, 0.8), canvas.height * chance.uniform(0.2, 0.8))
    colour = max(palette.hues, key=lambda hue: abs(hue.lightness - palette.sky.lightness))
    bend = chance.uniform(14, 22) * canvas.unit
    for row in range(math.ceil(canvas.height / step) + 1):
        for column in range(math.ceil(canvas.width / step) + 1):
            x, y = (column + (0.5 if row % 2 else 0)) * step, row * step
            swell = 0.5 + 0.5 * math.cos(math.dist((x, y), centre) / bend)
            canvas.disc(x, y, step * (0.07 + 0.42 * swell), colour)


def stones(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Rounded stones balanced on one another."""
    canvas.wash(palette.air, palette.air.at(palette.air.lightness - 0.07))
    canvas.disc(
        canvas.width * chance.uniform(0.25, 0.75),
        canvas.height * 0.36,
        canvas.unit * 17,
        palette.vivid.mixed(palette.air, 0.25),
    )
    ground = canvas.height * 0.84
    canvas.rectangle(0, ground, canvas.width, canvas.height, palette.deepest)
    piles = 1 + 2 * int(canvas.width / canvas.unit / 110)
    for n in range(piles):
        x = canvas.width * (n + 0.5 + chance.uniform(-0.12, 0.12)) / piles
        _pile(canvas, chance, (x, ground), palette)


def cutouts(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Paper shapes on coloured sheets."""
    columns = max(2, round(canvas.width / canvas.unit / 32))
    rows = max(2, round(canvas.height / canvas.unit / 34))
    colours = (palette.sky, *palette.hues)
    width, height = canvas.width / columns, canvas.height / rows
    for n in range(columns * rows):
        left, top = n % columns * width, n // columns * height
        ground, figure, eye = chance.sample(colours, 3)
        canvas.rectangle(left, top, left + width, top + height, ground)
        centre = (left + width / 2, top + height / 2)
        size = min(width, height)
        canvas.polygon(_seaweed(centre, size * 0.36, chance), figure)
        canvas.polygon(_seaweed(centre, size * 0.13, chance), eye)


def rings(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Two sets of circles, as from drops in still water."""
    canvas.wash(palette.sky.mixed(palette.deepest, 0.15), palette.sky)
    reach = canvas.unit * chance.uniform(46, 60)
    x = canvas.width * chance.uniform(0.1, 0.4)
    y = canvas.height * chance.uniform(0.15, 0.85)
    _ripple(canvas, (x, y), reach, palette.hues[0], palette.lightest)
    far = (canvas.width * chance.uniform(0.7, 0.95), canvas.height - y)
    _ripple(canvas, far, reach * 0.45, palette.hues[1], palette.sky)


def _ripple(canvas: Canvas, centre: Point, reach: float, inner: Colour, outer: Colour) -> None:
    """Rings that pale and thin towards the rim."""
    count = 9
    tones = ramp(outer, _unlike(outer, inner), count)
    for i, tone in enumerate(tones):
        radius = reach * (1 - i / count)
        canvas.disc(*centre, radius, tone)
        canvas.disc(*centre, radius - reach * 0.045, tone.mixed(tones[0], 0.5))


def aurora(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Veils of colour that fade downwards, with a small moon."""
    canvas.wash(palette.deepest.at(0.26), palette.deepest.mixed(palette.sky, 0.5))
    colours = [hue for hue in palette.hues if hue != palette.deepest]
    for n, colour in enumerate(colours):
        y = canvas.height * (0.2 + 0.17 * n)
        swings = [
            (canvas.height * 0.10, canvas.width / chance.uniform(5, 8), chance.uniform(0, 6.3)),
            (canvas.height * 0.05, canvas.width / chance.uniform(10, 14), chance.uniform(0, 6.3)),
        ]
        crest = wave(canvas.width, y, swings, 80)
        _veil(canvas, crest, colour, palette.deepest.mixed(palette.sky, 0.2 + 0.1 * n))
    canvas.disc(
        canvas.width * chance.choice((0.2, 0.8)),
        canvas.height * 0.17,
        canvas.unit * 5,
        palette.lightest,
    )


def _unlike(outer: Colour, inner: Colour) -> Colour:
    if inner.distance(outer) >= SEEN_APART:
        return inner
    return outer.at(outer.lightness - 2 * SEEN_APART)


def _veil(canvas: Canvas, crest: list[Point], colour: Colour, night: Colour) -> None:
    """A band below `crest` that fades into `night`, which fills the rest."""
    depth = canvas.height * 0.012
    tones = ramp(colour, night, 12)
    for i, tone in enumerate(tones[:-1]):
        line = [(x, y + depth * i) for x, y in crest]
        canvas.polygon([*line, *((x, y + depth + 1) for x, y in reversed(line))], tone)
    foot = [(canvas.width + 1.0, canvas.height + 1.0), (-1.0, canvas.height + 1.0)]
    canvas.polygon([*((x, y + depth * (len(tones) - 1)) for x, y in crest), *foot], night)


def _bumps(chance: Random) -> list[tuple[int, float, float]]:
    return [(n, chance.uniform(0.03, 0.3 / n), chance.uniform(0, 6.3)) for n in (2, 3, 5)]


def _wobbly(centre: Point, radius: float, bumps: list[tuple[int, float, float]]) -> list[Point]:
    outline = []
    for degrees in range(0, 361, 3):
        angle = math.radians(degrees)
        swell = 1 + sum(height * math.sin(n * angle + phase) for n, height, phase in bumps)
        outline.append(away(centre, degrees, radius * swell))
    return outline


def _pile(canvas: Canvas, chance: Random, foot: Point, palette: Palette) -> None:
    x, y = foot
    width = canvas.unit * chance.uniform(17, 21)
    for n in range(chance.randint(3, 5)):
        height = width * chance.uniform(0.30, 0.42)
        colour = palette.hues[n % len(palette.hues)]
        if colour == palette.lightest:
            colour = palette.sky
        canvas.polygon(_pebble((x, y - height), width, height), colour)
        canvas.polygon(
            _pebble((x - width * 0.08, y - height * 1.12), width * 0.86, height * 0.8),
            colour.at(colour.lightness + 0.04),
        )
        y -= height * 1.96
        x += canvas.unit * chance.uniform(-2.2, 2.2)
        width *= chance.uniform(0.68, 0.86)


def _pebble(centre: Point, width: float, height: float) -> list[Point]:
    """A superellipse."""
    outline = []
    for degrees in range(0, 360, 5):
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        x = math.copysign(abs(c) ** 0.82, c) * width
        outline.append((centre[0] + x, centre[1] + math.copysign(abs(s) ** 0.82, s) * height))
    return outline


def _seaweed(centre: Point, size: float, chance: Random) -> list[Point]:
    lobes = chance.choice((3, 4, 5, 6, 7))
    bumps = [
        (lobes, chance.uniform(0.16, 0.34), chance.uniform(0, 6.3)),
        (2, 0.12, chance.uniform(0, 6.3)),
    ]
    return _wobbly(centre, size, bumps)
