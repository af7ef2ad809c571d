"""An export read in chunks: bad rows put aside, repeated keywords folded into one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from igny8.intake import BadRow, Row
from igny8.planner.keyword_import.figures import Figures, figures_of, merged

# Writing a chunk holds SQLite's write lock, for new keywords about 60 ms. Smaller chunks make an
# import slower: each commit writes most pages of the indexes anew.
CHUNK = 1_500
MOST_LISTED = 10_000


@dataclass(slots=True)
class Arrival:
    """A keyword of one chunk, with what all its rows there say."""

    line: int
    keyword: str
    normalised: str
    figures: Figures
    repeats: bool  # an earlier chunk of the file had it


@dataclass(slots=True)
class Reading:
    """What the file has shown so far."""

    total: int = 0
    bad: int = 0
    twice: int = 0  # rows whose keyword the file had before
    errors: list[BadRow] = field(default_factory=list)
    _met: set[str] = field(default_factory=set)

    def chunks(self, outcomes: Iterator[Row | BadRow]) -> Iterator[list[Arrival]]:
        while taken := list(islice(outcomes, CHUNK)):
            self.total += len(taken)
            yield self._fold(taken)

    def _fold(self, taken: list[Row | BadRow]) -> list[Arrival]:
        arrivals: dict[str, Arrival] = {}
        for outcome in taken:
            if isinstance(outcome, BadRow):
                self._put_aside(outcome)
            elif first := arrivals.get(outcome.normalised):
                first.figures = merged([first.figures, figures_of(outcome)])
                self.twice += 1
            else:
                arrivals[outcome.normalised] = self._arrival(outcome)
        self._met.update(arrivals)
        return list(arrivals.values())

    def _arrival(self, row: Row) -> Arrival:
        repeats = row.normalised in self._met
        self.twice += repeats
        return Arrival(row.line, row.keyword, row.normalised, figures_of(row), repeats)

    def _put_aside(self, row: BadRow) -> None:
        self.bad += 1
        if len(self.errors) < MOST_LISTED:
            self.errors.append(row)
