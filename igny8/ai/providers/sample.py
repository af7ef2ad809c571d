"""The offline provider: each function's own answer without a model, at no cost."""

from collections.abc import Sequence

from igny8.ai.models import SAMPLE_MODEL, AIConnection
from igny8.ai.providers.provider import ModelFound, Reply, Request


class Sample:
    def reply(self, connection: AIConnection, request: Request) -> Reply:
        answer = request.function.offline(request.question)
        return Reply(raw=request.function.dump(answer), model=SAMPLE_MODEL)

    def models(self, connection: AIConnection, *, deadline: float) -> Sequence[ModelFound]:
        return [ModelFound(name=SAMPLE_MODEL)]
