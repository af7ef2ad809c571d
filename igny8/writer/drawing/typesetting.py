"""Breaks a text into lines of even length, as large as its box allows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from .typeface import Typeface

Measure = Callable[[str], float]

SLACK = 0.985
UGLINESS = 1.2
CROWDING = 0.08
AIRY_LINES = 3
SHORT_WORD = 3
LOOSE_END = 0.05
SPLIT_PHRASE = 0.06
LONE_WORD = 0.10
PAUSES = (":", "?", "!", "–", "—", ",", ";")


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def holds(self, other: "Box") -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )


@dataclass(frozen=True)
class Style:
    """How a text may be set: `sizes` from large to small, `leading` in parts of the size."""

    face: Typeface
    sizes: Sequence[int]
    leading: float
    most_lines: int

    def room(self, height: float, size: int) -> int:
        """How many lines of this size a box of this height takes."""
        return min(self.most_lines, int(height / (size * self.leading)))

    def setting(self, lines: Sequence[str], size: int) -> "Setting":
        return Setting(tuple(lines), size, size * self.leading)

    def measure(self, size: int) -> Measure:
        return partial(self.face.width, size=size)


@dataclass(frozen=True)
class Setting:
    """A text set in one size; `leading` is the distance between two base lines."""

    lines: tuple[str, ...]
    size: int
    leading: float

    @property
    def height(self) -> float:
        return self.leading * len(self.lines)


@dataclass(frozen=True)
class Breaks:
    """Lines, and what it costs the eye to read them so."""

    lines: tuple[str, ...]
    cost: float


NO_BREAKS = Breaks((), 0.0)


def fitted(text: str, style: Style, box: Box) -> Setting:
    """The best of the style's sizes: large type, weighed against bad breaks and many lines.

    In the smallest one, what does not fit is cut with '…'.
    """
    best: tuple[float, Setting] | None = None
    for size in style.sizes:
        room = style.room(box.height, size)
        breaks = _broken(text.split(), style.measure(size), box.width * SLACK, room)
        crowd = CROWDING * max(len(breaks.lines) - AIRY_LINES, 0)
        merit = size / style.sizes[0] - UGLINESS * breaks.cost - crowd
        if breaks.lines and (best is None or merit > best[0]):
            best = merit, style.setting(breaks.lines, size)
    return best[1] if best else _cut(text, style, box)


def _cut(text: str, style: Style, box: Box) -> Setting:
    size, width = style.sizes[-1], box.width * SLACK
    measure = style.measure(size)
    words = [part for word in text.split() for part in _parts(word, measure, width)]
    lines = _greedy(words, measure, width)
    room = max(1, style.room(box.height, size))
    if len(lines) > room:
        lines = [*lines[: room - 1], _shortened(lines[room - 1], measure, width)]
    return style.setting(lines, size)


def _broken(words: Sequence[str], measure: Measure, width: float, room: int) -> Breaks:
    """The fewest lines that fit, evened out; none when a word or their number is too large."""
    if any(measure(word) > width for word in words):
        return NO_BREAKS
    count = len(_greedy(words, measure, width))
    return _even(words, count, measure, width) if count <= room else NO_BREAKS


def _greedy(words: Sequence[str], measure: Measure, width: float) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _even(words: Sequence[str], count: int, measure: Measure, width: float) -> Breaks:
    """The breaks into `count` lines of least cost: ragged edges, and breaks that read badly."""
    target = measure(" ".join(words)) / max(count, 1)
    best = {0: Breaks((), 0.0)}
    for left in range(count - 1, -1, -1):
        following: dict[int, Breaks] = {}
        for start, so_far in best.items():
            for end in range(start + 1, len(words) - left + 1):
                line = " ".join(words[start:end])
                length = measure(line)
                if length > width:
                    break
                ragged = ((length - target) / width) ** 2
                cost = so_far.cost + ragged + _awkward(words, start, end)
                if end not in following or cost < following[end].cost:
                    following[end] = Breaks((*so_far.lines, line), cost)
        best = following
    return best.get(len(words), NO_BREAKS)


def _awkward(words: Sequence[str], start: int, end: int) -> float:
    """What it costs the reader when the words from `start` to `end` are a line."""
    last = end == len(words)
    lone = LONE_WORD if end - start == 1 and last and start > 0 else 0.0
    loose = LOOSE_END if not last and len(words[end - 1]) <= SHORT_WORD else 0.0
    inner = pairwise(words[start:end])
    split = sum(SPLIT_PHRASE for word, _ in inner if word.endswith((":", "?", "–", "—")))
    relief = LOOSE_END if not last and words[end - 1].endswith(PAUSES) else 0.0
    return lone + loose + split - relief


def _parts(word: str, measure: Measure, width: float) -> list[str]:
    """The word itself, or pieces of it that each fit a line."""
    parts = [""]
    for char in word:
        if parts[-1] and measure(parts[-1] + char) > width:
            parts.append("")
        parts[-1] += char
    return parts


def _shortened(line: str, measure: Measure, width: float) -> str:
    while line and measure(line + "…") > width:
        line = line[:-1]
    return line.rstrip(" ,;:–—-") + "…"
