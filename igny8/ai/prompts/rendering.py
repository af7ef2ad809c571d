"""Prompts are Liquid files beside their function; imported text enters them only as data."""

import hashlib
import json
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from igny8.ai.errors import DeclinedError
from igny8.ai.functions import AIFunction, Question

PROMPT_LIMIT = 60_000
TEMPLATES_KEPT = 200
# Control, format (zero-width, direction), surrogate and private characters.
UNSEEN = ("Cc", "Cf", "Cs", "Co")
LINE_SEPARATORS = str.maketrans("\u2028\u2029", "  ")


def render_prompt(function: AIFunction[Any, Any], question: Question) -> str:
    """The text sent to a model; the question is JSON between markers, never a template.

    Raises DeclinedError when it is too long to be sent, or does not fit the question.
    """
    from liquid.exceptions import LiquidError

    told = AsData(cleaned(question.model_dump(mode="json")))
    try:
        text: str = template_of(prompt_text(function)).render(question=told)
    except LiquidError as error:
        # Saved prompts were checked, but a newer version of ours may ask other questions.
        reason = f"the prompt of {function.name} cannot be filled in: {error.message}"
        raise DeclinedError(f"{reason}; correct or reset it") from error
    if len(text) > PROMPT_LIMIT:
        raise DeclinedError(f"the prompt has {len(text):,} characters, the limit is 60,000")
    return text


def prompt_text(function: AIFunction[Any, Any]) -> str:
    """The template in use: the site's own, else the one shipped."""
    return function.own_prompt or shipped_prompt(function.prompt)


def prompt_fingerprint(function: AIFunction[Any, Any]) -> str:
    """Another one as soon as the prompt reads differently; belongs into the hash of a request."""
    return hashlib.sha256(prompt_text(function).encode()).hexdigest()


@cache
def shipped_prompt(path: Path) -> str:
    return path.read_text(encoding="utf-8")


class AsData(dict[str, Any]):
    """Its fields by name; as a whole, one line of JSON, which no marker line can stand in."""

    def __str__(self) -> str:
        return json.dumps(self, ensure_ascii=False)


def cleaned(value: Any) -> Any:
    """The same, its texts without characters that nobody sees; line ends and tabs stay."""
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value).translate(LINE_SEPARATORS)
        return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in UNSEEN)
    if isinstance(value, dict):
        return {name: cleaned(one) for name, one in value.items()}
    return [cleaned(one) for one in value] if isinstance(value, list) else value


@lru_cache(maxsize=TEMPLATES_KEPT)
def template_of(text: str) -> Any:
    """Compiled; raises LiquidError when it is no template. Bounded in loops and output."""
    from liquid import Environment, StrictUndefined

    class Limited(Environment):
        loop_iteration_limit = 1000
        output_stream_limit = PROMPT_LIMIT * 4

    return Limited(undefined=StrictUndefined).from_string(text)
