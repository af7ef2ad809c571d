"""Where requests go: one small class a kind of connection, found in one table."""

from collections.abc import Mapping

from igny8.ai.models import AIConnection
from igny8.ai.providers.anthropic import Anthropic
from igny8.ai.providers.gemini import Gemini
from igny8.ai.providers.openai_compatible import OpenAICompatible
from igny8.ai.providers.over_http import OverHTTP
from igny8.ai.providers.provider import ModelFound, Provider, Reply, Request
from igny8.ai.providers.sample import Sample

OVER_HTTP: Mapping[str, OverHTTP] = {
    AIConnection.Kind.OPENAI_COMPATIBLE: OverHTTP(OpenAICompatible()),
    AIConnection.Kind.ANTHROPIC: OverHTTP(Anthropic()),
    AIConnection.Kind.GEMINI: OverHTTP(Gemini()),
}
PROVIDERS: Mapping[str, Provider] = {AIConnection.Kind.SAMPLE: Sample(), **OVER_HTTP}

__all__ = ["OVER_HTTP", "PROVIDERS", "ModelFound", "Provider", "Reply", "Request"]
