"""What can go wrong between us and a provider, told apart and said in sentences without the key."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any

from igny8.ai import errors
from igny8.ai.providers.transport import ReplyTooLargeError

if TYPE_CHECKING:
    from openai import APIStatusError

LONGEST_QUOTE = 300
LONGEST_WAIT = 24 * 3600.0
OVERLOADED = 529
QUOTA_CODES = frozenset(
    {
        "insufficient_quota",
        "billing_hard_limit_reached",
        "billing_not_active",
        "billing_error",
        "credit_balance_exhausted",
        "exceeded_current_quota_error",
        "organization_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
        "project_spend_limit_exceeded",
    }
)
DECLINED_CODES = frozenset({"content_filter", "content_policy_violation", "moderation_blocked"})
CONTEXT_CODES = frozenset({"context_length_exceeded", "string_above_max_length"})
CONTEXT_WORDS = ("context length", "context window", "context size", "reduce the length")


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """What the sentences about a failed request may name, and the key they may not."""

    model: str
    deadline: float
    key: str

    def quote(self, said: object) -> str:
        """The provider's own words after a colon, cut, in one line and without the key."""
        text = " ".join(said.split()) if isinstance(said, str) else ""
        text = text.replace(self.key, "[key]") if self.key else text
        return f": {text[:LONGEST_QUOTE]}" if text else "."


Judge = Callable[[Any, Exchange], errors.ProviderError]


def fault_of(error: BaseException, exchange: Exchange) -> errors.ProviderError:
    """The provider error that says what follows from `error`, whatever library raised it."""
    causes = list(_causes(error))
    for kind, judge in _judges():
        for cause in causes:
            if isinstance(cause, kind):
                return judge(cause, exchange)
    return errors.UnusableReplyError(
        "The reply does not follow the OpenAI protocol. "
        "Check that the base URL is the one of the API; it usually ends in /v1."
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _judges() -> tuple[tuple[type[BaseException], Judge], ...]:
    """The first kind found among the causes decides."""
    from httpx2 import InvalidURL, LocalProtocolError, UnsupportedProtocol
    from openai import APIConnectionError, APIStatusError
    from pydantic_ai.exceptions import ContentFilterError, UserError

    return (
        (errors.ProviderError, _said_already),
        (ReplyTooLargeError, _too_large),
        (ContentFilterError, _filtered),
        (APIStatusError, _refused),
        (UnsupportedProtocol, _bad_address),
        (InvalidURL, _bad_address),
        (LocalProtocolError, _bad_header),
        (UnicodeEncodeError, _bad_header),
        (APIConnectionError, _broken),
        (JSONDecodeError, _undecodable),
        (TimeoutError, _too_late),
        (OSError, _broken),
        (UserError, _misused),
    )


def _said_already(error: errors.ProviderError, _: Exchange) -> errors.ProviderError:
    return error


def _too_large(_: object, __: Exchange) -> errors.ProviderError:
    return errors.UnusableReplyError("The reply is larger than an answer may be.")


def _filtered(_: object, __: Exchange) -> errors.ProviderError:
    return errors.DeclinedError("the answer was withheld by a content filter.")


def _bad_address(_: object, __: Exchange) -> errors.ProviderError:
    return errors.KeyRefusedError(
        "The base URL is no web address. It looks like https://api.example.com/v1."
    )


def _bad_header(_: object, __: Exchange) -> errors.ProviderError:
    return errors.KeyRefusedError(
        "The API key holds characters that cannot be sent. Copy it again without spaces or quotes."
    )


def _broken(_: object, __: Exchange) -> errors.ProviderError:
    return errors.UnreachableError("The connection failed or broke off.")


def _too_late(_: object, exchange: Exchange) -> errors.ProviderError:
    return errors.UnreachableError(f"No answer within {exchange.deadline:g} seconds.")


def _undecodable(error: JSONDecodeError, _: Exchange) -> errors.ProviderError:
    """A JSON object that stops half-way was cut in transit; anything else never was an answer."""
    if error.doc.lstrip().startswith("{"):
        return errors.UnreachableError("The reply broke off half-way.")
    return errors.UnusableReplyError(
        "The reply is a page, not data. "
        "Check that the base URL is the one of the API; it usually ends in /v1."
    )


def _misused(error: Exception, exchange: Exchange) -> errors.ProviderError:
    return errors.KeyRefusedError(f"The request cannot be made{exchange.quote(str(error))}")


def _refused(error: "APIStatusError", exchange: Exchange) -> errors.ProviderError:
    """Codes come before the status: 429 is also an empty account, 400 also a declined question."""
    body = error.body if isinstance(error.body, dict) else {}
    said = body.get("message") or body.get("detail")
    codes = {code for code in (body.get("code"), body.get("type")) if isinstance(code, str)}
    status, model, quote = error.status_code, exchange.model, exchange.quote(said)
    if codes & DECLINED_CODES:
        return errors.DeclinedError(f"the request was filtered{quote}")
    if codes & QUOTA_CODES or status == 402:
        return errors.QuotaUsedUpError(
            "The account has no credit left. Add credit or raise its limit at the provider."
        )
    if _is_overloaded(status, codes):
        return errors.TooManyRequestsError("Too many requests.", _wait_of(error))
    if status >= 500 or status in (408, 409, 425):
        return errors.UnreachableError(f"The server failed ({status}){quote}")
    if codes & CONTEXT_CODES or status == 413 or _names_context(said):
        return errors.KeyRefusedError(
            f"The question is longer than model {model} can read. "
            "Choose a model with a larger context window."
        )
    return errors.KeyRefusedError(_REFUSALS.get(status, _OTHER).format(status, model) + quote)


_REFUSALS = {
    401: "The API key was refused ({0}). Check that it is complete and still valid",
    403: "The API key may not do this ({0}). Check that it has access to model {1}",
    404: "Nothing is found there ({0}). Check the model name {1} and the base URL",
}
_OTHER = "The request was refused ({0}). Check the base URL and that model {1} can do this"


def _is_overloaded(status: int, codes: set[str]) -> bool:
    return status in (429, OVERLOADED) or any("overloaded" in code for code in codes)


def _names_context(said: object) -> bool:
    return isinstance(said, str) and any(words in said.lower() for words in CONTEXT_WORDS)


def _wait_of(error: "APIStatusError") -> float | None:
    """Seconds named by Retry-After, as a number or a date; never more than a day."""
    from pydantic_ai.exceptions import ModelHTTPError

    read = ModelHTTPError(error.status_code, "", headers=dict(error.response.headers))
    return None if read.retry_after is None else min(read.retry_after, LONGEST_WAIT)
