"""Anthropic's own protocol; needs the extra `anthropic`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from igny8.ai.addresses import ANTHROPIC_URL
from igny8.ai.errors import KeyRefusedError
from igny8.ai.providers.dialect import Access, OutputMode
from igny8.ai.providers.provider import ModelFound, Reply, Request

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic
    from pydantic_ai.images import ImageGenerationModel, ImageGenerationSettings
    from pydantic_ai.models import Model

MODELS_SHOWN = 100


class Anthropic:
    usual_mode = OutputMode.TOOL
    strict: bool | None = None

    def load(self) -> None:
        try:
            import pydantic_ai.models.anthropic  # noqa: F401
        except ImportError:
            raise KeyRefusedError(
                "Anthropic's library is not installed here. "
                "Run: pip install 'pydantic-ai-slim[anthropic]'"
            ) from None

    def text_model(self, access: Access, model: str) -> "Model":
        from pydantic_ai.models.anthropic import AnthropicModel
        from pydantic_ai.providers.anthropic import AnthropicProvider

        return AnthropicModel(model, provider=AnthropicProvider(anthropic_client=_client(access)))

    def image_model(self, access: Access, model: str) -> "ImageGenerationModel":
        raise KeyRefusedError("Anthropic has no image models. Route images to another connection.")

    def image_settings(self, request: Request) -> "ImageGenerationSettings":
        return {}

    async def vectors(self, access: Access, request: Request) -> Reply:
        raise KeyRefusedError(
            "Anthropic is not asked for vectors. Route embeddings to another connection."
        )

    async def models(self, access: Access) -> Sequence[ModelFound]:
        page = await _client(access).models.list(limit=MODELS_SHOWN)
        return [
            ModelFound(name=one.id, context=getattr(one, "max_input_tokens", None) or None)
            for one in page.data
        ]


def _client(access: Access) -> "AsyncAnthropic":
    """Without a key the library would look for one in the environment, which is not ours."""
    from anthropic import AsyncAnthropic

    if not access.key:
        raise KeyRefusedError("Anthropic needs an API key, and this connection has none.")
    return AsyncAnthropic(
        base_url=access.base_url or ANTHROPIC_URL,
        api_key=access.key,
        http_client=access.http,
        max_retries=0,
        timeout=access.http.timeout,
    )
