"""Any server that speaks the OpenAI protocol: hosted, a gateway, or an engine on this machine."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from igny8.ai.addresses import OPENAI_URL
from igny8.ai.providers.dialect import Access, OutputMode
from igny8.ai.providers.embedding import ask_for_vectors
from igny8.ai.providers.provider import ModelFound, Reply, Request

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types import ImagesResponse
    from pydantic_ai.images import ImageGenerationModel, ImageGenerationSettings
    from pydantic_ai.images.openai import OpenAIImageGenerationModel
    from pydantic_ai.models import Model
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

OPENAI_HOST = "openai.com"
AZURE_HOST = "azure.com"
OPENAI_IMAGES = "gpt-image"
NO_KEY = "none"  # engines on this machine need none, but the client sends one
THOUGHTS, END_OF_THOUGHTS = "<think>", "</think>"
FUNCTION_HEADER, CALL_HEADER = "X-IGNY8-Function", "X-IGNY8-Call"
CONTEXT_FIELDS = ("context_length", "max_model_len", "context_window", "max_context_length")


class OpenAICompatible:
    usual_mode = OutputMode.NATIVE
    strict: bool | None = False

    def load(self) -> None:
        import pydantic_ai.images.openai
        import pydantic_ai.models.openai  # noqa: F401

    def text_model(self, access: Access, model: str) -> "Model":
        """Newer OpenAI models know one name for the bound of an answer, all others the older."""
        from pydantic_ai.profiles.openai import OpenAIModelProfile

        if _is_openai(access.base_url):
            return _chat_model()(model, provider=_provider(access))
        profile = OpenAIModelProfile(openai_chat_supports_max_completion_tokens=False)
        return _chat_model()(model, provider=_provider(access), profile=profile)

    def image_model(self, access: Access, model: str) -> "ImageGenerationModel":
        return _image_model()(model, provider=_provider(access))

    def image_settings(self, request: Request) -> "ImageGenerationSettings":
        """OpenAI's models send bytes and refuse to be asked for them; others would send a link."""
        chosen = request.settings
        if OPENAI_IMAGES not in request.model:
            more = {} if chosen.seed is None else {"seed": chosen.seed}
            return {"extra_body": {"response_format": "b64_json", **more}}
        quality = {"quality": chosen.quality} if chosen.quality else {}
        return {"extra_body": {"size": "1536x1024", **quality}}

    async def vectors(self, access: Access, request: Request) -> Reply:
        return await ask_for_vectors(_client(access), request)

    async def models(self, access: Access) -> Sequence[ModelFound]:
        page = await _client(access).models.list()
        return [
            ModelFound(name=one.id, context=_context_of(one.model_dump()))
            for one in page.data or ()
        ]


@cache
def _chat_model() -> "type[OpenAIChatModel]":
    from pydantic import ValidationError
    from pydantic_ai.models.openai import OpenAIChatModel

    class Lenient(OpenAIChatModel):
        """An answer is not thrown away because nobody can read how its tokens were counted, and
        what a model thought until it was cut off is not taken for its answer."""

        def _validate_completion(self, response: Any) -> Any:
            for choice in response.choices or ():
                choice.message.content = _without_open_thoughts(choice.message.content)
                choice.finish_reason = choice.finish_reason or "stop"
            try:
                return super()._validate_completion(response)
            except ValidationError:
                response.usage = None
                return super()._validate_completion(response)

    return Lenient


@cache
def _image_model() -> "type[OpenAIImageGenerationModel]":
    from pydantic_ai.images.openai import OpenAIImageGenerationModel

    class Lenient(OpenAIImageGenerationModel):
        """Nor is an image: most servers but OpenAI's count its tokens in another way, or not."""

        def _map_response(self, prompt: str, response: "ImagesResponse") -> Any:
            response.usage = _readable(response.usage)
            return super()._map_response(prompt, response)

    return Lenient


def _readable(usage: Any) -> Any:
    from openai.types.images_response import Usage
    from pydantic import ValidationError

    told = usage.model_dump(exclude_none=True) if usage else {}
    read = {"text_tokens": told.get("input_tokens"), "image_tokens": 0}
    total = {"total_tokens": 0, "input_tokens_details": read}
    try:
        return Usage.model_validate({**total, **told}, strict=True)
    except ValidationError:
        return None


def _without_open_thoughts(said: Any) -> Any:
    if not isinstance(said, str) or not said.lstrip().startswith(THOUGHTS):
        return said
    return said if END_OF_THOUGHTS in said else ""


def _is_openai(base_url: str) -> bool:
    host = urlsplit(base_url or OPENAI_URL).hostname or ""
    return host.endswith((OPENAI_HOST, AZURE_HOST))


def _provider(access: Access) -> "OpenAIProvider":
    from pydantic_ai.providers.openai import OpenAIProvider

    return OpenAIProvider(openai_client=_client(access))


def _client(access: Access) -> "AsyncOpenAI":
    from openai import AsyncOpenAI

    return AsyncOpenAI(
        base_url=access.base_url or OPENAI_URL,
        api_key=access.key or NO_KEY,
        http_client=access.http,
        max_retries=0,
        timeout=access.http.timeout,
        default_headers={FUNCTION_HEADER: access.function, CALL_HEADER: str(access.call_id)}
        if access.function
        else None,
    )


def _context_of(entry: dict[str, object]) -> int | None:
    """Each engine has its own name for it; llama.cpp puts it one level down."""
    meta = entry.get("meta")
    found = [entry.get(name) for name in CONTEXT_FIELDS]
    found.append(meta.get("n_ctx_train") if isinstance(meta, dict) else None)
    return next((one for one in found if isinstance(one, int)), None)
