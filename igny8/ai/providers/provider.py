"""What every provider takes, gives and promises."""

from dataclasses import dataclass
from typing import Any, Protocol

from igny8.ai.functions import AIFunction, Question
from igny8.ai.models import AIConnection


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request: the question, the complaint about the last answer, seconds it may take.

    `call_id` is how our own books name it; a gateway's log can be compared with them.
    """

    function: AIFunction[Any, Any]
    question: Question
    complaint: str
    model: str
    deadline: float
    call_id: int = 0


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came back, unread; tokens as the provider counted them, None when it did not."""

    raw: bytes
    model: str
    input_tokens: int | None = None
    output_tokens: int | None = None
    cut: bool = False


class Provider(Protocol):
    def reply(self, connection: AIConnection, request: Request) -> Reply:
        """One HTTP request at most, within the deadline; raises a ProviderError."""
