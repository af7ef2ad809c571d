"""Looking at a prompt before it is saved: filled in without a call, or put to a model once."""

from dataclasses import dataclass
from typing import TypeVar

from igny8.ai.ask import Ask
from igny8.ai.functions import AIFunction, Answer, Question
from igny8.ai.prompts.rendering import render_prompt
from igny8.ai.prompts.validation import check_prompt

Q = TypeVar("Q", bound=Question)
A = TypeVar("A", bound=Answer)

CHARACTERS_A_TOKEN = 4


@dataclass(frozen=True)
class Preview:
    """A prompt as a model would get it; `tokens` is a rough guess."""

    text: str
    tokens: int


def preview_prompt(function: AIFunction[Q, A], text: str, question: Q) -> Preview:
    """What a model would be sent, without a call; raises PromptError."""
    check_prompt(function, text)
    shown = render_prompt(function.with_prompt(text), question)
    return Preview(shown, -(-len(shown) // CHARACTERS_A_TOKEN))


def try_prompt(ask: Ask, function: AIFunction[Q, A], text: str, question: Q, *, token: str) -> A:
    """One real answer, paid like any other and stored nowhere; raises what `ask` raises.

    With the same `token` the same trial is paid once, however often it is sent.
    """
    check_prompt(function, text)
    return ask(function.with_prompt(text), question, key=trial_key(function.name, token))


def trial_key(function: str, token: str) -> str:
    return f"{function}/trial:{token}/0/answer"
