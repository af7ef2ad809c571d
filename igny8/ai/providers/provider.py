"""What every provider takes, gives and promises."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from igny8.ai.functions import AIFunction, Question
from igny8.ai.models import AIConnection
from igny8.ai.step_settings import StepSettings

MOST_TOKENS = 100_000_000  # more than any model reads or writes at once: such a number is nonsense


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request: the question, the complaint about the last answer, seconds it may take.

    `so_far` is a text that was cut off and is to be continued; `most_tokens` bounds the answer,
    None leaves it to the provider. `call_id` is how our own books name it; a gateway's log can be
    compared with them.
    """

    function: AIFunction[Any, Any]
    question: Question
    complaint: str
    model: str
    deadline: float
    call_id: int = 0
    so_far: str = ""
    most_tokens: int | None = None
    settings: StepSettings = field(default_factory=StepSettings)


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came back, unread; tokens as the provider counted them, None when it did not.

    `cached_tokens` of the input and `image_tokens` of the output have prices of their own;
    `revised_prompt` is what an image model made of ours.
    """

    raw: bytes
    model: str
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    image_tokens: int | None = None
    cut: bool = False
    revised_prompt: str = ""


def tokens_counted(told: object) -> int | None:
    """A provider's number of tokens; None when it counted none, or says what cannot be."""
    return told if isinstance(told, int) and 0 < told <= MOST_TOKENS else None


@dataclass(frozen=True, kw_only=True)
class ModelFound:
    """A model a connection offers; `context` in tokens, None when it does not say."""

    name: str
    context: int | None = None


class Provider(Protocol):
    def reply(self, connection: AIConnection, request: Request) -> Reply:
        """One HTTP request at most, within the deadline; raises a ProviderError."""
