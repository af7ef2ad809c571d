"""Claiming a call: a stored answer is found, or a new request is put on record and paid for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError
from django.db.models import Q

from igny8.ai.booking import PAID_FOR, give_up, reservation_of
from igny8.ai.connections import Step
from igny8.ai.errors import Bad, NextModel, NotBefore, Stop
from igny8.ai.gate import hold_gate, pass_gate
from igny8.ai.models import AICall
from igny8.ai.origin import Expected, Origin
from igny8.core import clock
from igny8.core.crashpoints import committing
from igny8.core.rows import insert_row, select_rows
from igny8.credits.ledger import NotEnoughCreditsError, hold_purse, reserve
from igny8.jobs.models import Worker

State = AICall.State
UNKNOWN_LIMIT = 2
CUT_LIMIT = 2
SUPERSEDED, UNREACHABLE, DECLINED = "superseded", "unreachable", "declined"
BAD_ANSWER, CUT = "bad_answer", "cut"
LOOK_AGAIN = timedelta(seconds=5)
TO_BOOK_IT = timedelta(seconds=10)  # an answer of the last moment is not lost while it is booked
NOTHING = Decimal(0)
ELSEWHERE = "this question is being answered elsewhere"
_OPEN = Q(state__in=(State.SENT, State.ANSWERED))


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What identifies one question: its key, and the hash of everything that shapes the answer.

    Each step of a route has a hash of its own; an answer to any of them answers the question.
    """

    key: str
    hashes: Sequence[str]
    function: str

    @property
    def object_ref(self) -> str:
        return self.key.split("/")[1]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A call of ours: already `answered`, or to be made now with the last answer's complaint.

    `step` is the place in the route of the model that answered or is to be asked; `cut_at` the
    tokens after which its last answer was cut off.
    """

    call_id: int
    step: int
    answer: bytes | None = None
    cut: bool = False
    complaint: str = ""
    failures: int = 0
    cut_at: int | None = None


def claim(asked: Asked, place: int, step: Step, origin: Origin, expected: Expected) -> Claim:
    """Sets `expected` credits aside for a new call, as far as they are known.

    Raises Halted, Stop, NotBefore, NextModel or Bad when it may not be asked here (now).
    """
    try:
        return _claim(asked, place, step, origin, expected)
    except IntegrityError:
        if not AICall.objects.filter(_OPEN, key=asked.key).exists():
            raise
        raise NotBefore(clock.now() + LOOK_AGAIN, ELSEWHERE) from None


def _claim(asked: Asked, place: int, step: Step, origin: Origin, expected: Expected) -> Claim:
    request_hash = asked.hashes[place]
    with committing("claim call"):
        origin.permit()
        calls = _calls_of(asked.key)
        if (found := _open_call(calls)) and (answered := _reuse_or_close(found, asked, step)):
            return answered
        _refuse_declined(calls, asked)
        earlier = [c for c in calls if c.request_hash == request_hash and not c.forgiven]
        _refuse_hopeless(earlier, origin.attempts)
        if expected != NOTHING:
            hold_gate(step.connection)
            hold_purse(origin.account_id)  # or two claims at once pass a budget together
        origin.afford(asked.object_ref, expected)
        refusal = pass_gate(step.connection, run_ref=origin.run_ref, worker=origin.worker)
        if refusal is None:
            attempt = calls[-1].attempt + 1 if calls else 1
            call_id = _insert(asked, request_hash, step, origin, attempt=attempt, expected=expected)
    if refusal is not None:  # raised only now: the run's place in the line is to be kept
        raise refusal
    rejected = [c for c in earlier if c.state == State.REJECTED]
    cuts = [c.output_tokens or 0 for c in rejected if c.error_code == CUT]
    return Claim(
        call_id=call_id,
        step=place,
        complaint=rejected[-1].complaint if rejected else "",
        failures=sum(c.error_code == UNREACHABLE for c in earlier),
        cut_at=cuts[-1] if cuts else None,
    )


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


def _calls_of(key: str) -> list[AICall]:
    """Mostly none: so much is known without building a query."""
    if not select_rows("SELECT 1 FROM igny8_ai_calls WHERE key = %s LIMIT 1", [key]):
        return []
    return list(AICall.objects.filter(key=key).defer("raw").order_by("attempt"))


def _open_call(calls: list[AICall]) -> AICall | None:
    return next((c for c in calls if c.state in (State.SENT, State.ANSWERED)), None)


def _reuse_or_close(call: AICall, asked: Asked, at: Step) -> Claim | None:
    """The stored answer if it answers this very question; else the old call makes way."""
    if call.state == State.ANSWERED and call.request_hash in asked.hashes:
        place = asked.hashes.index(call.request_hash)
        return Claim(call_id=call.pk, step=place, answer=bytes(call.raw or b""), cut=call.cut)
    if call.state == State.ANSWERED:
        _supersede(call)
        return None
    if call.deadline_at > clock.now() and _has_somebody_waiting(call):
        raise NotBefore(clock.now() + LOOK_AGAIN, ELSEWHERE)
    hold_gate(at.connection)
    give_up(call.pk)
    call.state = State.UNKNOWN
    return None


def _supersede(call: AICall) -> None:
    """Another question is asked now under this key: the old answer is of no use."""
    call.state, call.error_code = State.REJECTED, SUPERSEDED
    call.save(update_fields=("state", "error_code"))


def _has_somebody_waiting(call: AICall) -> bool:
    """A live worker; of a call by hand nobody knows before its deadline."""
    return not call.worker or Worker.objects.alive().filter(pk=call.worker).exists()


def _refuse_declined(calls: list[AICall], asked: Asked) -> None:
    """What one model declined is not put to another one either."""
    for call in calls:
        if call.error_code == DECLINED and call.request_hash in asked.hashes and not call.forgiven:
            raise Bad(DECLINED, f"The model declined: {call.error}")


def _refuse_hopeless(earlier: list[AICall], attempts: int) -> None:
    """An answer cut off twice will be cut off again: that is another model's turn, too."""
    rejected = [c for c in earlier if c.state == State.REJECTED and c.error_code != SUPERSEDED]
    cuts = sum(c.error_code == CUT for c in rejected)
    if len(rejected) >= attempts or cuts >= CUT_LIMIT:
        tries = len(rejected)
        reason = f"No usable answer in {tries} tries: {rejected[-1].error}"
        raise NextModel(Bad(BAD_ANSWER, reason, tries))
    if sum(c.state == State.UNKNOWN for c in earlier) >= UNKNOWN_LIMIT:
        raise Bad(
            "lost_answer",
            "Two requests for this were lost on the way; they may have been charged. "
            "Retry asks once more.",
            UNKNOWN_LIMIT,
        )


def _insert(
    asked: Asked,
    request_hash: str,
    step: Step,
    origin: Origin,
    *,
    attempt: int,
    expected: Expected,
) -> int:
    now, reserved = clock.now(), expected or NOTHING
    deadline = now + timedelta(seconds=step.deadline) + TO_BOOK_IT
    values = {
        "key": asked.key,
        "attempt": attempt,
        "function": asked.function,
        "request_hash": request_hash,
        "connection_id": step.connection.pk,
        "model": step.model,
        "worker": origin.worker,
        "run_ref": origin.run_ref,
        "stage": origin.stage,
        "object_ref": asked.object_ref,
        "site_id": origin.site_id,
        "site_slug": origin.site_slug,
        "reserved": reserved,
        "sent_at": now,
        "deadline_at": deadline,
    }
    call_id = insert_row(AICall, values)
    if reserved:
        _set_aside(call_id, origin.account_id, reserved, deadline + PAID_FOR)
    return call_id


def _set_aside(call_id: int, account_id: int, credits_: Decimal, until: datetime) -> None:
    try:
        reserve(account_id, credits_, key=reservation_of(call_id), expires_at=until)
    except NotEnoughCreditsError as lacking:
        raise Stop("quota", str(lacking)) from None
