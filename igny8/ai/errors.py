"""How an ask ends when it does not end with an answer, and what providers may raise."""

from datetime import datetime
from typing import Protocol, Self


class Counted(Protocol):
    @property
    def input_tokens(self) -> int | None: ...

    @property
    def output_tokens(self) -> int | None: ...


class Halted(Exception):
    """The run was paused, cancelled or given to another worker: nothing more is asked."""


class NotBefore(Exception):
    """Nothing may be asked before `at`; the attempt does not count."""

    def __init__(self, at: datetime, why: str) -> None:
        super().__init__(why)
        self.at = at
        self.why = why


class Busy(NotBefore):
    """Calls of others are under way; the turn may come any moment before `at`."""

    def __init__(self, at: datetime, who: str, ahead: str) -> None:
        super().__init__(at, f"{who} is busy with other calls{ahead}")
        self.line = f"{who} is busy with other calls; going on when it is this run's turn"


class Stop(Exception):
    """The whole run has to pause until a person, or time, removes the cause."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Bad(Exception):
    """These rows will not get a usable answer, after so many tries."""

    def __init__(self, code: str, reason: str, tries: int = 1) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.tries = tries


class NextModel(Exception):
    """This model will not answer; the route's next one may. Without one, `otherwise` is raised."""

    def __init__(self, otherwise: Exception) -> None:
        super().__init__(str(otherwise))
        self.otherwise = otherwise


class ProviderError(Exception):
    """A request that brought no answer; the subclasses say what follows from it.

    Its tokens are what the provider counted all the same, None when it did not."""

    input_tokens: int | None = None
    output_tokens: int | None = None

    def counting(self, reply: "Counted") -> Self:
        """The error with the tokens of a reply that was none."""
        self.input_tokens, self.output_tokens = reply.input_tokens, reply.output_tokens
        return self


class KeyRefusedError(ProviderError):
    """The key, the model or the request itself is refused: asking again cannot help."""


class RequestRefusedError(KeyRefusedError):
    """The key is fine, but the provider does not take a request of this form."""


class QuotaUsedUpError(ProviderError):
    """The provider wants money first."""


class TooManyRequestsError(ProviderError):
    """The provider asks for patience: `retry_after` seconds, None when it did not say."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class UnreachableError(ProviderError):
    """A server error, a timeout, a reset connection: it may work the next time.

    `retry_after`: seconds after which the server wants to be asked again, None when unsaid."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class DeclinedError(ProviderError):
    """The model will not answer this question; the same prompt must not be sent again."""


class UnusableReplyError(ProviderError):
    """An answer came that is none: no text, no choices, not the protocol."""
