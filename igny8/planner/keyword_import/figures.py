"""What is known about a keyword: only known figures are held, so unknown can never pass for 0."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from igny8.intake import Row

Figures = dict[str, Any]  # ready for JSON

VOLUME = ("volume", "volume_min", "volume_max", "volume_is_estimate", "source")
PRICE = ("cpc", "currency")
SEEN = ("impressions", "clicks", "position")
# Figures that mean something only together come from one statement.
TOGETHER = (PRICE, SEEN, ("difficulty",), ("intents",), ("country",), ("cluster",), ("page",))

_NAMES = (
    "volume", "volume_min", "volume_max", "difficulty", "country", "cluster", "page", *PRICE, *SEEN,
)  # fmt: skip
_stated = attrgetter(*_NAMES)


@dataclass(frozen=True, slots=True)
class Metric:
    """What one tool said, and when."""

    dated: date | None
    figures: Figures


def figures_of(row: Row) -> Figures:
    figures = {
        name: each for name, each in zip(_NAMES, _stated(row), strict=True) if each is not None
    }
    if row.is_estimate:
        figures["volume_is_estimate"] = True
    if row.intents:
        figures["intents"] = list(row.intents)
    if row.cpc is None:
        figures.pop("currency", None)
    return figures


def merged(stated: Sequence[Figures]) -> Figures:
    """Of each figure the first that is known; an exact volume goes before a range."""
    best = _first_known(sorted(stated, key=_vagueness), VOLUME)
    for names in TOGETHER:
        best |= _first_known(stated, names)
    return best


def shown(told: Mapping[str, Metric], own: Figures) -> Figures:
    """What to show: the figures of the newest statement that has them, else the keyword's own."""
    in_turn = sorted(told.items(), key=lambda each: _age(*each))
    return merged([*({**each.figures, "source": source} for source, each in in_turn), own])


def told_again(before: Metric, now: Metric) -> Metric:
    """Two statements of one tool: the newer one wins, the older one fills what it leaves open."""
    if before.dated and now.dated and now.dated < before.dated:
        return filled(before, now)
    return Metric(now.dated or before.dated, merged([now.figures, before.figures]))


def filled(first: Metric, other: Metric) -> Metric:
    """The first statement, with what only the other knows."""
    return Metric(first.dated or other.dated, merged([first.figures, other.figures]))


def _first_known(stated: Iterable[Figures], names: Sequence[str]) -> Figures:
    for figures in stated:
        if part := {name: figures[name] for name in names if name in figures}:
            return part
    return {}


def _vagueness(figures: Figures) -> int:
    """0 an exact volume, 1 a range or an estimate, 2 only impressions, 3 nothing."""
    if "volume" in figures and "volume_is_estimate" not in figures:
        return 0
    if not figures.keys().isdisjoint(("volume", "volume_min", "volume_max")):
        return 1
    return 2 if "impressions" in figures else 3


def _age(source: str, metric: Metric) -> tuple[int, str]:
    """The newest first; on one day, and without a day, in the order of the tools' names."""
    return -(metric.dated or date.min).toordinal(), source
