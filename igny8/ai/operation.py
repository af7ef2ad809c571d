"""An operation in two halves: decide (may ask, may be repeated), then write (one transaction)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from igny8.ai.ask import Ask
from igny8.sites.models import Site

R = TypeVar("R")
D = TypeVar("D")
Plan = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Batch(Generic[R]):
    """Rows worked on together; `plans` holds what was planned for each row id beforehand.

    `alone`: one row whose batch had no usable answer, so nothing of other rows may be told.
    """

    site: Site
    rows: Sequence[R]
    ask: Ask
    settings: Mapping[str, Any]
    plans: Mapping[int, Plan] = field(default_factory=dict)
    run_id: int = 0
    alone: bool = False


@dataclass(frozen=True, kw_only=True)
class Planned:
    """Where a row stands in its stage's queue: its group, and what is planned for it."""

    row_id: int
    group: str = ""
    plan: Plan | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a write did: the ids it made for each row, and the rows it left out, with the reason."""

    made: Mapping[int, Sequence[int]]
    created: Mapping[int, int] | None = None
    skipped: Mapping[int, str] = field(default_factory=dict)

    def created_for(self, row_id: int) -> int:
        counts = self.created
        return len(self.made.get(row_id, ())) if counts is None else counts.get(row_id, 0)


@dataclass(frozen=True, kw_only=True)
class Operation(Generic[R, D]):
    """The same by hand and in a run; `write` takes the row ids that are still ours.

    `plan` orders a whole queue before its first batch, and may ask for that; `after_parking` is
    told, in the transaction that parks them, which rows get no answer.
    """

    name: str
    decide: Callable[[Batch[R]], D]
    write: Callable[[D, frozenset[int]], Outcome]
    plan: Callable[[Site, Sequence[int], Ask], Sequence[Planned]] | None = None
    after_parking: Callable[[Sequence[int]], None] | None = None
