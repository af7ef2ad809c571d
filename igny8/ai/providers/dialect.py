"""What differs between the protocols of providers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from igny8.ai.models import AIConnection
from igny8.ai.providers.provider import ModelFound, Reply, Request

if TYPE_CHECKING:
    from httpx2 import AsyncClient
    from pydantic_ai.images import ImageGenerationModel, ImageGenerationSettings
    from pydantic_ai.models import Model

OutputMode = AIConnection.OutputMode


@dataclass(frozen=True, kw_only=True)
class Access:
    """Where requests go, with which key and through which client; an empty address is the usual."""

    base_url: str
    key: str
    http: "AsyncClient"
    function: str = ""
    call_id: int = 0


class Dialect(Protocol):
    """One protocol; `usual_mode` is how its models give JSON when nobody has tried.

    `strict` False keeps schemas as they are written, where the API would have a stricter form.
    """

    usual_mode: OutputMode
    strict: bool | None

    def load(self) -> None:
        """Imports its libraries; raises KeyRefusedError when they are not installed."""

    def text_model(self, access: Access, model: str) -> "Model": ...

    def image_model(self, access: Access, model: str) -> "ImageGenerationModel": ...

    def image_settings(self, request: Request) -> "ImageGenerationSettings": ...

    async def vectors(self, access: Access, request: Request) -> Reply: ...

    async def models(self, access: Access) -> Sequence[ModelFound]: ...
