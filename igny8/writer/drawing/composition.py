"""Where everything of a picture goes: pure layout, before anything is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .canvas import Point
from .colour import Colour
from .palette import Palette
from .plans import Opening, Plan
from .typeface import SANS, SERIF, Typeface, cleaned
from .typesetting import Box, Setting, Style, fitted

LABEL = "Sample image · drawn offline"
TITLE_SIZES = tuple(range(124, 39, -4))
TITLE_LEADING = 1.12
CAPTION_SIZES = (27, 25, 23)
LABEL_SIZE = 18
KICKER_SIZE = 21
KICKER_TRACKING = 0.14
KICKER_GAP = 62
KICKER_SHARE = 0.5
SMALLEST = 9
CAPTION_LEADING = 1.3
CAPTION_LINES = 2
CAPTION_GAP = 60
RULE_GAP = 26
RULE_WIDTH = 64
RULE_HEIGHT = 5
CAP_HEIGHT = 0.7
DESCENT = 0.26


@dataclass(frozen=True)
class Card:
    """What one picture says; `seed` decides how it looks, `family` in which colours.

    The pictures of one `series` differ in motif and layout, by the `slot` they have in it.
    """

    seed: str
    family: str
    series: str
    slot: int = 0
    title: str = ""
    kicker: str = ""
    caption: str = ""
    width: int = 1600
    height: int = 900

    @property
    def scale(self) -> float:
        """Type sizes are given for a width of 1600 and a height of 900."""
        return min(self.width / 1600, self.height / 900)


@dataclass(frozen=True)
class Text:
    """One line: `x` and `y` are the start of its base line, `tracking` pixels between letters."""

    text: str
    x: float
    y: float
    face: Typeface
    size: int
    colour: Colour
    tracking: float = 0.0

    @property
    def width(self) -> float:
        return self.face.width(self.text, self.size) + self.tracking * len(self.text)

    @property
    def box(self) -> Box:
        top, bottom = self.y - self.size, self.y + self.size * DESCENT
        return Box(self.x, top, self.x + self.width, bottom)


@dataclass(frozen=True)
class Panel:
    """A plain rectangle: a rule, or the paper a text stands on."""

    box: Box
    colour: Colour


@dataclass(frozen=True)
class Composition:
    """A whole picture: the drawing seen through its openings, panels over it, text on top."""

    art: Box
    openings: tuple[Opening, ...]
    panels: tuple[Panel, ...]
    texts: tuple[Text, ...]


def titled(card: Card) -> bool:
    """Whether there is a title and the face has all its characters."""
    title = cleaned(card.title)
    return bool(title) and SERIF.covers(title)


def title_card(card: Card, palette: Palette, plan: Plan) -> Composition:
    """The kicker, the title and the label beside or above a drawing; `card` must be `titled`."""
    plan = plan.placed(card.width, card.height)
    column = _column(card, palette, plan)
    paper = (Panel(plan.paper, palette.ground),) if plan.paper else ()
    panels = (*paper, _rule(card, palette, column[0]))
    return Composition(plan.art, plan.openings, panels, (*column, _label(card, palette, plan)))


def plate(card: Card, palette: Palette, plan: Plan) -> Composition:
    """A drawing with its caption and the label below it."""
    plan = plan.placed(card.width, card.height)
    label = _label(card, palette, plan)
    room = replace(plan.text, right=label.x - CAPTION_GAP * card.scale)
    return Composition(plan.art, plan.openings, (), (*_caption(card, palette, room), label))


def _column(card: Card, palette: Palette, plan: Plan) -> tuple[Text, ...]:
    """Kicker and title."""
    kicker = _kicker(card, palette, plan)
    gap = KICKER_GAP * card.scale if kicker else 0.0
    room = replace(plan.text, top=plan.text.top + gap)
    style = Style(SERIF, _scaled(TITLE_SIZES, card), TITLE_LEADING, plan.lines)
    setting = fitted(cleaned(card.title), style, room)
    spare = room.height - setting.height
    top = room.top + (spare / 2 if plan.centred else 0.0)
    lines = _stacked(setting, SERIF, palette.ink, (plan.text.left, top))
    return (*(replace(text, y=top - gap + text.size) for text in kicker), *lines)


def _kicker(card: Card, palette: Palette, plan: Plan) -> tuple[Text, ...]:
    words = cleaned(card.kicker).upper()
    if not words or not SANS.covers(words):
        return ()
    size = _size(KICKER_SIZE, card)
    tracking = size * KICKER_TRACKING
    text = Text(words, plan.text.left, plan.text.top, SANS, size, palette.accent, tracking)
    room = min(plan.text.width, card.width * KICKER_SHARE)
    while text.width > room:
        text = replace(text, text=text.text[:-2].rstrip() + "…")
    return (text,)


def _rule(card: Card, palette: Palette, first: Text) -> Panel:
    """A short bar over the first line of the column."""
    bottom = first.y - first.size - RULE_GAP * card.scale
    right = first.x + RULE_WIDTH * card.scale
    return Panel(Box(first.x, bottom - RULE_HEIGHT * card.scale, right, bottom), palette.accent)


def _label(card: Card, palette: Palette, plan: Plan) -> Text:
    x, y = plan.label
    text = Text(LABEL, x, y, SANS, _size(LABEL_SIZE, card), palette.quiet)
    return replace(text, x=x - text.width) if plan.label_ends else text


def _caption(card: Card, palette: Palette, room: Box) -> tuple[Text, ...]:
    caption = cleaned(card.caption)
    if not caption or not SANS.covers(caption):
        return ()
    style = Style(SANS, _scaled(CAPTION_SIZES, card), CAPTION_LEADING, CAPTION_LINES)
    setting = fitted(caption, style, room)
    top = room.top + (room.height - setting.height) / 2
    return _stacked(setting, SANS, palette.ink, (room.left, top))


def _stacked(setting: Setting, face: Typeface, colour: Colour, start: Point) -> tuple[Text, ...]:
    x, y = start
    first = y + (setting.leading - setting.size * CAP_HEIGHT) / 2 + setting.size * CAP_HEIGHT
    return tuple(
        Text(line, x, first + i * setting.leading, face, setting.size, colour)
        for i, line in enumerate(setting.lines)
    )


def _scaled(sizes: Sequence[int], card: Card) -> list[int]:
    return [_size(size, card) for size in sizes]


def _size(size: int, card: Card) -> int:
    return max(round(size * card.scale), SMALLEST)
