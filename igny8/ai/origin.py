"""Whom a call is made for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

Expected = Decimal | None


def without_budget(object_ref: str, expected: Expected) -> None:
    """Nothing limits what is spent."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Whom calls are made for, in text: `ai` knows no run and no row.

    Both are called inside each claim's transaction: `permit` raises Halted or Stop to refuse any
    claim, `afford` raises Stop or Bad when a new call for this object, expected to cost so many
    credits (None: unknown), would pass a budget. `attempts` is how many bad answers one question
    may get. `worker` is empty when a person's page asks: such a call is lost only past its
    deadline. `prompts_at` is the moment whose prompts are told; None is now.
    """

    account_id: int
    site_id: int
    site_slug: str
    run_ref: str
    stage: int
    worker: str
    attempts: int
    permit: Callable[[], None]
    afford: Callable[[str, Expected], None] = without_budget
    prompts_at: datetime | None = None
