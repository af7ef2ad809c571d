"""OpenTelemetry spans of model calls, when the operator wants them; never what was said."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_ai.images import ImageGenerationModel
    from pydantic_ai.models.instrumented import InstrumentationSettings

VARIABLE = "IGNY8_TRACING"


def instrumentation() -> "InstrumentationSettings | bool":
    """Spans go to the process's tracer provider: names, models, tokens, no prompts or answers."""
    from pydantic_ai.models.instrumented import InstrumentationSettings

    if os.environ.get(VARIABLE, "").lower() not in ("1", "true", "on", "yes"):
        return False
    return InstrumentationSettings(include_content=False, include_binary_content=False)


def image_model_traced(model: "ImageGenerationModel") -> "ImageGenerationModel":
    from pydantic_ai.images.instrumented import InstrumentedImageGenerationModel

    settings = instrumentation()
    if isinstance(settings, bool):
        return model
    return InstrumentedImageGenerationModel(model, options=settings)
