"""Vectors from any server that speaks the OpenAI protocol."""

import base64
import math
import struct
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from igny8.ai.errors import UnusableReplyError
from igny8.ai.functions import TextsQuestion
from igny8.ai.providers.exchange import one_line
from igny8.ai.providers.provider import Reply, Request, tokens_counted

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types import CreateEmbeddingResponse


async def ask_for_vectors(client: "AsyncOpenAI", request: Request) -> Reply:
    """Its raw answer is a VectorsAnswer; raises UnusableReplyError when a text has no vector."""
    question = request.question
    assert isinstance(question, TextsQuestion)
    # Asked for as numbers: engines on one's own machine often know no other form.
    made = await client.embeddings.create(
        model=request.model, input=list(question.texts), encoding_format="float"
    )
    vectors = base64.b64encode(b"".join(_packed(made, len(question.texts)))).decode()
    told = question.model_dump_json().removesuffix("}")
    return Reply(
        raw=f'{told},"vectors":"{vectors}"}}'.encode(),
        model=one_line(made.model or request.model),
        input_tokens=tokens_counted(made.usage.prompt_tokens) if made.usage else None,
    )


def _packed(made: "CreateEmbeddingResponse", count: int) -> Iterator[bytes]:
    """The vectors in the order of the texts; servers may answer in any."""
    rows = sorted(made.data or (), key=lambda one: one.index)
    if [row.index for row in rows] != list(range(count)):
        raise UnusableReplyError(f"{count} texts were sent, {len(rows)} vectors came back.")
    length = len(rows[0].embedding)
    for row in rows:
        yield _row(row.embedding, length)


def _row(numbers: Sequence[float], length: int) -> bytes:
    if not length or len(numbers) != length:
        raise UnusableReplyError("The vectors are not of one length.")
    if not math.isfinite(math.fsum(numbers)):
        raise UnusableReplyError("A vector holds something that is no number.")
    return struct.pack(f"<{length}f", *numbers)
