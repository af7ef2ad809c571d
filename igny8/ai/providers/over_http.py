"""A provider behind HTTP, whatever its dialect: one request, its deadline, and what came back."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from igny8.accounts.secrets import SecretLostError
from igny8.ai import keys
from igny8.ai.errors import KeyRefusedError
from igny8.ai.functions import Form
from igny8.ai.models import AIConnection
from igny8.ai.providers.asking import ask_for_image, ask_for_text
from igny8.ai.providers.dialect import Access, Dialect, OutputMode
from igny8.ai.providers.exchange import Exchange
from igny8.ai.providers.faults import fault_of
from igny8.ai.providers.own_server import context_served
from igny8.ai.providers.portal import shared_portal
from igny8.ai.providers.provider import ModelFound, Reply, Request
from igny8.ai.providers.transport import http_client
from igny8.ai.providers.wording import prompt_of

T = TypeVar("T")

TEXT_LIMIT, LARGE_LIMIT = 2_000_000, 20_000_000
LARGE_FORMS = (Form.IMAGE, Form.EMBEDDING)


class OverHTTP:
    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def reply(self, connection: AIConnection, request: Request) -> Reply:
        """One HTTP request within the deadline; raises a ProviderError."""
        prompt, dialect = prompt_of(request), self.dialect
        exchange = _exchange(connection, request.model, request.deadline)
        mode = OutputMode(connection.output_mode or dialect.usual_mode)

        async def ask(access: Access) -> Reply:
            if request.function.form is Form.EMBEDDING:
                return await dialect.vectors(access, request)
            if request.function.form is Form.IMAGE:
                return await ask_for_image(dialect, access, request, prompt)
            return await ask_for_text(
                dialect, access, request, prompt=prompt, mode=mode, exchange=exchange
            )

        limit = LARGE_LIMIT if request.function.form in LARGE_FORMS else TEXT_LIMIT
        return self._within(connection, exchange, limit, request, ask)

    def models(self, connection: AIConnection, *, deadline: float) -> Sequence[ModelFound]:
        """What it offers, in its own order; raises a ProviderError."""
        exchange = _exchange(connection, "", deadline)
        return self._within(connection, exchange, TEXT_LIMIT, None, self.dialect.models)

    def context_served(
        self, connection: AIConnection, model: str, *, deadline: float
    ) -> int | None:
        """What a server of one's own has given the model; raises a ProviderError."""

        async def ask(access: Access) -> int | None:
            return await context_served(access, model)

        return self._within(
            connection, _exchange(connection, model, deadline), TEXT_LIMIT, None, ask
        )

    def _within(
        self,
        connection: AIConnection,
        exchange: Exchange,
        limit: int,
        request: Request | None,
        ask: Callable[[Access], Awaitable[T]],
    ) -> T:
        guarded = not keys.is_operators_own(connection)

        async def bounded() -> T:
            async with asyncio.timeout(exchange.deadline), http_client(limit, guarded) as http:
                return await ask(
                    Access(
                        base_url=connection.base_url,
                        key=exchange.key,
                        http=http,
                        function=request.function.name if request else "",
                        call_id=request.call_id if request else 0,
                    )
                )

        try:
            # Imported in this thread: the loop would spend its first deadline on it.
            self.dialect.load()
            return shared_portal().call(bounded)
        except Exception as error:  # noqa: BLE001 - the library also raises bare IndexErrors
            # Without its causes: their messages may repeat the key.
            raise fault_of(error, exchange) from None


def _exchange(connection: AIConnection, model: str, deadline: float) -> Exchange:
    try:
        key = keys.key_of(connection).strip()
    except SecretLostError as lost:
        raise KeyRefusedError(str(lost)) from None
    return Exchange(model=model, deadline=deadline, key=key)
