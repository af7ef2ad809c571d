"""A surface for flat shapes with smooth edges, measured in pixels of the finished picture."""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from .colour import RGB, Colour, ramp

if TYPE_CHECKING:
    from PIL.Image import Image

OVERSAMPLING = 3
CURVE_STEPS = 14

Point = tuple[float, float]


class Canvas:
    """Shapes are drawn OVERSAMPLING times larger and averaged at the end."""

    def __init__(self, width: int, height: int, ground: Colour) -> None:
        from PIL import Image, ImageDraw

        self.width = width
        self.height = height
        size = (width * OVERSAMPLING, height * OVERSAMPLING)
        self._large = Image.new("RGB", size, ground.rgb)
        self._pen = ImageDraw.Draw(self._large)

    @property
    def unit(self) -> float:
        """A hundredth of the side of a square as large as the canvas."""
        return math.sqrt(self.width * self.height) / 100

    def image(self) -> "Image":
        return self._large.reduce(OVERSAMPLING)

    def polygon(self, outline: Iterable[Point], colour: Colour) -> None:
        self._pen.polygon(_enlarged(outline), fill=colour.rgb)

    def rectangle(self, left: float, top: float, right: float, bottom: float, fill: Colour) -> None:
        (x0, y0), (x1, y1) = _enlarged([(left, top), (right, bottom)])
        if x1 > x0 and y1 > y0:
            self._pen.rectangle((x0, y0, x1 - 1, y1 - 1), fill=fill.rgb)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self._pen.ellipse(_square(x, y, radius), fill=colour.rgb)

    def sector(
        self, x: float, y: float, radius: float, degrees: tuple[float, float], colour: Colour
    ) -> None:
        """A slice of a disc, clockwise from three o'clock."""
        self._pen.pieslice(_square(x, y, radius), *degrees, fill=colour.rgb)

    def stroke(self, path: Sequence[Point], width: float, colour: Colour) -> None:
        """A line with round ends; the path is taken to be smooth, its joints are not filled."""
        thick = max(round(width * OVERSAMPLING), 1)
        self._pen.line(_enlarged(path), fill=colour.rgb, width=thick)
        for x, y in (path[0], path[-1]):
            self.disc(x, y, width / 2, colour)

    def wash(self, top: Colour, bottom: Colour) -> None:
        """The whole surface from one colour to another."""
        colours = _distinct(ramp(top, bottom, 96))
        step = self.height / len(colours)
        for i, rgb in enumerate(colours):
            box = (0, i * step * OVERSAMPLING, self._large.width, (i + 1) * step * OVERSAMPLING)
            self._pen.rectangle(box, fill=rgb)


def wave(
    width: float, y: float, swings: Iterable[tuple[float, float, float]], steps: int = 120
) -> list[Point]:
    """A line from left to right, swinging about `y`; a swing is (height, wave length, phase)."""
    swings = tuple(swings)
    line = []
    for i in range(steps + 1):
        x = width * i / steps
        line.append((x, y + sum(a * math.sin(x / length + p) for a, length, p in swings)))
    return line


def curve(start: Point, bend: Point, end: Point, steps: int = CURVE_STEPS) -> list[Point]:
    """A quadratic Bézier curve."""
    return [
        (
            (1 - t) ** 2 * start[0] + 2 * (1 - t) * t * bend[0] + t**2 * end[0],
            (1 - t) ** 2 * start[1] + 2 * (1 - t) * t * bend[1] + t**2 * end[1],
        )
        for t in (i / steps for i in range(steps + 1))
    ]


def beside(start: Point, end: Point, along: float, aside: float) -> Point:
    """The point at the share `along` of the way, then `aside` of its length to the right."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    return start[0] + dx * along - dy * aside, start[1] + dy * along + dx * aside


def away(start: Point, degrees: float, distance: float) -> Point:
    angle = math.radians(degrees)
    return start[0] + math.cos(angle) * distance, start[1] + math.sin(angle) * distance


def _enlarged(outline: Iterable[Point]) -> list[tuple[int, int]]:
    return [(round(x * OVERSAMPLING), round(y * OVERSAMPLING)) for x, y in outline]


def _square(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    x, y, radius = x * OVERSAMPLING, y * OVERSAMPLING, radius * OVERSAMPLING
    return x - radius, y - radius, x + radius, y + radius


def _distinct(colours: Iterable[Colour]) -> list[RGB]:
    return list(dict.fromkeys(colour.rgb for colour in colours))
