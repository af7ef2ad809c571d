"""What a provider means when it answers with an error status."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from igny8.ai import errors
from igny8.ai.providers.exchange import Exchange

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
QUOTA_WORDS = ("credit balance is too low",)
FLAGGED = "flagged_input"
DECLINED_CODES = frozenset(
    {"content_filter", "content_policy_violation", "moderation_blocked", FLAGGED}
)
CONTEXT_CODES = frozenset({"context_length_exceeded", "string_above_max_length"})
CONTEXT_WORDS = (
    "context length",
    "context window",
    "context size",
    "reduce the length",
    "prompt is too long",
    "input token count",
)


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """An answer with an error status: what it says, its codes, seconds it asks us to wait."""

    status: int
    said: str
    codes: frozenset[str]
    retry_after: float | None


def refusal_in(causes: Sequence[BaseException]) -> Refusal | None:
    """Each library has its own class for it; they agree on what is in it."""
    from pydantic_ai.exceptions import ModelHTTPError

    for cause in causes:
        status = getattr(cause, "status_code", None) or getattr(cause, "code", None)
        if not isinstance(status, int) or status < 300:
            continue
        body = _error_in(getattr(cause, "body", None) or getattr(cause, "details", None))
        said = body.get("message") or body.get("detail")
        named = (body.get("code"), body.get("type"), body.get("status"), _flag_in(body))
        headers = getattr(getattr(cause, "response", None), "headers", None)
        read = ModelHTTPError(status, "", headers=dict(headers) if headers else None)
        waits = (read.retry_after, *(getattr(one, "retry_after", None) for one in causes))
        return Refusal(
            status=status,
            said=said if isinstance(said, str) else "",
            codes=frozenset(code for code in named if isinstance(code, str)),
            retry_after=next((one for one in waits if isinstance(one, int | float)), None),
        )
    return None


def refused(refusal: Refusal, exchange: Exchange) -> errors.ProviderError:
    """Codes come before the status: 429 is also an empty account, 400 also a declined question."""
    status, model, quote = refusal.status, exchange.model, exchange.quote(refusal.said)
    if refusal.codes & DECLINED_CODES:
        return errors.DeclinedError(f"the request was filtered{quote}")
    if refusal.codes & QUOTA_CODES or status == 402 or _says(refusal, QUOTA_WORDS):
        return errors.QuotaUsedUpError(
            "The account has no credit left. Add credit or raise its limit at the provider."
        )
    wait = None if refusal.retry_after is None else min(refusal.retry_after, LONGEST_WAIT)
    if _is_overloaded(refusal):
        return errors.TooManyRequestsError("Too many requests.", wait)
    if status >= 500 or status in (408, 409, 425):
        return errors.UnreachableError(f"The server failed ({status}){quote}", wait)
    if refusal.codes & CONTEXT_CODES or status == 413 or _says(refusal, CONTEXT_WORDS):
        return errors.KeyRefusedError(
            f"The question is longer than model {model} can read. "
            "Choose a model with a larger context window."
        )
    kind = errors.KeyRefusedError if status in _REFUSALS else errors.RequestRefusedError
    return kind(_REFUSALS.get(status, _OTHER).format(status, model) + quote)


_REFUSALS: Mapping[int, str] = {
    401: "The API key was refused ({0}). Check that it is complete and still valid",
    403: "The API key may not do this ({0}). Check that it has access to model {1}",
    404: "Nothing is found there ({0}). Check the model name {1} and the base URL",
}
_OTHER = "The request was refused ({0}). Check the base URL and that model {1} can do this"


def _error_in(body: object) -> Mapping[str, object]:
    """The error itself, which some put one level down, Gemini's OpenAI-compatible one two."""
    body = body[0] if isinstance(body, list) and body else body
    if not isinstance(body, dict):
        return {}
    inner = body.get("error")
    return inner if isinstance(inner, dict) else body


def _flag_in(body: Mapping[str, object]) -> str:
    """OpenRouter refuses what its moderation flags as if the key were not good enough."""
    more = body.get("metadata")
    return FLAGGED if isinstance(more, dict) and "flagged_input" in more else ""


def _is_overloaded(refusal: Refusal) -> bool:
    return refusal.status in (429, OVERLOADED) or any("overloaded" in c for c in refusal.codes)


def _says(refusal: Refusal, phrases: Sequence[str]) -> bool:
    return any(words in refusal.said.lower() for words in phrases)
