"""A searched question as a heading and as a question a person would ask."""

import re

from igny8.planner.sample.draw import capital
from igny8.planner.sample.phrase import ASKED_HOW, Phrase, Shape, lowered, to_the_reader


def heading_of(asked: Phrase) -> str:
    """`how do i prune basil` → `How to prune basil`; a full question keeps its mark."""
    said = _said(asked)
    if deed := ASKED_HOW.fullmatch(said):
        return to_the_reader(f"How to {deed['deed']}")
    if asked.shape is Shape.UNDECIDED:
        return capital(to_the_reader(said))
    return question_of(asked)


def question_of(asked: Phrase) -> str:
    """`how to prune basil` → `How do you prune basil?`"""
    said = _said(asked)
    if asked.shape is Shape.UNDECIDED:
        said = f"how do you decide {to_the_reader(said)}"
    if said.startswith("how to "):
        said = to_the_reader(f"how do you {said.removeprefix('how to ')}")
    return capital(re.sub(r"\bi\b", "I", said)) + "?"


def _said(asked: Phrase) -> str:
    return lowered(asked.text).rstrip("?!. ")
