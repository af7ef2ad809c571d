"""The gate of a connection: its limits hold over all workers, because they live in the database.

Who is refused takes a place in the connection's line, and the oldest place passes first.
"""

from datetime import datetime, timedelta

from django.db import connection as database

from igny8.ai.errors import Busy, NotBefore
from igny8.ai.models import AICall, AIConnection, GatePlace
from igny8.core import clock
from igny8.core.crashpoints import committing
from igny8.core.rows import select_rows
from igny8.jobs.models import Worker

MINUTE = timedelta(minutes=1)
# What is further ahead was written before the clock was put back: it binds nobody any more.
LONGEST_REST = timedelta(minutes=15)
LOOK_AGAIN = timedelta(seconds=10)  # at the latest: `has_turn` ends the wait before
PACE = timedelta(seconds=0.5)  # from one to the next after a rest
ABSENT = timedelta(seconds=5)  # who comes so much later than it said holds nobody up
FORGOTTEN = timedelta(minutes=10)
_LIMITED = """
SELECT 1 FROM igny8_ai_connections WHERE id = %s AND NOT (
    cooldown_until IS NULL AND max_concurrent IS NULL AND requests_per_minute IS NULL)
"""
_IN_A_LINE = "SELECT 1 FROM igny8_ai_gate_places WHERE run_ref = %s"


def pass_gate(connection: AIConnection, *, run_ref: str, worker: str) -> NotBefore | None:
    """None when the run may ask now; else why not, and its place in the line is kept.

    Call it inside the claim, whose transaction must commit either way.
    """
    if not select_rows(_LIMITED, [connection.pk]):
        return None
    now, gate = clock.now(), _locked(connection)
    refusal = _refusal(gate, _ahead_of(gate, run_ref, now), now)
    if refusal is None:
        leave_line(run_ref)
    else:
        _line_up(gate, run_ref, worker, refusal.at)
    return refusal


def hold_gate(connection: AIConnection) -> None:
    """Whoever is about to change what belongs to the account, too, takes the gate first: so no two
    claims wait for each other. On SQLite the transaction itself is the lock."""
    if database.vendor == "postgresql" and select_rows(_LIMITED, [connection.pk]):
        _locked(connection)


def has_turn(run_ref: str, until: datetime) -> bool:
    """True when the run, which waits at a gate until then, may pass by now."""
    if not select_rows(_IN_A_LINE, [run_ref]):  # asked four times a second by each that waits
        return False
    now = clock.now()
    places = GatePlace.objects.filter(run_ref=run_ref, look_at=until)
    return any(
        _refusal(place.connection, _ahead_of(place.connection, run_ref, now), now) is None
        for place in places.select_related("connection")
    )


def leave_line(run_ref: str) -> None:
    """The run got through, or waits for nothing any more."""
    GatePlace.objects.filter(run_ref=run_ref).delete()


def forget_the_absent() -> None:
    """Places of runs that went on without their question, or never came back."""
    GatePlace.objects.filter(look_at__lt=clock.now() - FORGOTTEN).delete()


def cool_down(call: AICall, until: datetime) -> NotBefore:
    """Nobody asks this call's connection anything before `until`; then one after the other."""
    with committing("cool down"):
        gate, now = _locked(call.connection), clock.now()
        gate.cooldown_until = max(until, _rests_until(gate, now) or until)
        gate.save(update_fields=("cooldown_until", "updated_at"))
        ahead = _ahead_of(gate, call.run_ref, now)
        refusal = _refusal(gate, ahead, now) or _resting(gate, until, ahead)
        _line_up(gate, call.run_ref, call.worker, refusal.at)
    return refusal


def leave_alone(connection: AIConnection, until: datetime) -> None:
    """Routes with another model pass it over before `until`; nobody who has no other waits."""
    AIConnection.objects.filter(pk=connection.pk).update(down_until=until)
    connection.down_until = until


def _locked(connection: AIConnection) -> AIConnection:
    rows = AIConnection.objects.filter(pk=connection.pk)
    return (rows.select_for_update() if database.vendor == "postgresql" else rows).get()


def _refusal(gate: AIConnection, ahead: int, now: datetime) -> NotBefore | None:
    """Why and until when a run with so many before it may not pass; None when it may."""
    rests_until = _rests_until(gate, now)
    if rests_until and (at := rests_until + ahead * PACE) > now:
        return _resting(gate, at, ahead)
    if gate.requests_per_minute and (free_at := _minute_is_full(gate, ahead, now)):
        limit = f"{gate.name} takes {gate.requests_per_minute} calls a minute"
        return NotBefore(free_at, f"{limit}{_behind(ahead)}")
    if gate.max_concurrent and _in_flight(gate, now) + ahead >= gate.max_concurrent:
        return Busy(now + LOOK_AGAIN, gate.name, _behind(ahead))
    return None


def _rests_until(gate: AIConnection, now: datetime) -> datetime | None:
    until = gate.cooldown_until
    return until if until and until <= now + LONGEST_REST else None


def _resting(gate: AIConnection, until: datetime, ahead: int) -> NotBefore:
    return NotBefore(until, f"{gate.name} asked us to wait{_behind(ahead)}")


def _behind(ahead: int) -> str:
    if not ahead:
        return ""
    return f", {ahead} {'run waits' if ahead == 1 else 'runs wait'} before this one"


def _ahead_of(gate: AIConnection, run_ref: str, now: datetime) -> int:
    """How many have an older place, live, and come when they said; all, without an own place."""
    line = GatePlace.objects.filter(connection=gate)
    own = line.filter(run_ref=run_ref).values_list("pk", flat=True).first()
    older = line.filter(pk__lt=own) if own else line
    alive = Worker.objects.alive().values("pk")
    return older.filter(look_at__gt=now - ABSENT, worker__in=alive).count()


def _line_up(gate: AIConnection, run_ref: str, worker: str, at: datetime) -> None:
    GatePlace.objects.update_or_create(
        connection=gate, run_ref=run_ref, defaults={"worker": worker, "look_at": at}
    )


def _in_flight(gate: AIConnection, now: datetime) -> int:
    return AICall.objects.filter(
        connection=gate, state=AICall.State.SENT, deadline_at__gt=now
    ).count()


def _minute_is_full(gate: AIConnection, ahead: int, now: datetime) -> datetime | None:
    """When there is room for one more behind those; None when there is now."""
    limit = gate.requests_per_minute or 1
    rounds, place = divmod(ahead, limit)
    newest = (
        AICall.objects.filter(connection=gate).order_by("-pk").values_list("sent_at", flat=True)
    )
    makes_room = newest[limit - 1 - place : limit - place].first()
    if makes_room and makes_room > now + MINUTE:
        makes_room = None
    if not rounds and (makes_room is None or makes_room <= now - MINUTE):
        return None
    return max(makes_room or now, now - MINUTE) + (rounds + 1) * MINUTE
