"""The offline provider: each function's own answer without a model, at no cost."""

from igny8.ai.models import SAMPLE_MODEL, AIConnection
from igny8.ai.providers.provider import Reply, Request


class Sample:
    def reply(self, connection: AIConnection, request: Request) -> Reply:
        answer = request.function.offline(request.question)
        return Reply(raw=request.function.dump(answer), model=SAMPLE_MODEL)
