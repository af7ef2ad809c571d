"""Where requests go: one small class a kind of connection, found in one table."""

from collections.abc import Mapping

from igny8.ai.models import AIConnection
from igny8.ai.providers.openai_compatible import OpenAICompatible
from igny8.ai.providers.provider import Provider, Reply, Request
from igny8.ai.providers.sample import Sample

PROVIDERS: Mapping[str, Provider] = {
    AIConnection.Kind.SAMPLE: Sample(),
    AIConnection.Kind.OPENAI_COMPATIBLE: OpenAICompatible(),
}

__all__ = ["PROVIDERS", "Provider", "Reply", "Request"]
