"""Google's Gemini protocol; needs the extra `gemini`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from igny8.ai.addresses import GEMINI_URL
from igny8.ai.errors import KeyRefusedError
from igny8.ai.providers.dialect import Access, OutputMode
from igny8.ai.providers.provider import ModelFound, Reply, Request

if TYPE_CHECKING:
    from pydantic_ai.images import ImageGenerationModel, ImageGenerationSettings
    from pydantic_ai.models import Model
    from pydantic_ai.providers.google import GoogleProvider

PREFIX = "models/"


class Gemini:
    usual_mode = OutputMode.NATIVE
    strict: bool | None = False

    def load(self) -> None:
        try:
            import pydantic_ai.images.google
            import pydantic_ai.models.google  # noqa: F401
        except ImportError:
            raise KeyRefusedError(
                "Google's library is not installed here. "
                "Run: pip install 'pydantic-ai-slim[google]'"
            ) from None

    def text_model(self, access: Access, model: str) -> "Model":
        from pydantic_ai.models.google import GoogleModel

        return GoogleModel(model, provider=_provider(access))

    def image_model(self, access: Access, model: str) -> "ImageGenerationModel":
        from pydantic_ai.images.google import GoogleImageGenerationModel

        return GoogleImageGenerationModel(model, provider=_provider(access))

    def image_settings(self, request: Request) -> "ImageGenerationSettings":
        return {"aspect_ratio": "16:9"}

    async def vectors(self, access: Access, request: Request) -> Reply:
        raise KeyRefusedError(
            "Gemini is not asked for vectors. Route embeddings to another connection."
        )

    async def models(self, access: Access) -> Sequence[ModelFound]:
        listed = await _provider(access).client.aio.models.list()
        return [
            ModelFound(name=(one.name or "").removeprefix(PREFIX), context=one.input_token_limit)
            async for one in listed
        ]


def _provider(access: Access) -> "GoogleProvider":
    """Without a key the library would look for one in the environment, which is not ours."""
    from pydantic_ai.providers.google import GoogleProvider

    if not access.key:
        raise KeyRefusedError("Gemini needs an API key, and this connection has none.")
    return GoogleProvider(
        api_key=access.key, base_url=access.base_url or GEMINI_URL, http_client=access.http
    )
