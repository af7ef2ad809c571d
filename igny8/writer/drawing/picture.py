"""From a card to the bytes of its picture."""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

from .abstraction import aurora, contours, cutouts, halftone, ribbons, rings, stones, threads
from .botany import blossoms, fronds, leaves, meadow, sprigs
from .canvas import OVERSAMPLING, Canvas
from .composition import Card, Composition, Text, plate, title_card, titled
from .geometry import facets, quarters, rainbows, scales, shapes, terrazzo, weave
from .landscape import dunes, hills, peaks, rays, sea, sunset
from .palette import Palette, family_of, palette
from .plans import PLATE_PLANS, TITLE_PLANS, Plan, Shape
from .typesetting import Box

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

Motif = Callable[[Canvas, Palette, Random], None]
Layout = Callable[[Card, Palette, Plan], Composition]

MOTIFS: tuple[Motif, ...] = (
    hills,
    peaks,
    dunes,
    sea,
    sunset,
    rays,
    sprigs,
    leaves,
    blossoms,
    meadow,
    fronds,
    quarters,
    shapes,
    rainbows,
    scales,
    weave,
    terrazzo,
    facets,
    contours,
    ribbons,
    threads,
    halftone,
    stones,
    cutouts,
    rings,
    aurora,
)
QUALITIES = (82, 68, 50)
MOST_BYTES = 90_000
EFFORT = 2
NEUTRAL = 128
GRAIN = 10
GRAIN_TILE = 256
LIGHT = (-14, 22)


def draw_title_card(card: Card) -> bytes:
    """A WebP picture that shows the title; shapes only, when the face lacks a character of it."""
    if titled(card):
        return _drawn(card, title_card, TITLE_PLANS)
    return _drawn(replace(card, caption=""), plate, PLATE_PLANS)


def draw_plate(card: Card) -> bytes:
    """A WebP picture with a small caption."""
    return _drawn(card, plate, PLATE_PLANS)


def look(card: Card, plans: Sequence[Plan]) -> tuple[Motif, Plan]:
    """Motif and plan of the card; no two slots of a short series have the same."""
    chance = Random(card.series)
    motifs = chance.sample(MOTIFS, len(MOTIFS))
    turns = chance.sample(plans, len(plans))
    return motifs[card.slot % len(motifs)], turns[card.slot % len(turns)]


def _drawn(card: Card, layout: Layout, plans: Sequence[Plan]) -> bytes:
    chance = Random(card.seed)
    colours = palette(family_of(card.family), chance)
    motif, plan = look(card, plans)
    composition = layout(card, colours, plan)
    art = _art(composition.art, motif, colours, chance)
    return _encoded(_page(card, composition, colours, art))


def _page(card: Card, composition: Composition, colours: Palette, art: "Image") -> "Image":
    from PIL import Image, ImageDraw

    page = Image.new("RGB", (card.width, card.height), colours.ground.rgb)
    _hang(page, composition, art)
    pen = ImageDraw.Draw(page)
    for panel in composition.panels:
        pen.rectangle(corners(panel.box), fill=panel.colour.rgb)
    for text in composition.texts:
        _write(pen, text)
    return page


def _art(box: Box, motif: Motif, colours: Palette, chance: Random) -> "Image":
    left, top, right, bottom = corners(box)
    canvas = Canvas(right - left, bottom - top, colours.sky)
    motif(canvas, colours, chance)
    return _lit(canvas.image(), chance)


def _hang(page: "Image", composition: Composition, art: "Image") -> None:
    """Puts the drawing on the page, seen through the openings alone."""
    left, top, *_ = corners(composition.art)
    for opening in composition.openings:
        x0, y0, x1, y1 = corners(opening.box)
        seen = art.crop((x0 - left, y0 - top, x1 - left, y1 - top))
        page.paste(seen, (x0, y0), _mask(opening.shape, seen.size))


def _mask(shape: Shape, size: tuple[int, int]) -> "Image | None":
    """What is seen through an opening; of a rectangle, all."""
    from PIL import Image, ImageDraw

    if shape is Shape.RECTANGLE:
        return None
    width, height = size[0] * OVERSAMPLING, size[1] * OVERSAMPLING
    mask = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(mask)
    pen.ellipse((0, 0, width - 1, width - 1), fill=255)
    if shape is Shape.ARCH:
        pen.rectangle((0, width // 2, width - 1, height - 1), fill=255)
    return mask.reduce(OVERSAMPLING)


def corners(box: Box) -> tuple[int, int, int, int]:
    """Left, top, right and bottom in whole pixels."""
    return round(box.left), round(box.top), round(box.right), round(box.bottom)


def _lit(art: "Image", chance: Random) -> "Image":
    """Soft light and shade over the flat colours, and the fine tooth of printed paper."""
    from PIL import Image, ImageChops

    spots = bytes(NEUTRAL + chance.randint(*LIGHT) for _ in range(12))
    light = Image.frombytes("L", (4, 3), spots).resize(art.size, Image.Resampling.BICUBIC)
    light = ImageChops.add(light, _grain(art.size), offset=-NEUTRAL)
    return ImageChops.soft_light(art, Image.merge("RGB", (light, light, light)))


def _grain(size: tuple[int, int]) -> "Image":
    from PIL import Image

    grain = Image.new("L", size)
    tile = _grain_tile()
    for x in range(0, size[0], GRAIN_TILE):
        for y in range(0, size[1], GRAIN_TILE):
            grain.paste(tile, (x, y))
    return grain


@lru_cache(maxsize=1)
def _grain_tile() -> "Image":
    from PIL import Image

    noise = Random(0).randbytes(GRAIN_TILE**2)
    tile = bytes(NEUTRAL + byte % (2 * GRAIN) - GRAIN for byte in noise)
    return Image.frombytes("L", (GRAIN_TILE, GRAIN_TILE), tile)


def _write(pen: "ImageDraw", text: Text) -> None:
    font = text.face.font(text.size)
    if not text.tracking:
        pen.text((text.x, text.y), text.text, font=font, fill=text.colour.rgb, anchor="ls")
        return
    x = text.x
    for letter in text.text:
        pen.text((x, text.y), letter, font=font, fill=text.colour.rgb, anchor="ls")
        x += font.getlength(letter) + text.tracking


def _encoded(picture: "Image") -> bytes:
    """The finest quality that stays below MOST_BYTES, or else the coarsest."""
    encoded = b""
    for quality in QUALITIES:
        stream = io.BytesIO()
        picture.save(stream, "WEBP", quality=quality, method=EFFORT)
        encoded = stream.getvalue()
        if len(encoded) <= MOST_BYTES:
            break
    return encoded
