"""What follows from a request that brought no answer."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from igny8.ai import errors
from igny8.ai.booking import Failure, end_without_answer
from igny8.ai.calls import Asked, Claim, forgive_failures
from igny8.ai.connections import Step
from igny8.ai.costs import Cost
from igny8.ai.gate import LONGEST_REST, cool_down, leave_alone
from igny8.ai.models import AICall, AIConnection
from igny8.ai.origin import Origin
from igny8.core import clock
from igny8.core.crashpoints import crashpoint

PATIENCE = timedelta(seconds=20)
SHORTEST_PATIENCE = timedelta(seconds=1)  # who names less would be asked as fast as we can
BACK_OFF = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=8))
JITTER = 0.25
TRIED_AGAIN = (errors.UnreachableError, errors.UnusableReplyError)


def end_failed_call(
    error: errors.ProviderError, call_id: int, origin: Origin, spent: Cost | None
) -> None:
    """What the provider counted, and bills, although no answer came, is booked with it."""
    unusable = isinstance(error, errors.UnusableReplyError)
    failure = Failure(
        state=AICall.State.REJECTED if unusable else AICall.State.FAILED,
        code=CODES[type(error)],
        error=str(error),
        counted=error,
        spent=spent,
    )
    end_without_answer(call_id, failure, origin)
    crashpoint("failure noted")


def after_failure(
    error: errors.ProviderError, claimed: Claim, asked: Asked, step: Step, *, is_last: bool
) -> None:
    """Returns when the same question may be put again at once; else raises what follows."""
    connection = step.connection
    match error:
        case errors.KeyRefusedError() | errors.QuotaUsedUpError():
            AIConnection.objects.filter(pk=connection.pk).update(attention=str(error))
            crashpoint("attention asked for")
            raise errors.Stop(CODES[type(error)], f"{connection.name}: {error}")
        case errors.TooManyRequestsError():
            wait = timedelta(seconds=error.retry_after) if error.retry_after else PATIENCE
            until = clock.now() + max(SHORTEST_PATIENCE, min(wait, LONGEST_REST))
            raise cool_down(AICall.objects.get(pk=claimed.call_id), until)
        case errors.DeclinedError():
            raise errors.Bad("declined", f"The model declined: {error}")
        case errors.UnreachableError():
            _back_off(error, claimed.failures, asked, connection, is_last=is_last)


def _back_off(
    error: errors.UnreachableError,
    failures: int,
    asked: Asked,
    connection: AIConnection,
    *,
    is_last: bool,
) -> None:
    """The first failure is tried again at once, then after 30 s, 2 min, 8 min; then we stop.

    A server that names a time is not asked before. With another model in the route that one goes
    on, and this connection is left alone a while."""
    named = min(timedelta(seconds=error.retry_after or 0), LONGEST_REST)
    if failures == 0 and not named:
        return
    if failures <= len(BACK_OFF):
        usual = BACK_OFF[failures - 1] if failures else timedelta(0)
        until = clock.now() + max(usual * (1 + JITTER * _share_of(asked.key)), named)
        raise errors.NotBefore(until, f"{connection.name} did not answer: {error}")
    if is_last:
        forgive_failures(asked.key)
        crashpoint("failures forgiven")
    else:
        leave_alone(connection, clock.now() + LONGEST_REST)
    raise errors.NextModel(
        errors.Stop("provider_down", f"{connection.name} does not answer: {error}")
    )


def _share_of(key: str) -> float:
    """From 0 to 1, the same for the same key: so those who failed together do not return so."""
    return hashlib.sha256(key.encode()).digest()[0] / 255


CODES: Mapping[type[errors.ProviderError], str] = {
    errors.KeyRefusedError: "credentials",
    errors.RequestRefusedError: "credentials",
    errors.QuotaUsedUpError: "quota",
    errors.TooManyRequestsError: "rate_limit",
    errors.DeclinedError: "declined",
    errors.UnreachableError: "unreachable",
    errors.UnusableReplyError: "bad_answer",
}
