"""OpenTelemetry spans of model calls, when the operator wants them; never what was said."""

import logging
import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_ai.images import ImageGenerationModel
    from pydantic_ai.models.instrumented import InstrumentationSettings

VARIABLE = "IGNY8_TRACING"
ON = ("1", "true", "on", "yes")


def instrumentation() -> "InstrumentationSettings | bool":
    """Names, models, tokens and times go into spans; no prompts, no answers."""
    from pydantic_ai.models.instrumented import InstrumentationSettings

    if os.environ.get(VARIABLE, "").lower() not in ON:
        return False
    _send_spans()
    return InstrumentationSettings(include_content=False, include_binary_content=False)


def image_model_traced(model: "ImageGenerationModel") -> "ImageGenerationModel":
    from pydantic_ai.images.instrumented import InstrumentedImageGenerationModel

    settings = instrumentation()
    if isinstance(settings, bool):
        return model
    return InstrumentedImageGenerationModel(model, options=settings)


@cache
def _send_spans() -> None:
    """To the collector of OTEL_EXPORTER_OTLP_ENDPOINT, unless somebody set up tracing already."""
    from opentelemetry import trace

    if not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        logging.getLogger(__name__).warning(
            "%s is on, but nothing sends spans: pip install opentelemetry-sdk "
            "opentelemetry-exporter-otlp-proto-http",
            VARIABLE,
        )
        return
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
