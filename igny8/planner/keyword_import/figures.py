"""What is known about a keyword: only known figures are held, so unknown can never pass for 0."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter, itemgetter
from typing import Any

from igny8.intake import Row

Figures = dict[str, Any]  # ready for JSON

VOLUME = ("volume", "volume_min", "volume_max", "volume_is_estimate")
ALONE = ("difficulty", "intents", "country", "cluster", "page")
SEEN = ("impressions", "clicks", "position")
# Figures that mean something only together are taken from one statement.
SHOWN_VOLUME = (*VOLUME, "source")
TOGETHER = (("cpc", "currency"), SEEN, *((name,) for name in ALONE))

_stated = attrgetter(
    "volume", "volume_min", "volume_max", "is_estimate", *ALONE, "cpc", "currency", *SEEN
)  # fmt: skip
_NAMES = (*VOLUME, *ALONE, "cpc", "currency", *SEEN)


@dataclass(frozen=True, slots=True)
class Metric:
    """What one tool said, and when."""

    dated: date | None
    figures: Figures


def figures_of(row: Row) -> Figures:
    figures = known(zip(_NAMES, _stated(row), strict=True))
    if row.intents:
        figures["intents"] = list(row.intents)
    if row.cpc is None:
        figures.pop("currency", None)
    return figures


def known(pairs: Iterable[tuple[str, Any]]) -> Figures:
    """Without what is unknown: None, False and whatever is empty; 0 is a figure."""
    return {name: each for name, each in pairs if each or (each == 0 and each is not False)}


def merged(stated: Sequence[Figures]) -> Figures:
    """Of each figure the first that is known; an exact volume goes before a range."""
    best = _first_known(sorted(stated, key=_vagueness), SHOWN_VOLUME)
    for names in TOGETHER:
        best |= _first_known(stated, names)
    return best


def shown(told: Mapping[str, Metric], own: Figures) -> Figures:
    """The figures to show: those of the newest statement that has them, else the keyword's own."""
    by_name = sorted(told.items(), key=itemgetter(0))
    newest_first = sorted(by_name, key=lambda each: each[1].dated or date.min, reverse=True)
    return merged([*({**each.figures, "source": source} for source, each in newest_first), own])


def told_again(before: Metric, now: Metric) -> Metric:
    """Two statements of one tool: the newer one wins, the older one fills what it leaves open."""
    if before.dated and now.dated and now.dated < before.dated:
        return filled(before, now)
    return Metric(now.dated or before.dated, merged([now.figures, before.figures]))


def filled(first: Metric, other: Metric) -> Metric:
    """The first statement, with what only the other knows."""
    return Metric(first.dated or other.dated, merged([first.figures, other.figures]))


def _first_known(stated: Iterable[Figures], names: Sequence[str]) -> Figures:
    parts = ({name: each[name] for name in names if name in each} for each in stated)
    return next(filter(None, parts), {})


def _vagueness(figures: Figures) -> int:
    """0 an exact volume, 1 a range or an estimate, 2 only impressions, 3 nothing."""
    if "volume" in figures and "volume_is_estimate" not in figures:
        return 0
    if any(name in figures for name in VOLUME):
        return 1
    return 2 if "impressions" in figures else 3
