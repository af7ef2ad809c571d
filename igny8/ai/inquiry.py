"""One question put to one model: claimed, requested, read, and asked again when it must be."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from igny8.ai import errors
from igny8.ai.booking import PAID_FOR, book_answer, reject_answers
from igny8.ai.calls import CUT, Asked, Claim, claim
from igny8.ai.connections import Route, Step
from igny8.ai.continuing import ended, joined, whole_words
from igny8.ai.expecting import Purse, usage_of
from igny8.ai.failures import TRIED_AGAIN, after_failure, end_failed_call
from igny8.ai.functions import AIFunction, Answer, Form, Question, TextAnswer
from igny8.ai.models import AIConnection
from igny8.ai.origin import Origin
from igny8.ai.prompts import prompt_fingerprint
from igny8.ai.providers import Provider, Request
from igny8.ai.providers.exchange import one_line
from igny8.core.crashpoints import crashpoint
from igny8.core.outages import outlast

Q = TypeVar("Q", bound=Question)
A = TypeVar("A", bound=Answer)

COMPLAINTS_SHOWN = 8
MOST_CONTINUATIONS = 2
MORE_TOKENS, LEAST_TOKENS = 1.6, 4096
CUT_OFF = "The answer was cut off at its length limit."
BAD_ANSWER = "bad_answer"
LONGEST_NAME = 120


@dataclass(frozen=True)
class Received:
    """The raw answer of a call, which may lack its end."""

    raw: bytes
    cut: bool

    @property
    def text(self) -> str:
        return self.raw.decode("utf-8", "replace")


class Inquiry(Generic[Q, A]):
    """`used` are the calls the answer was made of, `generated_by` the model that gave it."""

    def __init__(
        self,
        function: AIFunction[Q, A],
        question: Q,
        route: Route,
        *,
        key: str,
        origin: Origin,
        purse: Purse,
        providers: Mapping[str, Provider],
    ) -> None:
        self.function, self.question, self.route = function, question, route
        self.origin, self.purse, self.providers = origin, purse, providers
        hashes = [_hash_of(function, question, step) for step in route.steps]
        self.asked = Asked(key=key, hashes=hashes, function=function.name)
        self.used: list[int] = []
        self.retries = 0
        self.generated_by = ""
        self.seed: int | None = None

    def put_to(self, place: int, *, is_last: bool) -> A:
        """Raises NextModel when this step of the route has had its chances."""
        step = self.route.steps[place]
        while True:
            expected = self.purse.expected(self.function, self.question, step)
            claimed = claim(self.asked, place, step, self.origin, expected)
            received = self._receive(claimed, self.asked, step, is_last=is_last)
            answer = self._read(claimed, received) if received else None
            if answer is not None:
                by = self.route.steps[claimed.step]
                self.generated_by = f"{by.connection.kind}:{by.model}"[:LONGEST_NAME]
                self.seed = by.settings.seed
                return answer

    def _read(self, claimed: Claim, received: Received) -> A | None:
        """The valid answer; None when it was rejected and the question is to be put once more."""
        chain, raw, cut = [claimed.call_id], received.raw, received.cut
        if cut and (self.function.form is not Form.TEXT or not received.text.strip()):
            self._reject(chain, CUT, CUT_OFF)
            return None
        if cut:
            text, cut = self._continued(received.text, claimed.step, chain)
            raw = text.encode()
        try:
            answer = self.function.parse(raw, self.question)
        except ValidationError as invalid:
            self._reject(chain, BAD_ANSWER, _complaint(invalid))
            return None
        if objection := self._objection(answer, claimed.step):
            self._reject(chain, BAD_ANSWER, objection)
            return None
        self.used = chain
        if cut and isinstance(answer, TextAnswer):
            return answer.without_its_end()
        return answer

    def _objection(self, answer: A, place: int) -> str:
        is_sample = self.route.steps[place].connection.kind == AIConnection.Kind.SAMPLE
        if is_sample or self.function.objection is None:
            return ""
        return self.function.objection(self.question, answer)

    def _continued(self, first: str, place: int, chain: list[int]) -> tuple[str, bool]:
        """The text with what the same model added, and whether it still lacks its end."""
        step, text = self.route.steps[place], whole_words(first)
        for number in range(1, MOST_CONTINUATIONS + 1):
            part = _part(self.asked, number, place, text)
            added = self._add(part, step, text, chain)
            if added is None:
                break
            text = joined(text, added.text)
            if not added.cut:
                return text, False
            text = whole_words(text)
        return ended(text), True

    def _add(self, part: Asked, step: Step, so_far: str, chain: list[int]) -> Received | None:
        """None when the model adds nothing more; a provider that is down stops us as ever."""
        try:
            while True:
                expected = self.purse.expected(self.function, self.question, step)
                claimed = claim(part, 0, step, self.origin, expected)
                received = self._receive(claimed, part, step, is_last=True, so_far=so_far)
                if received:
                    chain.append(claimed.call_id)
                    return received if received.text.strip() else None
        except errors.NextModel as spent:
            if isinstance(spent.otherwise, errors.Stop):
                raise spent.otherwise from None
            return None

    def _receive(
        self, claimed: Claim, asked: Asked, step: Step, *, is_last: bool, so_far: str = ""
    ) -> Received | None:
        if claimed.answer is not None:
            return Received(claimed.answer, claimed.cut)
        request = Request(
            function=self.function,
            question=self.question,
            complaint=claimed.complaint,
            model=step.model,
            deadline=step.deadline,
            call_id=claimed.call_id,
            so_far=so_far,
            most_tokens=self._most_tokens(claimed, step),
            settings=step.settings,
        )
        try:
            reply = self.providers[step.connection.kind].reply(step.connection, request)
        except errors.ProviderError as error:
            self.retries += isinstance(error, TRIED_AGAIN)
            spent = self.purse.counted_cost(self.function, error, step)
            end_failed_call(error, claimed.call_id, self.origin, spent)
            after_failure(error, claimed, asked, step, is_last=is_last)
            return None
        if step.connection.attention:
            AIConnection.objects.filter(pk=step.connection.pk).update(attention="")
        crashpoint("answer came")
        cost = self.purse.cost(self.function, usage_of(reply, self.function.form), step)
        outlast(partial(book_answer, claimed.call_id, reply, self.origin, cost), patience=PAID_FOR)
        return Received(reply.raw, reply.cut)

    def _most_tokens(self, claimed: Claim, step: Step) -> int | None:
        """What the answer needs and the model may think; more when that was too little before."""
        planned = self.function.tokens and self.function.tokens(self.question)
        if planned is not None:
            planned += step.settings.spare_tokens
        if claimed.cut_at is None:
            return planned
        return max(LEAST_TOKENS, round(MORE_TOKENS * max(claimed.cut_at, planned or 0)))

    def _reject(self, call_ids: list[int], code: str, complaint: str) -> None:
        self.retries += 1
        reject_answers(call_ids, code, complaint)
        crashpoint("answer rejected")


def _part(asked: Asked, number: int, place: int, so_far: str) -> Asked:
    """The question for the next part of a text: another one for another beginning."""
    told = hashlib.sha256(f"{asked.hashes[place]}\n{so_far}".encode()).hexdigest()
    return replace(asked, key=f"{asked.key}+{number}", hashes=[told])


def _hash_of(function: AIFunction[Any, Any], question: Question, step: Step) -> str:
    settings = step.settings.model_dump_json(exclude_defaults=True, exclude={"seconds"})
    prompt = "" if function.form is Form.EMBEDDING else prompt_fingerprint(function)
    told = "\n".join(
        (
            function.name,
            prompt,
            step.connection.kind,
            step.connection.name,
            step.model,
            settings,
            question.model_dump_json(),
        )
    )
    return hashlib.sha256(told.encode()).hexdigest()


def _complaint(invalid: ValidationError) -> str:
    """What a model, and a person, can act on: the first few faults, each with its place."""
    lines = [
        f"{'.'.join(str(part) for part in fault['loc']) or 'answer'}: {fault['msg']}"
        for fault in invalid.errors(include_url=False, include_input=False)
    ]
    return one_line("; ".join(lines[:COMPLAINTS_SHOWN]))
