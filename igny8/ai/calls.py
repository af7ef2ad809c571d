"""The rows of AICall: claimed before a request, booked when it is answered, used once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.db.models import DateTimeField, F, Q, Value
from django.db.models.functions import Greatest

from igny8.ai.connections import Route
from igny8.ai.errors import Bad, Halted, NotBefore
from igny8.ai.gate import pass_gate
from igny8.ai.models import AICall
from igny8.ai.providers import Reply
from igny8.core import clock
from igny8.core.crashpoints import committing
from igny8.core.rows import as_moment, insert_row, places, select_rows, update_rows
from igny8.credits.models import CreditEntry
from igny8.jobs.models import Worker

State = AICall.State
UNKNOWN_LIMIT = 2
SUPERSEDED, UNREACHABLE, DECLINED = "superseded", "unreachable", "declined"
LOOK_AGAIN = timedelta(seconds=5)
ELSEWHERE = "this question is being answered elsewhere"
_OPEN = Q(state__in=(State.SENT, State.ANSWERED))


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Whom calls are made for, in text: `ai` knows no run and no row.

    `permit` is called inside each claim's transaction and raises Halted or Stop to refuse it;
    `attempts` is how many bad answers one question may get.
    """

    account_id: int
    site_id: int
    site_slug: str
    run_ref: str
    stage: int
    worker: str
    attempts: int
    permit: Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What identifies one question: its key, and the hash of everything that shapes the answer."""

    key: str
    request_hash: str
    function: str

    @property
    def object_ref(self) -> str:
        return self.key.split("/")[1]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A call of ours: already `answered`, or to be made now with the last answer's complaint."""

    call_id: int
    answer: bytes | None = None
    complaint: str = ""
    failures: int = 0


def claim(asked: Asked, route: Route, origin: Origin) -> Claim:
    """Raises Halted, Stop, NotBefore or Bad when this question may not be asked (now)."""
    try:
        return _claim(asked, route, origin)
    except IntegrityError:
        if not AICall.objects.filter(_OPEN, key=asked.key).exists():
            raise
        raise NotBefore(clock.now() + LOOK_AGAIN, ELSEWHERE) from None


def _claim(asked: Asked, route: Route, origin: Origin) -> Claim:
    with committing("claim call"):
        origin.permit()
        calls = _calls_of(asked.key)
        if (found := _open_call(calls)) and (answered := _reuse_or_close(found, asked)):
            return answered
        earlier = [c for c in calls if c.request_hash == asked.request_hash and not c.forgiven]
        _refuse_hopeless(earlier, origin.attempts)
        pass_gate(route.connection)
        call_id = _insert(asked, route, origin, attempt=calls[-1].attempt + 1 if calls else 1)
    rejected = [c for c in earlier if c.state == State.REJECTED]
    return Claim(
        call_id=call_id,
        complaint=rejected[-1].complaint if rejected else "",
        failures=sum(c.error_code == UNREACHABLE for c in earlier),
    )


def book_answer(call_id: int, reply: Reply, origin: Origin) -> None:
    """Keeps the raw answer and books its cost; raises Halted when the call was given up before.

    Done again, after a commit whose outcome got lost, it changes nothing.
    """
    with committing("book answer"):
        facts: dict[str, Any] = {
            "raw": reply.raw,
            "model": reply.model,
            "input_tokens": reply.input_tokens,
            "output_tokens": reply.output_tokens,
            "credits": Decimal(0),
            "ended_at": clock.end_of(_sent_at(call_id)),
        }
        answered = {"state": State.ANSWERED, **facts}
        in_time = update_rows(AICall, answered, "id = %s AND state = 'sent'", [call_id])
        if not in_time and _is_booked(call_id):
            return
        if not in_time:
            update_rows(AICall, {"state": State.LATE, **facts}, "id = %s", [call_id])
        _book(call_id, origin, CreditEntry.Kind.CHARGE if in_time else CreditEntry.Kind.WASTE)
    if not in_time:
        raise Halted("the answer came after its call was given up")


def _sent_at(call_id: int) -> datetime | None:
    rows = select_rows("SELECT sent_at FROM igny8_ai_calls WHERE id = %s", [call_id])
    return as_moment(rows[0][0]) if rows else None


def _end() -> Greatest:
    """Now, and never before it was sent: clocks are set back sometimes."""
    return Greatest(F("sent_at"), Value(clock.now(), output_field=DateTimeField()))


def _is_booked(call_id: int) -> bool:
    """Only the one request of this call can have been answered: it was us, a moment ago."""
    return AICall.objects.filter(pk=call_id, state=State.ANSWERED).exists()


