"""Where each kind of connection leads when it names no address of its own."""

from collections.abc import Mapping

from igny8.ai.models import AIConnection

OPENAI_URL = "https://api.openai.com/v1"
ANTHROPIC_URL = "https://api.anthropic.com"
GEMINI_URL = "https://generativelanguage.googleapis.com"
USUAL_URLS: Mapping[str, str] = {
    AIConnection.Kind.OPENAI_COMPATIBLE: OPENAI_URL,
    AIConnection.Kind.ANTHROPIC: ANTHROPIC_URL,
    AIConnection.Kind.GEMINI: GEMINI_URL,
}
