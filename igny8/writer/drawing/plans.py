"""The layouts: where drawing, text and label stand, in shares of the picture's sides."""

from dataclasses import dataclass, replace
from enum import StrEnum

from .canvas import Point
from .typesetting import Box


class Shape(StrEnum):
    """The outline of an opening."""

    RECTANGLE = "rectangle"
    ARCH = "arch"
    DISC = "disc"


@dataclass(frozen=True)
class Opening:
    """A part of the drawing that is seen."""

    box: Box
    shape: Shape = Shape.RECTANGLE

    def placed(self, width: int, height: int) -> "Opening":
        """In pixels; a disc is round whatever the sides, its height the share of a 16:9 picture."""
        box = _pixels(self.box, width, height)
        if self.shape is Shape.DISC:
            radius = self.box.height * min(height, width * 9 / 16) / 2
            x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
            box = Box(x - radius, y - radius, x + radius, y + radius)
        return replace(self, box=box)


@dataclass(frozen=True)
class Plan:
    """One layout; `label` is where the label's base line starts, or ends if `label_ends`."""

    openings: tuple[Opening, ...]
    text: Box
    label: Point
    label_ends: bool = False
    lines: int = 5
    centred: bool = True
    paper: Box | None = None

    @property
    def art(self) -> Box:
        """The smallest box round all openings."""
        boxes = [opening.box for opening in self.openings]
        return Box(
            min(box.left for box in boxes),
            min(box.top for box in boxes),
            max(box.right for box in boxes),
            max(box.bottom for box in boxes),
        )

    def placed(self, width: int, height: int) -> "Plan":
        """The plan in pixels."""
        return replace(
            self,
            openings=tuple(opening.placed(width, height) for opening in self.openings),
            text=_pixels(self.text, width, height),
            label=(self.label[0] * width, self.label[1] * height),
            paper=self.paper and _pixels(self.paper, width, height),
        )


LEFT_COLUMN = Box(0.055, 0.13, 0.56, 0.85)
RIGHT_COLUMN = Box(0.445, 0.13, 0.945, 0.85)
STRIP = Box(0.04, 0.885, 0.96, 0.99)
LEFT_LABEL = (0.055, 0.925)
RIGHT_LABEL = (0.445, 0.925)
STRIP_LABEL = (0.96, 0.942)


def _left(*openings: Opening) -> Plan:
    """The text on the left of its openings."""
    return Plan(openings, LEFT_COLUMN, LEFT_LABEL)


def _right(*openings: Opening) -> Plan:
    return Plan(openings, RIGHT_COLUMN, RIGHT_LABEL)


def _strip(*openings: Opening) -> Plan:
    return Plan(openings, STRIP, STRIP_LABEL, label_ends=True)


def _row(count: int, box: Box, gap: float, drop: float, shape: Shape) -> tuple[Opening, ...]:
    """Openings side by side, each `drop` lower than the one before."""
    width = (box.width - gap * (count - 1)) / count
    tall = box.height - drop * (count - 1)
    lefts = [box.left + i * (width + gap) for i in range(count)]
    tops = [box.top + i * drop for i in range(count)]
    return tuple(
        Opening(Box(left, top, left + width, top + tall), shape)
        for left, top in zip(lefts, tops, strict=True)
    )


def _pixels(box: Box, width: int, height: int) -> Box:
    return Box(box.left * width, box.top * height, box.right * width, box.bottom * height)


TITLE_PLANS = (
    _left(Opening(Box(0.61, 0.0, 1.0, 1.0))),
    _right(Opening(Box(0.0, 0.0, 0.39, 1.0))),
    _left(Opening(Box(0.62, 0.12, 0.93, 1.0), Shape.ARCH)),
    _right(Opening(Box(0.07, 0.12, 0.38, 1.0), Shape.ARCH)),
    _left(Opening(Box(0.63, 0.09, 0.945, 0.91))),
    _left(Opening(Box(0.8, -0.1, 1.0, 1.0), Shape.DISC)),
    _right(Opening(Box(0.0, 0.0, 0.2, 1.1), Shape.DISC)),
    _left(*_row(3, Box(0.615, 0.08, 0.945, 0.92), 0.018, 0.07, Shape.RECTANGLE)),
    _right(*_row(2, Box(0.055, 0.09, 0.385, 0.91), 0.02, 0.06, Shape.ARCH)),
    Plan(
        (Opening(Box(0.0, 0.6, 1.0, 1.0)),),
        Box(0.055, 0.12, 0.945, 0.56),
        (0.945, 0.1),
        label_ends=True,
        lines=3,
        centred=False,
    ),
    Plan(
        (Opening(Box(0.0, 0.0, 1.0, 0.4)),),
        Box(0.055, 0.5, 0.945, 0.87),
        (0.055, 0.935),
        lines=3,
        centred=False,
    ),
    Plan(
        (Opening(Box(0.0, 0.0, 1.0, 1.0)),),
        Box(0.115, 0.22, 0.565, 0.76),
        (0.115, 0.815),
        paper=Box(0.07, 0.12, 0.61, 0.88),
    ),
)

PLATE_PLANS = (
    _strip(Opening(Box(0.0, 0.0, 1.0, 0.885))),
    _strip(Opening(Box(0.04, 0.07, 0.96, 0.865))),
    _strip(*_row(2, Box(0.04, 0.07, 0.96, 0.865), 0.02, 0.0, Shape.RECTANGLE)),
    _strip(*_row(3, Box(0.04, 0.07, 0.96, 0.865), 0.0178, 0.0, Shape.RECTANGLE)),
    _strip(Opening(Box(0.04, 0.07, 0.6, 0.865)), Opening(Box(0.62, 0.07, 0.96, 0.865))),
    _strip(*_row(3, Box(0.12, 0.07, 0.88, 0.885), 0.03, 0.0, Shape.ARCH)),
    _strip(Opening(Box(0.2, 0.06, 0.8, 0.87), Shape.DISC)),
)
