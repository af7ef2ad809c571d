"""Asking: a stored answer if there is one, else one request; bad answers are asked again."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from pydantic import ValidationError

from igny8.accounts.models import Account
from igny8.ai import errors
from igny8.ai.calls import (
    Asked,
    Claim,
    Origin,
    book_answer,
    claim,
    close_call,
    forgive_failures,
)
from igny8.ai.connections import Route, route_for
from igny8.ai.functions import AIFunction, Answer, Form, Question
from igny8.ai.gate import cool_down
from igny8.ai.models import AICall, AIConnection
from igny8.ai.providers import PROVIDERS, Reply, Request
from igny8.core import clock
from igny8.core.crashpoints import crashpoint
from igny8.core.outages import outlast

Q_ = TypeVar("Q_", bound=Question)
A_ = TypeVar("A_", bound=Answer)

PATIENCE = timedelta(seconds=20)
LONGEST_PATIENCE = timedelta(minutes=15)
BACK_OFF = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=8))
JITTER = 0.25
TRIED_AGAIN = (errors.UnreachableError, errors.UnusableReplyError)
COMPLAINTS_SHOWN = 8
PAID_FOR = timedelta(hours=1)  # an answer waits so long for a database that is away


class Ask:
    """Puts the questions of one batch, and remembers the calls whose answers it gave."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.used: list[int] = []
        self.retries = 0
        self.generated_by = ""
        self._routes: dict[Form, Route] = {}

    def __call__(self, function: AIFunction[Q_, A_], question: Q_, *, key: str) -> A_:
        """`key` names function/object/round/part; raises Halted, Stop, NotBefore or Bad."""
        route = self._route(function.form)
        asked = Asked(
            key=key, request_hash=_hash_of(function, question, route), function=function.name
        )
        while True:
            claimed = claim(asked, route, self.origin)
            answer = self._answer(claimed, asked, route, function, question)
            if answer is not None:
                self.used.append(claimed.call_id)
                self.generated_by = f"{route.connection.kind}:{route.model}"
                return answer

    def _route(self, form: Form) -> Route:
        if form not in self._routes:
            self._routes[form] = route_for(Account(pk=self.origin.account_id), form)
        return self._routes[form]

    def _answer(
        self,
        claimed: Claim,
        asked: Asked,
        route: Route,
        function: AIFunction[Q_, A_],
        question: Q_,
    ) -> A_ | None:
        """A valid answer, or None when the question is to be put once more."""
        raw = claimed.answer
        if raw is None:
            request = Request(
                function=function,
                question=question,
                complaint=claimed.complaint,
                model=route.model,
                deadline=route.deadline,
                call_id=claimed.call_id,
            )
            reply = self._request(claimed, asked, route, request)
            if reply is None:
                return None
            crashpoint("answer came")
            outlast(partial(book_answer, claimed.call_id, reply, self.origin), patience=PAID_FOR)
            raw = reply.raw
            if reply.cut:
                self._reject(claimed, "The answer was cut off at its length limit.")
                return None
        try:
            return function.parse(raw, question)
        except ValidationError as invalid:
            self._reject(claimed, _complaint(invalid))
            return None

    def _reject(self, claimed: Claim, complaint: str) -> None:
        self.retries += 1
        close_call(claimed.call_id, AICall.State.REJECTED, "bad_answer", complaint)
        crashpoint("answer rejected")

    def _request(
        self, claimed: Claim, asked: Asked, route: Route, request: Request
    ) -> Reply | None:
        try:
            reply = PROVIDERS[route.connection.kind].reply(route.connection, request)
        except errors.ProviderError as error:
            self.retries += isinstance(error, TRIED_AGAIN)
            _after_failure(error, claimed, asked, route.connection)
            return None
        if route.connection.attention:
            AIConnection.objects.filter(pk=route.connection.pk).update(attention="")
        return reply


def _after_failure(
    error: errors.ProviderError, claimed: Claim, asked: Asked, connection: AIConnection
) -> None:
    """Returns when the same question may be put again at once; else raises what follows."""
    unusable = isinstance(error, errors.UnusableReplyError)
    state = AICall.State.REJECTED if unusable else AICall.State.FAILED
    close_call(claimed.call_id, state, _CODES[type(error)], str(error))
    crashpoint("failure noted")
    match error:
        case errors.KeyRefusedError() | errors.QuotaUsedUpError():
            AIConnection.objects.filter(pk=connection.pk).update(attention=str(error))
            crashpoint("attention asked for")
            raise errors.Stop(_CODES[type(error)], f"{connection.name}: {error}")
        case errors.TooManyRequestsError():
            wait = timedelta(seconds=error.retry_after) if error.retry_after else PATIENCE
            until = clock.now() + min(wait, LONGEST_PATIENCE)
            cool_down(connection, until)
            crashpoint("cooled down")
            raise errors.NotBefore(until, f"{connection.name} asked us to wait")
        case errors.DeclinedError():
            raise errors.Bad("declined", f"The model declined: {error}")
        case errors.UnreachableError():
            _back_off(error, claimed.failures, asked, connection)


def _back_off(
    error: errors.UnreachableError, failures: int, asked: Asked, connection: AIConnection
) -> None:
    """The first failure is tried again at once, then after 30 s, 2 min, 8 min; then we stop."""
    if failures == 0:
        return
    if failures <= len(BACK_OFF):
        until = clock.now() + BACK_OFF[failures - 1] * (1 + JITTER * _share_of(asked.key))
        raise errors.NotBefore(until, f"{connection.name} did not answer: {error}")
    forgive_failures(asked.key)
    crashpoint("failures forgiven")
    raise errors.Stop("provider_down", f"{connection.name} does not answer: {error}")


def _share_of(key: str) -> float:
    """From 0 to 1, the same for the same key: so those who failed together do not return so."""
    return hashlib.sha256(key.encode()).digest()[0] / 255


_CODES: Mapping[type[errors.ProviderError], str] = {
    errors.KeyRefusedError: "credentials",
    errors.QuotaUsedUpError: "quota",
    errors.TooManyRequestsError: "rate_limit",
    errors.DeclinedError: "declined",
    errors.UnreachableError: "unreachable",
    errors.UnusableReplyError: "bad_answer",
}


def _hash_of(function: AIFunction[Any, Any], question: Question, route: Route) -> str:
    told = f"{function.name}\n{route.connection.kind}\n{route.model}\n{question.model_dump_json()}"
    return hashlib.sha256(told.encode()).hexdigest()


def _complaint(invalid: ValidationError) -> str:
    """What a model, and a person, can act on: the first few faults, each with its place."""
    lines = [
        f"{'.'.join(str(part) for part in fault['loc']) or 'answer'}: {fault['msg']}"
        for fault in invalid.errors(include_url=False, include_input=False)
    ]
    return "; ".join(lines[:COMPLAINTS_SHOWN])
