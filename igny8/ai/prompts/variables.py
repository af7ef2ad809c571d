"""What a prompt may say of a question: its fields, by name."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from igny8.ai.functions import AIFunction

WHOLE = "question"


class VariableKind(StrEnum):
    """What kind of value a variable has; only the first three can hold no imported text."""

    NUMBER = "number"
    SWITCH = "yes or no"
    CHOICE = "choice"
    TEXT = "text"
    LIST = "list"
    GROUP = "group"


SAFE = (VariableKind.NUMBER, VariableKind.SWITCH, VariableKind.CHOICE)


@dataclass(frozen=True, kw_only=True)
class Variable:
    """`is_shown`: may stand in the text as {{ name }}; all may be asked about in {% if %}."""

    name: str
    kind: VariableKind
    is_needed: bool
    is_shown: bool


def variables_of(function: AIFunction[Any, Any]) -> list[Variable]:
    """The whole question first, then its fields in order.

    Where the question is sent as data, texts of it are shown nowhere else: they come from files
    and websites, and outside the markers a model would take them for its instructions.
    """
    fields = [(WHOLE, VariableKind.GROUP), *_fields(function.question, WHOLE)]
    is_sent_as_data = WHOLE in function.needed
    return [
        Variable(
            name=name,
            kind=kind,
            is_needed=name in function.needed,
            is_shown=_is_shown(name, kind, is_sent_as_data),
        )
        for name, kind in fields
    ]


def _is_shown(name: str, kind: VariableKind, is_sent_as_data: bool) -> bool:
    if is_sent_as_data:
        return name == WHOLE or kind in SAFE
    return kind in (*SAFE, VariableKind.TEXT)


def _fields(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, VariableKind]]:
    for name, field in model.model_fields.items():
        path, kind = f"{prefix}.{name}", _kind_of(field.annotation)
        yield path, kind
        if kind is VariableKind.GROUP and isinstance(field.annotation, type):
            yield from _fields(field.annotation, path)


def _kind_of(annotation: Any) -> VariableKind:
    if get_origin(annotation) is Literal:
        return VariableKind.CHOICE
    if get_origin(annotation) in (tuple, list, dict):
        return VariableKind.LIST
    if not isinstance(annotation, type):
        return _kind_of_union(annotation)
    if issubclass(annotation, bool):
        return VariableKind.SWITCH
    if issubclass(annotation, int | float):
        return VariableKind.NUMBER
    return VariableKind.GROUP if issubclass(annotation, BaseModel) else VariableKind.TEXT


def _kind_of_union(annotation: Any) -> VariableKind:
    """Of "this or nothing", this; of anything stranger, text."""
    kinds = {_kind_of(one) for one in get_args(annotation) if one is not type(None)}
    return kinds.pop() if len(kinds) == 1 else VariableKind.TEXT
