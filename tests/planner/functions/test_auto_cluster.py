import json

import pytest
from pydantic import ValidationError

from igny8.planner.functions.auto_cluster import Group, NamesQuestion, ask_names

ASKED = NamesQuestion(
    site="demo",
    groups=(
        Group(id="g1", name="Indoor Herb Garden", intent="commercial", keywords=("herb garden",)),
        Group(id="g2", name="Basil Care", provisional=True),
    ),
    taken_names=("Grow Lights",),
)


def named(*groups: tuple[str, str, str]) -> bytes:
    fields = ("id", "name", "intent")
    return json.dumps(
        {"groups": [dict(zip(fields, group, strict=True)) for group in groups]}
    ).encode()


def test_the_offline_answer_keeps_the_name_and_intent_found_by_rule() -> None:
    answer = ask_names.parse(ask_names.dump(ask_names.offline(ASKED)), ASKED)

    assert [(group.id, group.name, group.intent) for group in answer.groups] == [
        ("g1", "Indoor Herb Garden", "commercial"),
        ("g2", "Basil Care", "informational"),
    ]


@pytest.mark.parametrize("name", ["", "x", "🌿", "<>", "n" * 200, "basil " * 30, "GROW LIGHTS"])
def test_any_name_found_by_rule_becomes_a_valid_one(name: str) -> None:
    groups = tuple(Group(id=f"g{number}", name=name, intent="odd") for number in range(5))
    question = NamesQuestion(site="demo", groups=groups, taken_names=("Grow Lights",))

    answer = ask_names.offline(question)

    assert ask_names.parse(ask_names.dump(answer), question) == answer


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (named(("g1", "Herbs", "commercial")), "group g2 is missing"),
        (
            named(("g1", "One", "commercial"), ("g1", "Two", "commercial")),
            "group g1 is named twice",
        ),
        (named(("g9", "Herbs", "commercial")), "no group has the id 'g9'"),
        (
            named(("g1", "Herbs", "commercial"), ("g2", "HERBS", "commercial")),
            "the name 'HERBS' is already used",
        ),
        (named(("g1", "grow lights", "commercial")), "the name 'grow lights' is already used"),
        (named(("g1", "Herbs", "curious")), "informational"),
    ],
)
def test_a_bad_answer_is_refused_with_a_clear_message(raw: bytes, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        ask_names.parse(raw, ASKED)
