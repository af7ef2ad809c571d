"""One prompt put to its model once, for somebody who words it: paid, and stored nowhere."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

from igny8.accounts.models import Account
from igny8.ai.ask import Ask
from igny8.ai.connections import Step, route_for
from igny8.ai.errors import Bad, Halted, NotBefore, Stop
from igny8.ai.expecting import Purse
from igny8.ai.functions import Answer, ImageAnswer, TextAnswer
from igny8.ai.models import AICall
from igny8.ai.origin import Origin
from igny8.ai.prompts.trial import trial_key, try_prompt
from igny8.automation.budgets import afford_by_hand
from igny8.automation.prompt_items import Item
from igny8.automation.prompts import Prompt
from igny8.automation.wording import credits_text
from igny8.core import clock
from igny8.core.errors import UserError
from igny8.sites.models import Site

TOKEN = re.compile(r"[0-9a-f]{16}")
ONE_TRY = 1
SMALLEST = Decimal("0.1")
FREE, UNKNOWN = "free", "price unknown"


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What came: a text or an image (as an address of its own), how long it took, what it cost."""

    text: str = ""
    image: str = ""
    problem: str = ""
    seconds: float = 0.0
    credits: str = ""

    @property
    def is_fine(self) -> bool:
        return not self.problem


def new_token() -> str:
    """What makes one trial that trial: sent twice, it is paid once."""
    return uuid4().hex[:16]


def kept_token(token: str) -> str:
    """The one a page had, while it was not used up; a new one instead of nonsense."""
    return token if TOKEN.fullmatch(token) else new_token()


def try_once(prompt: Prompt, text: str, item: Item, *, site: Site, token: str) -> Trial:
    """The answer, or the sentence that says why there is none; raises PromptError."""
    own = f"{site.pk}-{kept_token(token)}"
    try:
        ask = Ask(_origin(site, prompt.stage))
        answer = try_prompt(ask, prompt.function, text, item.question, token=own)
    except (Bad, Halted, NotBefore, Stop, UserError) as error:
        return _told(prompt, own, problem=_sentence(error))
    if isinstance(answer, ImageAnswer):
        data = base64.b64encode(answer.image).decode()
        return _told(prompt, own, image=f"data:image/webp;base64,{data}")
    return _told(prompt, own, text=_readable(answer))


def step_of(prompt: Prompt, site: Site) -> Step:
    """Who is asked first."""
    account, name = Account(pk=site.account_id), prompt.function.name
    route = route_for(account, prompt.function.form, function=name, site_id=site.pk)
    return route.steps[0]


def trial_price(prompt: Prompt, text: str, item: Item, site: Site) -> str:
    """`~0.9 credits` for an item told in this text; `free`, or `price unknown`."""
    purse = Purse(account_id=site.account_id, site_id=site.pk)
    function = prompt.function.with_prompt(text)
    expected = purse.expected(function, item.question, step_of(prompt, site))
    if expected is None:
        return UNKNOWN
    return f"~{credits_text(max(expected, SMALLEST))} credits" if expected else FREE


def _origin(site: Site, stage: int) -> Origin:
    """By hand: no run, and no worker whose death would tell that the call is lost."""
    return Origin(
        account_id=site.account_id,
        site_id=site.pk,
        site_slug=site.slug,
        run_ref="",
        stage=stage,
        worker="",
        attempts=ONE_TRY,
        permit=_permitted,
        afford=afford_by_hand(site),
    )


def _permitted() -> None:
    """A person stands behind it, who saw what it costs."""


def _told(prompt: Prompt, token: str, **found: str) -> Trial:
    key = trial_key(prompt.function.name, token)
    calls = list(AICall.objects.filter(key__startswith=key).defer("raw").order_by("pk"))
    took = [(c.ended_at - c.sent_at).total_seconds() for c in calls if c.ended_at]
    used = sum((call.credits or Decimal(0) for call in calls), Decimal(0))
    return Trial(seconds=round(sum(took), 1), credits=_spent(used), **found)


def _spent(used: Decimal) -> str:
    return "under 0.1" if 0 < used < SMALLEST else credits_text(used)


def _sentence(error: Exception) -> str:
    match error:
        case NotBefore():
            seconds = max(1, round((error.at - clock.now()).total_seconds()))
            return f"{_capital(error.why)}. Try again in {seconds} seconds."
        case Halted():
            return f"{_capital(str(error))}. Try again."
    return _capital(str(error))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _readable(answer: Answer) -> str:
    if isinstance(answer, TextAnswer):
        return answer.text
    return "\n".join(_lines(answer.model_dump(mode="json"), ""))


def _lines(value: Any, indent: str) -> Iterator[str]:
    """An object as people write lists: names and values, deeper ones further in."""
    named = value.items() if isinstance(value, dict) else (("", one) for one in value)
    for name, one in named:
        lead = f"{indent}{name}: " if name else f"{indent}– "
        if isinstance(one, dict | list) and one:
            yield lead.rstrip()
            yield from _lines(one, indent + "  ")
        else:
            yield lead + (one if isinstance(one, str) else json.dumps(one, ensure_ascii=False))
