"""One request through the library, and reading what it brought."""

from typing import TYPE_CHECKING

from igny8.ai.errors import DeclinedError, UnusableReplyError
from igny8.ai.functions import Form
from igny8.ai.providers.dialect import Access, Dialect, OutputMode
from igny8.ai.providers.exchange import Exchange, one_line
from igny8.ai.providers.provider import Reply, Request, tokens_counted
from igny8.ai.providers.tracing import image_model_traced, instrumentation
from igny8.ai.providers.wording import rules_of

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelResponse
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.settings import ModelSettings
    from pydantic_ai.usage import RequestUsage

# How the libraries name the tokens of an image among all that were written: OpenAI's, Gemini's.
IMAGE_TOKENS = ("output_image_tokens", "image_candidates_tokens")
# How an answer ended: as the library says it, else in the provider's own word.
ENDED = ("", "stop", "tool_call", "eos", "eos_token", "end_turn", "stop_sequence", "completed")
CUT_SHORT = ("length", "model_length", "max_tokens", "max_output_tokens")
WITHHELD = ("content_filter", "guardrail_intervened", "safety")
BROKE_OFF = ("error", "failed", "abort", "aborted", "cancelled")


async def ask_for_text(
    dialect: Dialect,
    access: Access,
    request: Request,
    *,
    prompt: str,
    mode: OutputMode,
    exchange: Exchange,
) -> Reply:
    """Raises DeclinedError or UnusableReplyError when there is no answer to read."""
    from pydantic_ai.direct import model_request
    from pydantic_ai.messages import ModelRequest, SystemPromptPart, UserPromptPart

    rules = rules_of(request, mode)
    message = ModelRequest(parts=[SystemPromptPart(rules), UserPromptPart(prompt)])
    response = await model_request(
        dialect.text_model(access, request.model),
        [message],
        model_settings=_settings(request),
        model_request_parameters=_parameters(request, mode, strict=dialect.strict),
        instrument=instrumentation(),
    )
    return _read(response, request, exchange)


async def ask_for_image(dialect: Dialect, access: Access, request: Request, prompt: str) -> Reply:
    model = image_model_traced(dialect.image_model(access, request.model))
    made = await model.generate(prompt, settings=dialect.image_settings(request))
    first = made.images[0]
    return _reply(
        first.content.data,
        request.model,
        made.usage,
        image_tokens=_image_tokens(made.usage),
        revised_prompt=first.revised_prompt or "",
    )


def _settings(request: Request) -> "ModelSettings":
    settings: ModelSettings = {}
    if request.most_tokens is not None:
        settings["max_tokens"] = request.most_tokens
    if request.settings.temperature is not None:
        settings["temperature"] = request.settings.temperature
    return settings


def _parameters(
    request: Request, mode: OutputMode, *, strict: bool | None
) -> "ModelRequestParameters":
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.output import OutputObjectDefinition
    from pydantic_ai.tools import ToolDefinition

    function = request.function
    if function.form is not Form.STRUCTURED or mode == OutputMode.PROMPTED:
        return ModelRequestParameters()
    schema = function.answer.model_json_schema()
    if mode == OutputMode.NATIVE:
        asked = OutputObjectDefinition(json_schema=schema, name=function.name, strict=strict)
        return ModelRequestParameters(output_mode="native", output_object=asked)
    tool = ToolDefinition(name=function.name, parameters_json_schema=schema, kind="output")
    return ModelRequestParameters(output_mode="tool", output_tools=[tool], allow_text_output=False)


def _read(response: "ModelResponse", request: Request, exchange: Exchange) -> Reply:
    ending, text = _ending_of(response), _text_of(response, request)
    cut = _is_cut(ending, request.function.form)
    raw = text.encode("utf-8", "replace")  # half a character is no reason to lose an answer
    reply = _reply(raw, response.model_name or request.model, response.usage, cut=cut)
    if ending in WITHHELD:
        refusal = (response.provider_details or {}).get("refusal")
        raise DeclinedError(f"the answer was withheld{exchange.quote(refusal)}").counting(reply)
    if ending in BROKE_OFF:
        raise UnusableReplyError("The model broke off its answer with an error.").counting(reply)
    if not text.strip() and not cut:
        raise UnusableReplyError("The reply holds no text.").counting(reply)
    return reply


def _ending_of(response: "ModelResponse") -> str:
    told = response.finish_reason or (response.provider_details or {}).get("finish_reason")
    return str(told or "").lower()


def _is_cut(ending: str, form: Form) -> bool:
    """A text that ended for a reason nobody knows is not taken for whole; an object shows it."""
    return ending in CUT_SHORT or (form is Form.TEXT and ending not in ENDED)


def _text_of(response: "ModelResponse", request: Request) -> str:
    """Texts keep the blanks at their ends: a cut one goes on there."""
    if request.function.form is Form.TEXT:
        return response.text or ""
    calls = [call.args_as_json_str() for call in response.tool_calls]
    return calls[0] if calls else _json_in((response.text or "").strip())


def _json_in(text: str) -> str:
    """The object in the text, without the fence and the prose that models put around it."""
    start, end = text.find("{"), text.rfind("}")
    return text[start : end + 1] if 0 <= start < end else text


def _reply(
    raw: bytes,
    model: str,
    usage: "RequestUsage",
    *,
    cut: bool = False,
    image_tokens: int | None = None,
    revised_prompt: str = "",
) -> Reply:
    return Reply(
        raw=raw,
        model=one_line(model),
        input_tokens=tokens_counted(usage.input_tokens),
        output_tokens=tokens_counted(usage.output_tokens),
        cached_tokens=tokens_counted(usage.cache_read_tokens),
        image_tokens=tokens_counted(image_tokens),
        cut=cut,
        revised_prompt=one_line(revised_prompt),
    )


def _image_tokens(usage: "RequestUsage") -> int | None:
    """All that an image model wrote, unless its provider tells them apart."""
    told = [usage.details[name] for name in IMAGE_TOKENS if name in usage.details]
    return told[0] if told else usage.output_tokens
