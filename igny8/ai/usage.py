"""What calls of a function took, for the estimate of the next ones."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from igny8.ai.models import AICall
from igny8.credits.estimate import HISTORY_LOOKED_AT, LEAST_HISTORY
from igny8.credits.prices import Usage

CALLS_LOOKED_THROUGH = 5000
State = AICall.State
GOOD = (State.ANSWERED, State.USED)
_FIELDS = ("state", "run_ref", "input_tokens", "output_tokens", "cached_tokens", "image_tokens")


@dataclass(frozen=True, kw_only=True)
class Took:
    """What one call took and for which run; `is_good` False: it was paid for and not used."""

    usage: Usage
    run_ref: str
    is_good: bool


def usage_history(function: str, model: str, *, site_id: int) -> list[Usage]:
    """The newest good calls of the site; of all sites while the site has too few."""
    return [one.usage for one in calls_taken(function, model, site_id=site_id) if one.is_good]


def calls_taken(
    function: str, model: str, *, site_id: int, account_id: int | None = None
) -> list[Took]:
    """The newest calls of the site; of its account, then of all, while there are too few."""
    newest = AICall.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    calls = AICall.objects.filter(
        pk__gt=newest - CALLS_LOOKED_THROUGH,
        function=function,
        model=model,
        state__in=(*GOOD, State.REJECTED),
        output_tokens__isnull=False,
    ).order_by("-pk")
    of_account = Q() if account_id is None else Q(connection__account_id=account_id)
    found: list[Took] = []
    for whose in (Q(site_id=site_id), of_account, Q()):
        rows = calls.filter(whose).values_list(*_FIELDS)[: 2 * HISTORY_LOOKED_AT]
        found = list(_taken(rows))
        if sum(one.is_good for one in found) >= LEAST_HISTORY:
            break
    return found


def _taken(rows: Iterable[tuple[Any, ...]]) -> Iterator[Took]:
    """Up to the last good call that is looked at."""
    good = 0
    for state, run_ref, told, made, cached, drawn in rows:
        if good == HISTORY_LOOKED_AT:
            return
        good += state in GOOD
        usage = Usage(
            input_tokens=told,
            output_tokens=made,
            cached_tokens=cached or 0,
            image_tokens=drawn or 0,
        )
        yield Took(usage=usage, run_ref=run_ref, is_good=state in GOOD)
