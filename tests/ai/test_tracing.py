from collections.abc import Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.ai.letters import draw_letters, order_letters
from tests.ai.test_openai_compatible import Function, ask
from tests.provider_server import ProviderServer

PROMPT, ANSWER = "Put the letters", "k2"


@pytest.fixture(scope="module")
def exporter() -> InMemorySpanExporter:
    """The process's tracer provider can be set once."""
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    trace.set_tracer_provider(provider)
    return kept


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> Iterator[InMemorySpanExporter]:
    exporter.clear()
    yield exporter
    exporter.clear()


def finished(spans: InMemorySpanExporter) -> list[ReadableSpan]:
    return list(spans.get_finished_spans())


@pytest.mark.parametrize("function", [order_letters, draw_letters])
def test_a_span_names_the_model_and_never_what_was_said(
    server: ProviderServer,
    spans: InMemorySpanExporter,
    function: Function,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("IGNY8_TRACING", "1")

    ask(server, function)

    [span] = finished(spans)
    told = span.to_json()
    assert "test-model" in told
    assert "gen_ai.usage.input_tokens" in told
    assert PROMPT not in told
    assert ANSWER not in told


def test_without_the_setting_there_are_no_spans(
    server: ProviderServer, spans: InMemorySpanExporter
) -> None:
    ask(server)

    assert finished(spans) == []
