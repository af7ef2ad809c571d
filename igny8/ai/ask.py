"""Asking: a stored answer if there is one, else the models of the route, one after the other."""

from typing import Any, TypeVar

from igny8.accounts.models import Account
from igny8.ai.connections import Route, route_for
from igny8.ai.errors import NextModel
from igny8.ai.expecting import Purse
from igny8.ai.functions import AIFunction, Answer, Question
from igny8.ai.inquiry import Inquiry
from igny8.ai.origin import Origin
from igny8.ai.prompts.overrides import with_site_prompt
from igny8.ai.providers import PROVIDERS

Q_ = TypeVar("Q_", bound=Question)
A_ = TypeVar("A_", bound=Answer)


class Ask:
    """Puts the questions of one batch, and remembers the calls whose answers it gave.

    `makers` are the models of all answers in turn, `generated_by` that of the last one.
    """

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.used: list[int] = []
        self.retries = 0
        self.makers: list[str] = []
        self.generated_by = ""
        self.seed: int | None = None
        self._routes: dict[str, Route] = {}
        self._purse = Purse(account_id=origin.account_id, site_id=origin.site_id)

    def __call__(self, function: AIFunction[Q_, A_], question: Q_, *, key: str) -> A_:
        """`key` names function/object/round/part; raises Halted, Stop, NotBefore or Bad."""
        function = with_site_prompt(function, self.origin.site_id, self.origin.prompts_at)
        route = self._route(function)
        inquiry = Inquiry(
            function,
            question,
            route,
            key=key,
            origin=self.origin,
            purse=self._purse,
            providers=PROVIDERS,
        )
        try:
            answer = self._first_answer(inquiry, route)
        finally:
            self.retries += inquiry.retries
        self.used += inquiry.used
        self.generated_by, self.seed = inquiry.generated_by, inquiry.seed
        self.makers.append(inquiry.generated_by)
        return answer

    def _first_answer(self, inquiry: Inquiry[Q_, A_], route: Route) -> A_:
        *others, last = route.standing()
        for place in others:
            try:
                return inquiry.put_to(place, is_last=False)
            except NextModel:
                continue
        try:
            return inquiry.put_to(last, is_last=True)
        except NextModel as spent:
            raise spent.otherwise from None

    def _route(self, function: AIFunction[Any, Any]) -> Route:
        if function.name not in self._routes:
            self._routes[function.name] = route_for(
                Account(pk=self.origin.account_id),
                function.form,
                function=function.name,
                site_id=self.origin.site_id,
            )
        return self._routes[function.name]
