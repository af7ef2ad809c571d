"""What a chunk changes in a site; decided without writing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from igny8.planner.keyword_import.figures import Figures, Metric, filled, shown, told_again
from igny8.planner.keyword_import.known import Known
from igny8.planner.keyword_import.reading import Arrival


@dataclass(frozen=True, slots=True)
class Changes:
    """Keywords to add, statements to keep (by normalised keyword), figures to show (by id)."""

    new: list[Arrival] = field(default_factory=list)
    told: list[tuple[str, Metric]] = field(default_factory=list)
    shown: list[tuple[int, Figures]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.told or self.shown)


def decide(
    arrivals: list[Arrival], found: Mapping[str, Known], source: str, dated: date | None
) -> Changes:
    """Only figures change on a keyword that is there: its text, status and place stay."""
    changes = Changes()
    for arrival in arrivals:
        if known := found.get(arrival.normalised):
            _hear(changes, arrival, known, source, dated)
        elif not arrival.repeats:
            changes.new.append(arrival)
            if arrival.figures:
                changes.told.append((arrival.normalised, Metric(dated, arrival.figures)))
    return changes


def _hear(
    changes: Changes, arrival: Arrival, known: Known, source: str, dated: date | None
) -> None:
    before = known.told.get(source)
    after = _statement(before, Metric(dated, arrival.figures), arrival)
    if after == before or not after.figures:
        return
    changes.told.append((arrival.normalised, after))
    now_shown = shown(known.told | {source: after}, known.own)
    if now_shown != known.own:
        changes.shown.append((known.pk, now_shown))


def _statement(before: Metric | None, now: Metric, arrival: Arrival) -> Metric:
    if before is None or before == now:
        return now
    return filled(before, now) if arrival.repeats else told_again(before, now)