def close_call(call_id: int, state: AICall.State, code: str, error: str) -> None:
    """Ends a call of ours without a usable answer: `rejected` or `failed`."""
    AICall.objects.filter(pk=call_id, state__in=(State.SENT, State.ANSWERED)).update(
        state=state,
        error_code=code,
        error=error[:2000],
        complaint=error[:2000] if state == State.REJECTED else "",
        ended_at=_end(),
    )


def use_calls(call_ids: Sequence[int]) -> None:
    """Their answers are stored elsewhere now: the raw ones go, the keys may be asked again."""
    if call_ids:
        used = {"state": State.USED, "raw": None}
        update_rows(AICall, used, f"id IN ({places(call_ids)})", call_ids)


def forgive_calls(object_refs: Iterable[str], site_id: int) -> None:
    """A person wants these rows tried again: bad, failed and lost calls no longer count."""
    AICall.objects.filter(
        site_id=site_id,
        object_ref__in=list(object_refs),
        state__in=(State.REJECTED, State.FAILED, State.UNKNOWN),
    ).update(forgiven=True)


def forgive_failures(key: str) -> None:
    """The provider was down for this question; when it is back, counting starts anew."""
    AICall.objects.filter(key=key, state=State.FAILED).update(forgiven=True)


def give_up_lost_calls() -> int:
    """Calls sent by dead workers, or past their deadline, turn `unknown`; returns how many."""
    lost = ~Q(worker__in=Worker.objects.alive().values("pk")) | Q(deadline_at__lt=clock.now())
    return AICall.objects.filter(lost, state=State.SENT).update(
        state=State.UNKNOWN, ended_at=_end()
    )


def _calls_of(key: str) -> list[AICall]:
    """Mostly none: so much is known without building a query."""
    if not select_rows("SELECT 1 FROM igny8_ai_calls WHERE key = %s LIMIT 1", [key]):
        return []
    return list(AICall.objects.filter(key=key).defer("raw").order_by("attempt"))


def _open_call(calls: list[AICall]) -> AICall | None:
    return next((c for c in calls if c.state in (State.SENT, State.ANSWERED)), None)


def _reuse_or_close(call: AICall, asked: Asked) -> Claim | None:
    """The stored answer if it answers this very question; else the old call makes way."""
    if call.state == State.ANSWERED and call.request_hash == asked.request_hash:
        return Claim(call_id=call.pk, answer=bytes(call.raw or b""))
    if call.state == State.ANSWERED:
        _turn(call, State.REJECTED, error_code=SUPERSEDED)
        return None
    if call.deadline_at > clock.now() and Worker.objects.alive().filter(pk=call.worker).exists():
        raise NotBefore(clock.now() + LOOK_AGAIN, ELSEWHERE)
    _turn(call, State.UNKNOWN)
    return None


def _turn(call: AICall, state: AICall.State, *, error_code: str = "") -> None:
    call.state, call.error_code, call.ended_at = state, error_code, clock.end_of(call.sent_at)
    call.save(update_fields=("state", "error_code", "ended_at"))


def _refuse_hopeless(earlier: list[AICall], attempts: int) -> None:
    rejected = [c for c in earlier if c.state == State.REJECTED and c.error_code != SUPERSEDED]
    if len(rejected) >= attempts:
        tries = len(rejected)
        raise Bad("bad_answer", f"No usable answer in {tries} tries: {rejected[-1].error}", tries)
    if declined := next((c for c in earlier if c.error_code == DECLINED), None):
        raise Bad(DECLINED, f"The model declined: {declined.error}")
    if sum(c.state == State.UNKNOWN for c in earlier) >= UNKNOWN_LIMIT:
        raise Bad(
            "lost_answer",
            "Two requests for this were lost on the way; they may have been charged. "
            "Retry asks once more.",
            UNKNOWN_LIMIT,
        )


def _insert(asked: Asked, route: Route, origin: Origin, *, attempt: int) -> int:
    now = clock.now()
    values = {
        "key": asked.key,
        "attempt": attempt,
        "function": asked.function,
        "request_hash": asked.request_hash,
        "connection_id": route.connection.pk,
        "model": route.model,
        "worker": origin.worker,
        "run_ref": origin.run_ref,
        "stage": origin.stage,
        "object_ref": asked.object_ref,
        "site_id": origin.site_id,
        "site_slug": origin.site_slug,
        "sent_at": now,
        "deadline_at": now + timedelta(seconds=route.deadline),
    }
    return insert_row(AICall, values)


def _book(call_id: int, origin: Origin, kind: CreditEntry.Kind) -> None:
    values = {
        "account_id": origin.account_id,
        "kind": kind,
        "credits": Decimal(0),
        "cost_microusd": 0,
        "call_id": call_id,
        "run_ref": origin.run_ref,
        "stage": origin.stage,
        "site_id": origin.site_id,
        "site_slug": origin.site_slug,
    }
    insert_row(CreditEntry, values)
