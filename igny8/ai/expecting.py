"""What the next call will cost, as far as one can know, and what the last one did."""

from dataclasses import dataclass, field
from decimal import Decimal
from statistics import quantiles
from typing import Any

from igny8.ai.connections import Step
from igny8.ai.costs import NOTHING, Cost, Pricing, pricing_for
from igny8.ai.errors import Counted
from igny8.ai.functions import AIFunction, Form, Question
from igny8.ai.origin import Expected
from igny8.ai.prompts import prompt_text
from igny8.ai.providers import Reply
from igny8.ai.usage import usage_history
from igny8.credits.estimate import LEAST_HISTORY, tokens_in
from igny8.credits.prices import Usage

USUAL_ANSWER_TOKENS, IMAGE_TOKENS = 1500, 1600
Function = AIFunction[Any, Any]


@dataclass
class Purse:
    """The prices of one batch's calls; looked up once for each model."""

    account_id: int
    site_id: int
    _pricing: dict[tuple[int, str], Pricing] = field(default_factory=dict)
    _usual: dict[tuple[str, int, str], Expected] = field(default_factory=dict)

    def expected(self, function: Function, question: Question, step: Step) -> Expected:
        """Credits that four calls of five stay below; None when no price is known."""
        pricing = self._pricing_of(step)
        if pricing.is_free:
            return Decimal(0)
        usual = self._usual_cost(function, step, pricing)
        if usual is not None:
            return usual
        return pricing.cost_of(function.name, usage_by_size(function, question)).credits

    def cost(self, function: Function, usage: Usage, step: Step) -> Cost:
        return self._pricing_of(step).cost_of(function.name, usage)

    def counted_cost(self, function: Function, counted: Counted, step: Step) -> Cost | None:
        """Of a request without an answer; None when its provider counted nothing."""
        if not counted.input_tokens and not counted.output_tokens:
            return None
        usage = Usage(
            input_tokens=counted.input_tokens or 0, output_tokens=counted.output_tokens or 0
        )
        cost = self.cost(function, usage, step)
        return cost if cost != NOTHING else None

    def _pricing_of(self, step: Step) -> Pricing:
        place = (step.connection.pk, step.model)
        if place not in self._pricing:
            self._pricing[place] = pricing_for(self.account_id, step.connection, step.model)
        return self._pricing[place]

    def _usual_cost(self, function: Function, step: Step, pricing: Pricing) -> Expected:
        """Of the newest good calls; None while there are too few."""
        place = (function.name, step.connection.pk, step.model)
        if place not in self._usual:
            history = usage_history(function.name, step.model, site_id=self.site_id)
            costs = [pricing.cost_of(function.name, usage).credits for usage in history]
            known = [cost for cost in costs if cost is not None]
            enough = len(known) >= LEAST_HISTORY
            self._usual[place] = quantiles(known, n=5, method="inclusive")[-1] if enough else None
        return self._usual[place]


def usage_of(reply: Reply, form: Form) -> Usage:
    return Usage(
        input_tokens=reply.input_tokens,
        # Who asks for vectors pays for what is read only.
        output_tokens=0 if form is Form.EMBEDDING else reply.output_tokens,
        cached_tokens=min(reply.cached_tokens or 0, reply.input_tokens or 0),
        image_tokens=reply.image_tokens or 0,
        images=int(form is Form.IMAGE),
    )


def usage_by_size(function: Function, question: Question) -> Usage:
    """What a first call may take: its prompt, and as long an answer as it may give."""
    told = question.model_dump_json()
    if function.form is Form.EMBEDDING:
        return Usage(input_tokens=tokens_in(told), output_tokens=0)
    read = tokens_in(told) + tokens_in(prompt_text(function))
    if function.form is Form.IMAGE:
        return Usage(
            input_tokens=read, output_tokens=IMAGE_TOKENS, image_tokens=IMAGE_TOKENS, images=1
        )
    planned = function.tokens(question) if function.tokens else USUAL_ANSWER_TOKENS
    return Usage(input_tokens=read, output_tokens=planned)
