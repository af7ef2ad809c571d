"""Whether a person's prompt can be used, said before it is saved and without any call."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from igny8.ai.functions import AIFunction
from igny8.ai.prompts.rendering import template_of
from igny8.ai.prompts.variables import WHOLE, variables_of
from igny8.core.errors import UsageError

LONGEST_TEMPLATE = 20_000
MOST_MARKS = 200
TAGS = ("if", "elsif", "else", "endif", "unless", "endunless", "case", "when", "endcase", "#")
OUTPUT = re.compile(r"\{\{-?(.*?)-?\}\}", re.DOTALL)
TAG = re.compile(r"\{%-?\s*([a-z_]+|#|)(.*?)%\}", re.IGNORECASE | re.DOTALL)
NAME = re.compile(r"[a-z_]\w*(?:\.[a-z_]\w*)*", re.IGNORECASE)
TEXT_IN_TAG = re.compile(r"'[^']*'|\"[^\"]*\"")
UNSTORED = re.compile("[\x00\ud800-\udfff]")
# Ranges, above all: to look for a text in a long one stops the whole process for hours.
UNNEEDED = re.compile(r"\.\.|[^\s\w.,=!<>-]|\d{13,}")
WORDS_OF_LIQUID = {
    *("and", "or", "not", "contains", "true", "false", "nil", "null", "empty", "blank"),
}
DATA, END_OF_DATA = "===== DATA =====", "===== END OF DATA ====="
FENCE = re.compile(rf"^{DATA}\r?\n\{{\{{ ?question ?\}}\}}\r?\n{END_OF_DATA}\r?$", re.MULTILINE)


@dataclass(frozen=True)
class Problem:
    """`line` counts from 1; 0 when the whole prompt is meant."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.message}" if self.line else self.message


class PromptError(UsageError):
    """A prompt that cannot be used; `problems` says why, line by line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(("This prompt cannot be saved.", *map(str, problems))))
        self.problems = problems


def check_prompt(function: AIFunction[Any, Any], text: str) -> None:
    """Raises PromptError with everything that is wrong; never runs the template."""
    if len(text) > LONGEST_TEMPLATE:
        length = f"It has {len(text):,} characters; shorten it to {LONGEST_TEMPLATE:,}."
        raise PromptError([Problem(0, length)])
    if unstored := UNSTORED.search(text):
        raise PromptError([Problem(_line(text, unstored.start()), "It holds a broken character.")])
    marks = text.count("{{") + text.count("{%")
    if marks > MOST_MARKS:
        raise PromptError([Problem(0, f"It has {marks:,} tags; {MOST_MARKS} are allowed.")])
    problems = [*_wrong_outputs(function, text), *_wrong_tags(function, text)]
    problems = sorted(problems, key=lambda one: one.line) or [*_wrong_template(function, text)]
    problems += _missing(function, text)
    if problems:
        raise PromptError(problems)


def _wrong_outputs(function: AIFunction[Any, Any], text: str) -> Iterator[Problem]:
    """Only plain names are shown: no arithmetic, no filters, nothing that could grow."""
    known = {variable.name: variable for variable in variables_of(function)}
    for found in OUTPUT.finditer(text):
        inside, line = found[1].strip(), _line(text, found.start())
        shown = "{{ " + _short(inside) + " }}"
        if not NAME.fullmatch(inside):
            yield Problem(line, f"{shown} is no variable; only a variable's name may stand there.")
        elif inside not in known:
            yield Problem(line, f"{shown} is not a variable{_suggestion(inside, known)}.")
        elif not known[inside].is_shown:
            yield Problem(
                line,
                f"{shown} cannot be shown here: it is data, and reaches the model as part of "
                "{{ question }}. Speak of it by its name.",
            )


def _wrong_tags(function: AIFunction[Any, Any], text: str) -> Iterator[Problem]:
    known = [variable.name for variable in variables_of(function)]
    for found in TAG.finditer(text):
        name, rest, line = found[1], found[2], _line(text, found.start())
        if name not in TAGS:
            allowed = "{% if %}, {% unless %} and {% case %}"
            yield Problem(line, f"{{% {name} %}} is not available; use only {allowed}.")
        elif name != "#" and (odd := UNNEEDED.search(TEXT_IN_TAG.sub("", rest))):
            yield Problem(
                line,
                f"“{_short(odd[0])}” cannot stand in a condition; compare variables, numbers and "
                "texts.",
            )
        elif name != "#":
            yield from (
                Problem(line, f"{one} is not a variable{_suggestion(one, known)}.")
                for one in NAME.findall(TEXT_IN_TAG.sub("", rest))
                if one not in known and one not in WORDS_OF_LIQUID
            )


def _wrong_template(function: AIFunction[Any, Any], text: str) -> Iterator[Problem]:
    """What the compiler finds, and what it understands otherwise than we did."""
    from liquid.exceptions import LiquidError

    try:
        found = template_of(text).analyze()
    except LiquidError as error:
        at = error.token.start_index if error.token else 0
        yield Problem(_line(text, at), f"{str(error).splitlines()[0].rstrip('.')}.")
    except RecursionError:
        yield Problem(0, "Its conditions are nested too deeply; take some apart.")
    else:
        known = {variable.name for variable in variables_of(function)}
        used = {str(path) for paths in found.variables.values() for path in paths}
        for name in [*(used - known), *found.filters, *(set(found.tags) - set(TAGS))]:
            yield Problem(0, f"{name} cannot be used in a prompt; take it out.")


def _missing(function: AIFunction[Any, Any], text: str) -> Iterator[Problem]:
    shown = {found[1].strip() for found in OUTPUT.finditer(text)}
    for name in function.needed:
        if name not in shown:
            yield Problem(0, f"{{{{ {name} }}}} is needed but missing.")
    if WHOLE in function.needed and WHOLE in shown and not _is_fenced(text):
        yield Problem(
            0,
            f"{{{{ question }}}} must stand once, on a line of its own, between the lines {DATA} "
            f"and {END_OF_DATA}: they tell the model where the data ends.",
        )


def _is_fenced(text: str) -> bool:
    names = [found[1].strip() for found in OUTPUT.finditer(text)]
    return names.count(WHOLE) == 1 and len(FENCE.findall(text)) == 1


def _suggestion(name: str, known: "list[str] | dict[str, Any]") -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]}" if close else ""


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, max(0, position)) + 1


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
