"""What the calls of a queue may cost: each function's with the model that would answer it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from igny8.accounts.models import Account
from igny8.ai.connections import route_for
from igny8.ai.costs import Pricing, pricing_for
from igny8.ai.functions import AIFunction, Form
from igny8.ai.models import AIConnection
from igny8.ai.prompts import prompt_text
from igny8.ai.prompts.overrides import with_site_prompt
from igny8.ai.usage import Took, calls_taken
from igny8.automation.models import AutomationRun
from igny8.automation.prompts import PROMPTS
from igny8.automation.workload import WORK, Queue, Work, units_then
from igny8.credits.account_prices import own_price, tariff_of
from igny8.credits.estimate import Load, tokens_in
from igny8.credits.prices import Usage, price_of
from igny8.planner.functions.embed_keywords import ask_vectors
from igny8.sites.models import Site

RUN_REF = "run:"
MOST_OF_A_STAGE = (
    "auto_cluster", "generate_ideas", "write_section", "generate_image_prompts", "generate_images"
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Models to ask instead of those that would be; nobody needs a key for them yet."""

    text: str = ""
    image: str = ""

    def model(self, form: Form) -> str:
        """Empty where nothing was chosen, as for vectors: a model that writes gives none."""
        if form is Form.EMBEDDING:
            return ""
        return self.image if form is Form.IMAGE else self.text


NOT_CHOSEN = Chosen()


@dataclass(frozen=True, kw_only=True)
class Answering:
    """Which model would answer a function of a stage, and what it charges."""

    stage: int
    function: AIFunction[Any, Any]
    model: str
    pricing: Pricing
    connection: AIConnection | None = None

    @property
    def label(self) -> str:
        """`openai_compatible:gpt-5-mini`; a model without a connection goes by its name."""
        return f"{self.connection.kind}:{self.model}" if self.connection else self.model


def answering(site: Site, chosen: Chosen) -> list[Answering]:
    """Every function that a stage calls, with the first model of its route."""
    functions = [(prompt.stage, prompt.function) for prompt in PROMPTS]
    if site.embeddings == Site.Embeddings.ENDPOINT:
        functions.insert(0, (1, ask_vectors))
    return [_answering(site, stage, function, chosen) for stage, function in functions]


def load_of(one: Answering, queue: Queue, site: Site) -> Load:
    """Its calls for this queue, with what such calls took before."""
    work = WORK[one.function.name]
    calls = work.calls(queue)
    usage = _expected(one.function, work, queue, site, units=work.units(queue))
    load = Load(
        stage=one.stage,
        calls=calls,
        expected=_credits(one, usage),
        count_spread=queue.spreads.get(one.stage, 0.0),
    )
    if not calls or load.expected is None:
        return load
    if one.pricing.is_free or _is_fixed(one, usage, load.expected):
        return replace(load, is_fixed=True)
    return replace(load, history=_history(one, work, queue, site))


def _answering(site: Site, stage: int, function: AIFunction[Any, Any], chosen: Chosen) -> Answering:
    account: Account = site.account
    if model := chosen.model(function.form):
        price = partial(price_of, model, own=own_price(account.pk, model))
        pricing = Pricing(price=price, tariff=tariff_of(account.pk))
        return Answering(stage=stage, function=function, model=model, pricing=pricing)
    route = route_for(account, function.form, function=function.name, site_id=site.pk)
    return Answering(
        stage=stage,
        function=function,
        model=route.model,
        pricing=pricing_for(account.pk, route.connection, route.model),
        connection=route.connection,
    )


def _credits(one: Answering, usage: Usage) -> Decimal | None:
    return one.pricing.cost_of(one.function.name, usage).credits


def _expected(
    function: AIFunction[Any, Any], work: Work, queue: Queue, site: Site, *, units: float
) -> Usage:
    """One call by its size: the prompt with its data, and the answer's form, are told."""
    told = _told_always(function, site) + work.told(queue) + work.told_a_unit * units
    made = work.made_a_unit * units
    is_image = function.form is Form.IMAGE
    return Usage(
        input_tokens=round(told),
        output_tokens=round(made),
        image_tokens=round(made) if is_image else 0,
        images=int(is_image),
    )


def _told_always(function: AIFunction[Any, Any], site: Site) -> int:
    if function.form is Form.EMBEDDING:
        return 0
    told = tokens_in(prompt_text(with_site_prompt(function, site.pk)))
    if function.form is Form.STRUCTURED:
        told += tokens_in(json.dumps(function.answer.model_json_schema()))
    return told


def _is_fixed(one: Answering, usage: Usage, expected: Decimal) -> bool:
    """Whether the size of a call has no part in its price, as with a price for each image."""
    larger = replace(
        usage,
        input_tokens=2 * (usage.input_tokens or 0),
        output_tokens=2 * (usage.output_tokens or 0),
        image_tokens=2 * usage.image_tokens,
    )
    return _credits(one, larger) == expected


def _history(one: Answering, work: Work, queue: Queue, site: Site) -> list[float]:
    """What a good answer cost, the bad ones before it included, at today's prices and settings."""
    took = calls_taken(one.function.name, one.model, site_id=site.pk, account_id=site.account_id)
    scales, costs = _scales(one, work, queue, site, took), list(_costs(one, took))
    paid = sum(cost for call, cost in costs if call.is_good)
    wasted = sum(cost for call, cost in costs if not call.is_good)
    share = wasted / paid if paid else 0.0
    return [cost * scales[call.run_ref] * (1 + share) for call, cost in costs if call.is_good]


def _costs(one: Answering, took: list[Took]) -> Iterator[tuple[Took, float]]:
    for call in took:
        if (cost := _credits(one, call.usage)) is not None:
            yield call, float(cost)


def _scales(
    one: Answering, work: Work, queue: Queue, site: Site, took: list[Took]
) -> dict[str, float]:
    """By run: how much larger a call is now than it was with the settings of that run."""
    refs = {call.run_ref for call in took}
    scales = dict.fromkeys(refs, 1.0)
    if work.setting is None:
        return scales
    now, usual = _of_size(one, work, work.units(queue), queue, site), work.setting(queue.settings)
    pks = [int(ref.removeprefix(RUN_REF)) for ref in refs if ref.startswith(RUN_REF)]
    for pk, config in AutomationRun.objects.filter(pk__in=pks).values_list("pk", "config"):
        units = units_then(work, config)
        if units and units != usual:
            then = _of_size(one, work, units, queue, site)
            scales[f"{RUN_REF}{pk}"] = now / then if then else 1.0
    return scales


def _of_size(one: Answering, work: Work, units: float, queue: Queue, site: Site) -> float:
    return float(_credits(one, _expected(one.function, work, queue, site, units=units)) or 0)
