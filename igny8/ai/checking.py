"""Trying a connection: does it answer, what does it offer, how does it give JSON, how fast."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from pydantic import ValidationError, ValidationInfo, model_validator

from igny8.ai import errors
from igny8.ai.costs import is_local
from igny8.ai.functions import AIFunction, Answer, Question
from igny8.ai.models import SAMPLE_MODEL, AIConnection
from igny8.ai.providers import OVER_HTTP, PROVIDERS, ModelFound, Reply, Request
from igny8.core import clock

LIST_SECONDS, ANSWER_SECONDS = 20.0, 60.0
# A server of one's own reads a model of many gigabytes from the disk first.
OWN_ANSWER_SECONDS = 300.0
ENOUGH_CONTEXT = 8192
MODELS_KEPT = 50
OutputMode = AIConnection.OutputMode
NO_TEXT = ("embed", "image", "whisper", "tts", "moderation", "rerank", "dall-e", "audio", "sora")


class SumQuestion(Question):
    """Two numbers; nobody has to know anything."""

    first: int
    second: int


class Total(Answer):
    """Their sum."""

    total: int

    @model_validator(mode="after")
    def _is_right(self, info: ValidationInfo) -> Self:
        asked = info.context
        if isinstance(asked, SumQuestion) and self.total != asked.first + asked.second:
            raise ValueError("the sum is wrong")
        return self


def offline(question: SumQuestion) -> Total:
    return Total(total=question.first + question.second)


ask_total = AIFunction(
    name="check_connection",
    question=SumQuestion,
    answer=Total,
    offline=offline,
    prompt=Path(__file__).parent / "check_connection.md",
)
QUESTION = SumQuestion(first=17, second=25)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a test found; `problem` is a sentence when it does not work, else empty.

    `models` are up to 50 names, `output_mode` how the model gives JSON, `seconds` its answer took,
    `tokens_per_second` what it wrote meanwhile, `context` in tokens; None is unknown.
    """

    problem: str = ""
    model: str = ""
    models: Sequence[str] = field(default_factory=list)
    output_mode: str = ""
    seconds: float | None = None
    tokens_per_second: float | None = None
    context: int | None = None

    @property
    def ok(self) -> bool:
        return not self.problem

    @property
    def advice(self) -> str:
        """What to change although it works; empty when nothing."""
        if self.context is None or self.context >= ENOUGH_CONTEXT:
            return ""
        return (
            f"{self.context:,} tokens are too few for articles: what does not fit is cut off, "
            "mostly without a word. Give the model 16,384 (Ollama: OLLAMA_CONTEXT_LENGTH=16384, "
            "llama.cpp: --ctx-size 16384)."
        )


def check_connection(connection: AIConnection, *, model: str = "") -> Found:
    """Lists the models and puts one tiny question to `model`, or to the first that writes text.

    What was found is kept with the connection; at most six requests are made, outside any run.
    """
    if connection.kind == AIConnection.Kind.SAMPLE:
        return Found(model=SAMPLE_MODEL, models=[SAMPLE_MODEL])
    try:
        found = _try(connection, model)
    except errors.ProviderError as error:
        found = Found(problem=str(error), model=model)
    AIConnection.objects.filter(pk=connection.pk).update(
        checked_at=clock.now(),
        checked=asdict(found),
        attention=found.problem,
        **({"output_mode": found.output_mode} if found.output_mode else {}),
    )
    return found


def _try(connection: AIConnection, model: str) -> Found:
    offered = _offered(connection, has_model=bool(model))
    names = [one.name for one in offered][:MODELS_KEPT]
    chosen = model or _first_text_model(names)
    if not chosen:
        return Found(problem="It names no models. Say which one to try.", models=names)
    worked = next(_working_modes(connection, chosen), None)
    if worked is None:
        problem = f"{chosen} answers, but not with JSON as asked. Choose another model."
        return Found(problem=problem, model=chosen, models=names)
    mode, reply, seconds = worked
    rate = round(reply.output_tokens / seconds, 1) if reply.output_tokens and seconds else None
    return Found(
        model=chosen,
        models=names,
        output_mode=mode,
        seconds=round(seconds, 2),
        tokens_per_second=rate,
        context=_context_served(connection, chosen) or _context(chosen, offered),
    )


def _offered(connection: AIConnection, *, has_model: bool) -> Sequence[ModelFound]:
    """Not every server lists its models: then the one that was named is tried all the same."""
    try:
        return OVER_HTTP[connection.kind].models(connection, deadline=LIST_SECONDS)
    except errors.UnusableReplyError:
        if has_model:
            return []
        raise


def _first_text_model(names: Sequence[str]) -> str:
    texts = (one for one in names if not any(word in one.lower() for word in NO_TEXT))
    return next(texts, "")


def _working_modes(
    connection: AIConnection, model: str
) -> Iterator[tuple[OutputMode, Reply, float]]:
    """Raises the ProviderError when even the plainest way is refused."""
    *others, last = OutputMode
    for mode in (*others, last):
        connection.output_mode = mode
        started = time.monotonic()
        try:
            reply = PROVIDERS[connection.kind].reply(connection, _request(connection, model))
            ask_total.parse(reply.raw, QUESTION)
        except (errors.UnusableReplyError, ValidationError):
            continue
        except errors.RequestRefusedError:
            if mode == last:
                raise
        else:
            yield mode, reply, time.monotonic() - started


def _request(connection: AIConnection, model: str) -> Request:
    deadline = OWN_ANSWER_SECONDS if is_local(connection.base_url) else ANSWER_SECONDS
    return Request(
        function=ask_total, question=QUESTION, complaint="", model=model, deadline=deadline
    )


def _context_served(connection: AIConnection, model: str) -> int | None:
    """Only a server of one's own gives a model less than it could have."""
    if not is_local(connection.base_url):
        return None
    try:
        return OVER_HTTP[connection.kind].context_served(connection, model, deadline=LIST_SECONDS)
    except errors.ProviderError:
        return None


def _context(model: str, offered: Sequence[ModelFound]) -> int | None:
    """As the server says, else as the table of known models does."""
    from genai_prices.data_snapshot import get_snapshot

    told = next((one.context for one in offered if one.name == model), None)
    if told is not None:
        return told
    try:
        _, known = get_snapshot().find_provider_model(model, None, None, None)
    except LookupError:
        return None
    return known.context_window
