"""Prompts are Liquid files beside their function; imported text enters them only as data."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from igny8.ai.errors import DeclinedError
from igny8.ai.functions import AIFunction, Question

PROMPT_LIMIT = 60_000


def render_prompt(function: AIFunction[Any, Any], question: Question) -> str:
    """The text sent to a model; the question is JSON between markers, never a template.

    Raises DeclinedError when it is too long to be sent."""
    told = AsData(question.model_dump(mode="json"))
    text: str = _template(function.prompt).render(question=told)
    if len(text) > PROMPT_LIMIT:
        raise DeclinedError(f"the prompt has {len(text):,} characters, the limit is 60,000")
    return text


class AsData(dict[str, Any]):
    """Its fields by name; as a whole, one line of JSON, which no marker line can stand in."""

    def __str__(self) -> str:
        return json.dumps(self, ensure_ascii=False)


@cache
def _template(path: Path) -> Any:
    from liquid import Environment, StrictUndefined

    class Limited(Environment):
        loop_iteration_limit = 1000
        output_stream_limit = PROMPT_LIMIT * 4

    return Limited(undefined=StrictUndefined).from_string(path.read_text(encoding="utf-8"))
