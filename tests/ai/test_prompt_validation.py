"""What a person may write into a prompt, and how they are told what they may not."""

import time

import pytest
from pydantic import Field

from igny8.ai.functions import AIFunction, Question
from igny8.ai.prompts.validation import PromptError, check_prompt
from igny8.ai.prompts.variables import variables_of
from tests.ai.letters import PROMPT, Order

FENCE = "===== DATA =====\n{{ question }}\n===== END OF DATA =====\n"


class Writer(Question):
    name: str
    years: int = 3


class StoryQuestion(Question):
    writer: Writer
    titles: tuple[str, ...] = ()
    is_long: bool = False
    words: int | None = Field(default=None)


tell_story = AIFunction(
    name="tell_story",
    question=StoryQuestion,
    answer=Order,
    offline=lambda _: Order(ids=[]),
    prompt=PROMPT,
)


def complaints(text: str) -> list[str]:
    with pytest.raises(PromptError) as refused:
        check_prompt(tell_story, text)
    return [str(problem) for problem in refused.value.problems]


def test_the_variables_are_the_fields_of_the_question() -> None:
    listed = {one.name: (one.kind.value, one.is_shown) for one in variables_of(tell_story)}
    assert listed == {
        "question": ("group", True),
        "question.writer": ("group", False),
        "question.writer.name": ("text", False),
        "question.writer.years": ("number", True),
        "question.titles": ("list", False),
        "question.is_long": ("yes or no", True),
        "question.words": ("number", True),
    }


@pytest.mark.parametrize(
    "text",
    [
        FENCE,
        "Write {{ question.words }} words.\n" + FENCE,
        "{% if question.writer.name == 'Ann' and question.is_long %}Long.{% endif %}\n" + FENCE,
        "{% case question.words %}{% when 5 %}Five{% else %}More{% endcase %}\n" + FENCE,
        "{% # a remark %}Costs 5 % {of} it.\n" + FENCE + "Answer in JSON.",
    ],
)
def test_a_prompt_of_prose_conditions_and_data_is_accepted(text: str) -> None:
    check_prompt(tell_story, text)


def test_unknown_variables_are_named_with_their_line_and_the_nearest_one() -> None:
    assert complaints("One\n{{ question.word }}\n{{ secret }}\n" + FENCE) == [
        "Line 2: {{ question.word }} is not a variable; did you mean question.words.",
        "Line 3: {{ secret }} is not a variable.",
    ]
    assert complaints("{% if question.wordz > 3 %}x{% endif %}\n" + FENCE) == [
        "Line 1: question.wordz is not a variable; did you mean question.words."
    ]


def test_missing_variables_are_named() -> None:
    assert complaints("Tell a story.") == ["{{ question }} is needed but missing."]


def test_all_problems_are_told_at_once_in_one_sentence_each() -> None:
    with pytest.raises(PromptError, match=r"cannot be saved\. Line 1: .* is needed but missing\."):
        check_prompt(tell_story, "{{ questoin }}")


@pytest.mark.parametrize(
    "text",
    [
        "{{ question }}",
        FENCE + FENCE,
        "===== DATA =====\nx {{ question }}\n===== END OF DATA =====",
        FENCE + "{{ question }}",
    ],
)
def test_data_stands_once_and_between_its_marker_lines(text: str) -> None:
    assert "must stand once" in complaints(text)[-1]


def test_imported_text_cannot_be_put_among_the_instructions() -> None:
    (complaint,) = complaints("By {{ question.writer.name }}.\n" + FENCE)
    assert "Line 1: {{ question.writer.name }} cannot be shown here: it is data" in complaint


@pytest.mark.parametrize(
    "bomb",
    [
        '{{ "a"*10**10 }}',
        "{{ 10**10**10 }}",
        "{% for a in (1..1000000000) %}{% for b in (1..1000000000) %}x{% endfor %}{% endfor %}",
        "{{ question.words | times: 9999999 | append: 'x' }}",
        "{% assign a = 'x' %}{% capture b %}{{ a }}{{ a }}{% endcapture %}",
        "{% include 'secrets' %}{% render 'secrets' %}",
        "{{ question.__class__.__mro__ }}",
        "{% if question.__class__ %}x{% endif %}",
        '{% assign a = "%" | append: "%" %}',
        "{% for a in (1..1000000000) -%}%}{% endfor %}",
        "{% if question.words == 1 %}{{ question.words\n| times: 5 }}{% endif %}",
        "{% tablerow i in (1..99999999) %}x{% endtablerow %}",
        "{% raw %}{{ x }}{% endraw %}",
        "{% if question.words %}" * 5000,
        "{% if question.words %}" * 150 + "{% endif %}" * 40,
        "{{" * 9000,
        "{%" * 9000,
        "{% if " * 3000,
        "{{ " + "x." * 8000 + " }}",
        "{% case question.words %}{% if %}",
        "x" * 20_001,
        "{% if question.words == " + "(" * 900 + " %}{% endif %}",
        "{% if (1..10000000000) contains question.writer.name %}x{% endif %}",
        "{% case (1..10000000000) %}{% when question.writer.name %}x{% endcase %}",
        "{% unless question.words == " + "9" * 15_000 + " %}{% endunless %}",
        "{% if question.titles[99999999999] %}x{% endif %}",
        "Half \ud800 or no \x00 character",
    ],
    ids=lambda bomb: bomb[:24],
)
def test_a_bomb_is_refused_within_a_second_with_a_clear_sentence(bomb: str) -> None:
    begun = time.perf_counter()
    first = complaints(bomb + "\n" + FENCE)[0]
    assert time.perf_counter() - begun < 1
    assert first.endswith(".")
    assert len(first) < 400
