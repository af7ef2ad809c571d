"""What comes out of a keyword export: one row a keyword, or the reason there is none."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, make_dataclass
from typing import Any

MAX_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Row:
    """One keyword as the file states it; None is unknown, never 0."""

    line: int
    keyword: str
    normalised: str
    volume: int | None = None
    volume_min: int | None = None
    volume_max: int | None = None
    is_estimate: bool = False
    difficulty: float | None = None
    cpc: float | None = None
    currency: str | None = None
    intents: tuple[str, ...] = ()
    country: str | None = None
    cluster: str | None = None
    page: str | None = None
    impressions: int | None = None
    clicks: int | None = None
    position: float | None = None


# The same slots without the frozen constructor, which takes four times as long: a draft is
# filled and then becomes a Row by its class, `draft.__class__ = Row`.
Draft: type[Any] = make_dataclass(
    "Draft", [(each.name, each.type, each) for each in fields(Row)], slots=True
)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was left out, with its line in the file and the reason."""

    line: int
    reason: str
    text: str = field(default="", compare=False)  # how the row begins


def text_of(cells: Sequence[str]) -> str:
    """A row as a person may recognise it."""
    return " ; ".join(cell for cell in cells[:MAX_SHOWN] if cell)[:MAX_SHOWN]
