"""Colours as the eye orders them (OKLCH), and how well one is read on another."""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

RGB = tuple[int, int, int]


@dataclass(frozen=True)
class Colour:
    """Lightness 0..1, chroma 0..0.4, hue in degrees."""

    lightness: float
    chroma: float
    hue: float

    @cached_property
    def rgb(self) -> RGB:
        """The nearest colour a screen shows: chroma gives way, lightness and hue stay."""
        chroma = self.chroma
        while chroma > 0.002 and not _shown(_linear(self.lightness, chroma, self.hue)):
            chroma *= 0.95
        red, green, blue = (_encoded(c) for c in _linear(self.lightness, chroma, self.hue))
        return red, green, blue

    @property
    def luminance(self) -> float:
        """WCAG 2 relative luminance of the colour as shown."""
        red, green, blue = (_decoded(c) for c in self.rgb)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def at(self, lightness: float) -> Self:
        """The same hue, lighter or darker."""
        return replace(self, lightness=min(max(lightness, 0.0), 1.0))

    def distance(self, other: "Colour") -> float:
        """Straight through Oklab: below 0.05 hardly seen, black to white 1."""
        return math.dist((self.lightness, *self._ab), (other.lightness, *other._ab))

    def mixed(self, other: "Colour", share: float) -> "Colour":
        """`share` 0 is this colour, 1 the other; mixed as paint is, not round the hue circle."""
        a, b = self._ab, other._ab
        x, y = a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
        lightness = self.lightness + (other.lightness - self.lightness) * share
        return Colour(lightness, math.hypot(x, y), math.degrees(math.atan2(y, x)) % 360)

    @property
    def _ab(self) -> tuple[float, float]:
        angle = math.radians(self.hue)
        return self.chroma * math.cos(angle), self.chroma * math.sin(angle)


def contrast(one: Colour, other: Colour) -> float:
    """WCAG 2 contrast ratio, 1..21."""
    low, high = sorted((one.luminance, other.luminance))
    return (high + 0.05) / (low + 0.05)


def readable(ink: Colour, ground: Colour, ratio: float) -> Colour:
    """`ink`, moved away from the lightness of `ground` until it reaches the contrast `ratio`."""
    step = 0.02 if contrast(ground, WHITE) > contrast(ground, BLACK) else -0.02
    while contrast(ink, ground) < ratio and 0 < ink.lightness < 1:
        ink = ink.at(ink.lightness + step)
    return ink


def ramp(first: Colour, last: Colour, count: int) -> list[Colour]:
    """`count` colours in even steps from the first to the last."""
    return [first.mixed(last, i / max(count - 1, 1)) for i in range(count)]


def _linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """Linear sRGB; matrices by Björn Ottosson, 'A perceptual color space for image processing'."""
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _shown(linear: tuple[float, float, float]) -> bool:
    return all(-0.001 <= c <= 1.001 for c in linear)


def _encoded(linear: float) -> int:
    value = min(max(linear, 0.0), 1.0)
    curve = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(255 * curve)


def _decoded(byte: int) -> float:
    value = byte / 255
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


WHITE = Colour(1.0, 0.0, 0.0)
BLACK = Colour(0.0, 0.0, 0.0)
