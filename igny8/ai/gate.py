"""The gate of a connection: its limits hold over all workers, because they live in the database."""

from datetime import datetime, timedelta

from django.db import connection as database
from django.db.models import Q

from igny8.ai.errors import NotBefore
from igny8.ai.models import AICall, AIConnection
from igny8.core import clock
from igny8.core.rows import select_rows

MINUTE = timedelta(minutes=1)
LOOK_AGAIN = timedelta(seconds=2)
_LIMITED = """
SELECT 1 FROM igny8_ai_connections WHERE id = %s AND NOT (
    cooldown_until IS NULL AND max_concurrent IS NULL AND requests_per_minute IS NULL)
"""


def pass_gate(connection: AIConnection) -> None:
    """Raises NotBefore when the connection cools down or is busy; call it inside the claim."""
    if not select_rows(_LIMITED, [connection.pk]):
        return
    now, gate = clock.now(), _locked(connection)
    if gate.cooldown_until and gate.cooldown_until > now:
        raise NotBefore(gate.cooldown_until, f"{gate.name} asked us to wait")
    if gate.max_concurrent and _in_flight(gate, now) >= gate.max_concurrent:
        raise NotBefore(now + LOOK_AGAIN, f"{gate.name} is busy with other calls")
    if gate.requests_per_minute and (free_at := _minute_is_full(gate, now)):
        raise NotBefore(free_at, f"{gate.name} takes {gate.requests_per_minute} calls a minute")


def cool_down(connection: AIConnection, until: datetime) -> None:
    """Nobody asks this connection anything before `until`."""
    AIConnection.objects.filter(pk=connection.pk).filter(
        Q(cooldown_until=None) | Q(cooldown_until__lt=until)
    ).update(cooldown_until=until)


def leave_alone(connection: AIConnection, until: datetime) -> None:
    """Routes with another model pass it over before `until`; nobody who has no other waits."""
    AIConnection.objects.filter(pk=connection.pk).update(down_until=until)
    connection.down_until = until


def _locked(connection: AIConnection) -> AIConnection:
    rows = AIConnection.objects.filter(pk=connection.pk)
    return (rows.select_for_update() if database.vendor == "postgresql" else rows).get()


def _in_flight(gate: AIConnection, now: datetime) -> int:
    return AICall.objects.filter(
        connection=gate, state=AICall.State.SENT, deadline_at__gt=now
    ).count()


def _minute_is_full(gate: AIConnection, now: datetime) -> datetime | None:
    """When the oldest call of a full minute leaves it; None when there is room."""
    newest = AICall.objects.filter(connection=gate, sent_at__gt=now - MINUTE).order_by("-sent_at")
    limit = gate.requests_per_minute or 0
    oldest_of_full = newest.values_list("sent_at", flat=True)[limit - 1 : limit].first()
    return oldest_of_full + MINUTE if oldest_of_full else None
