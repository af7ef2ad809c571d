"""The HTTP client of one request: it follows nowhere, retries nothing and reads only so much."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING

from igny8.core.door import guarded_transport, trusted

if TYPE_CHECKING:
    from httpx2 import AsyncClient, Response

CONNECT_SECONDS = 10.0


class ReplyTooLargeError(Exception):
    """The provider sends more bytes than an answer may have."""


def http_client(limit: int, guarded: bool) -> "AsyncClient":
    """A client whose responses end with ReplyTooLargeError after `limit` bytes.

    A guarded one connects only where the outbound door is open. Only connecting has a timeout of
    its own: the caller's deadline bounds the whole request.
    """
    from httpx2 import AsyncClient, Timeout

    return AsyncClient(
        timeout=Timeout(None, connect=CONNECT_SECONDS),
        verify=trusted(),
        transport=guarded_transport(trusted()) if guarded else None,
        trust_env=not guarded,
        headers={"Accept-Encoding": "identity"},
        event_hooks={"response": [_capped(limit)]},
    )


def _capped(limit: int) -> Callable[["Response"], Awaitable[None]]:
    from httpx2 import AsyncByteStream

    class Capped(AsyncByteStream):
        def __init__(self, stream: AsyncByteStream) -> None:
            self.stream = stream

        async def __aiter__(self) -> AsyncIterator[bytes]:
            received = 0
            async for chunk in self.stream:
                received += len(chunk)
                if received > limit:
                    raise ReplyTooLargeError
                yield chunk

        async def aclose(self) -> None:
            await self.stream.aclose()

    async def cap(response: "Response") -> None:
        # Compressed bytes could unfold to any size after they were counted.
        if response.headers.get("content-encoding", "identity") != "identity":
            raise ReplyTooLargeError
        if isinstance(response.stream, AsyncByteStream):
            response.stream = Capped(response.stream)

    return cap
