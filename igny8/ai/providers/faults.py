"""What can go wrong between us and a provider, told apart and said in sentences without the key."""

from collections.abc import Callable, Iterator, Sequence
from json import JSONDecodeError
from typing import Any

from igny8.ai import errors
from igny8.ai.providers.exchange import Exchange
from igny8.ai.providers.refusals import refusal_in, refused
from igny8.ai.providers.transport import ReplyTooLargeError
from igny8.core.door import ClosedDoorError

Judge = Callable[[Any, Exchange], errors.ProviderError]
Judges = Sequence[tuple[type[BaseException], Judge]]


def fault_of(error: BaseException, exchange: Exchange) -> errors.ProviderError:
    """The provider error that says what follows from `error`, whatever library raised it."""
    causes = list(_causes(error))
    if known := _judged(causes, exchange, _ours()):
        return known
    if refusal := refusal_in(causes):
        return refused(refusal, exchange)
    return _judged(causes, exchange, _libraries()) or errors.UnusableReplyError(
        "The reply does not follow the protocol of this kind of connection. "
        "Check that the base URL is the one of the API; it usually ends in /v1."
    )


def _judged(
    causes: Sequence[BaseException], exchange: Exchange, judges: Judges
) -> errors.ProviderError | None:
    """The first kind found among the causes decides."""
    for kind, judge in judges:
        for cause in causes:
            if isinstance(cause, kind):
                return judge(cause, exchange)
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _ours() -> Judges:
    from pydantic_ai.exceptions import ContentFilterError

    return (
        (errors.ProviderError, _said_already),
        (ReplyTooLargeError, _too_large),
        (ClosedDoorError, _closed),
        (ContentFilterError, _filtered),
    )


def _libraries() -> Judges:
    from httpx2 import InvalidURL, LocalProtocolError, TransportError, UnsupportedProtocol
    from pydantic_ai.exceptions import UserError

    return (
        (UnsupportedProtocol, _bad_address),
        (InvalidURL, _bad_address),
        (LocalProtocolError, _bad_header),
        (UnicodeEncodeError, _bad_header),
        (TransportError, _broken),
        (JSONDecodeError, _undecodable),
        (TimeoutError, _too_late),
        (OSError, _broken),
        (UserError, _misused),
    )


def _said_already(error: errors.ProviderError, _: Exchange) -> errors.ProviderError:
    return error


def _too_large(_: object, __: Exchange) -> errors.ProviderError:
    return errors.UnusableReplyError("The reply is larger than an answer may be.")


def _closed(error: ClosedDoorError, _: Exchange) -> errors.ProviderError:
    return errors.KeyRefusedError(str(error))


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
    return errors.RequestRefusedError(f"The request cannot be made{exchange.quote(str(error))}")
