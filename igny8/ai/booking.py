"""What became of a call: answered and paid for, ended without an answer, or lost on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, F, Q, Value
from django.db.models.functions import Greatest

from igny8.ai.costs import Cost
from igny8.ai.errors import Counted, Halted
from igny8.ai.models import AICall
from igny8.ai.origin import Origin
from igny8.ai.providers import Reply
from igny8.core import clock
from igny8.core.crashpoints import committing
from igny8.core.rows import as_moment, places, select_rows, update_rows
from igny8.credits.ledger import Spending, book, release, settle
from igny8.credits.models import CreditEntry
from igny8.jobs.models import Worker

# An answer waits so long for a database that is away: until then its call is not lost.
PAID_FOR = timedelta(hours=1)
State = AICall.State
Kind = CreditEntry.Kind


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A request that brought no answer; `spent` is what its counted tokens cost, else None."""

    state: AICall.State
    code: str
    error: str
    counted: Counted
    spent: Cost | None = None


def reservation_of(call_id: int) -> str:
    return f"call:{call_id}"


def book_answer(call_id: int, reply: Reply, origin: Origin, cost: Cost) -> None:
    """Keeps the raw answer and books its cost; raises Halted when the call was given up before.

    Done again, after a commit whose outcome got lost, it changes nothing.
    """
    with committing("book answer"):
        facts: dict[str, Any] = {
            "raw": reply.raw,
            "answered_model": reply.model[:120],
            "input_tokens": reply.input_tokens,
            "output_tokens": reply.output_tokens,
            "cached_tokens": reply.cached_tokens,
            "image_tokens": reply.image_tokens,
            "cut": reply.cut,
            "revised_prompt": reply.revised_prompt[:2000],
            "ended_at": clock.end_of(_sent_at(call_id)),
            **_paid(cost),
        }
        answered = {"state": State.ANSWERED, **facts}
        in_time = bool(update_rows(AICall, answered, "id = %s AND state = 'sent'", [call_id]))
        if in_time:
            _book(call_id, origin, Kind.CHARGE, cost)
        elif (before := _state_of(call_id)) == State.ANSWERED:
            in_time = True
        elif before != State.LATE:
            update_rows(AICall, {"state": State.LATE, **facts}, "id = %s", [call_id])
            _book(call_id, origin, Kind.WASTE, cost)
    if not in_time:
        raise Halted("the answer came after its call was given up")


def end_without_answer(call_id: int, failure: Failure, origin: Origin) -> None:
    """Ends a call of ours; what was set aside is free again, what was used all the same is paid."""
    counted, spent = failure.counted, failure.spent
    facts: dict[str, Any] = {
        "error_code": failure.code,
        "error": failure.error[:2000],
        "complaint": failure.error[:2000] if failure.state == State.REJECTED else "",
        "input_tokens": counted.input_tokens,
        "output_tokens": counted.output_tokens,
        "ended_at": clock.end_of(_sent_at(call_id)),
        **(_paid(spent) if spent else {}),
    }
    with committing("end call"):
        in_time = update_rows(
            AICall, {"state": failure.state, **facts}, "id = %s AND state = 'sent'", [call_id]
        )
        if in_time and spent:
            _book(call_id, origin, Kind.CHARGE, spent)
        elif in_time:
            release(reservation_of(call_id))
        elif spent and _state_of(call_id) == State.UNKNOWN:
            update_rows(AICall, {"state": State.LATE, **facts}, "id = %s", [call_id])
            _book(call_id, origin, Kind.WASTE, spent)


def reject_answers(call_ids: Sequence[int], code: str, complaint: str) -> None:
    """These answers are of no use, though they were paid for."""
    AICall.objects.filter(pk__in=call_ids, state=State.ANSWERED).update(
        state=State.REJECTED, error_code=code, error=complaint[:2000], complaint=complaint[:2000]
    )


def use_calls(call_ids: Sequence[int]) -> None:
    """Their answers are stored elsewhere now: the raw ones go, the keys may be asked again."""
    if call_ids:
        used = {"state": State.USED, "raw": None}
        update_rows(AICall, used, f"id IN ({places(call_ids)})", call_ids)


def give_up_lost_calls() -> int:
    """Calls of dead workers turn `unknown`, and those that nobody can be about to book any more;
    returns how many."""
    of_dead = ~Q(worker="") & ~Q(worker__in=Worker.objects.alive().values("pk"))
    lost = of_dead | Q(deadline_at__lt=clock.now() - PAID_FOR)
    found = AICall.objects.filter(lost, state=State.SENT).values_list("pk", flat=True)
    return sum(give_up(call_id) for call_id in found)


def give_up(call_id: int) -> bool:
    """Nobody will hear its answer: what was set aside is free again, though it may have been paid.

    Budgets go on counting it.
    """
    with transaction.atomic():
        ended = Greatest(F("sent_at"), Value(clock.now(), output_field=DateTimeField()))
        sent = AICall.objects.filter(pk=call_id, state=State.SENT)
        if not sent.update(state=State.UNKNOWN, ended_at=ended):
            return False
        release(reservation_of(call_id))
    return True


def _paid(cost: Cost) -> dict[str, Any]:
    return {"cost_microusd": cost.microusd, "credits": cost.credits or Decimal(0)}


def _sent_at(call_id: int) -> datetime | None:
    rows = select_rows("SELECT sent_at FROM igny8_ai_calls WHERE id = %s", [call_id])
    return as_moment(rows[0][0]) if rows else None


def _state_of(call_id: int) -> str:
    return AICall.objects.values_list("state", flat=True).get(pk=call_id)


def _book(call_id: int, origin: Origin, kind: CreditEntry.Kind, cost: Cost) -> None:
    spending = Spending(
        credits=cost.credits or Decimal(0),
        cost_microusd=cost.microusd,
        call_id=call_id,
        kind=kind,
        run_ref=origin.run_ref,
        stage=origin.stage,
        site_id=origin.site_id,
        site_slug=origin.site_slug,
    )
    if cost.is_free:
        book(origin.account_id, spending)
    else:
        settle(reservation_of(call_id), origin.account_id, spending)
