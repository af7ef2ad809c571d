import json
from typing import Any

import pytest
from pydantic import ValidationError

from igny8.planner.functions.generate_ideas import IdeasQuestion, Page, PageKeyword, ask_ideas
from tests.planner.functions.odd_questions import odd_question

ASKED = IdeasQuestion(
    site="demo",
    cluster="Indoor herbs",
    pages=(
        Page(
            id="p1",
            keywords=(
                PageKeyword(id="k1", text="basil light requirements", volume=390),
                PageKeyword(id="k2", text="how to grow basil indoors", volume=1900),
            ),
        ),
        Page(id="p2", keywords=(PageKeyword(id="k3", text="mint vs peppermint"),)),
    ),
    taken_titles=("Mint vs Peppermint: How to Decide",),
    count=2,
)


def answered(changes: dict[str, Any]) -> bytes:
    """The offline answer with its first idea changed."""
    answer = json.loads(ask_ideas.dump(ask_ideas.offline(ASKED)))
    answer["ideas"][0] |= changes
    return json.dumps(answer).encode()


@pytest.mark.parametrize("number", range(200))
def test_the_offline_answer_is_valid_for_its_question(number: int) -> None:
    question = odd_question(number)

    answer = ask_ideas.offline(question)

    assert ask_ideas.parse(ask_ideas.dump(answer), question) == answer


def test_the_same_question_gets_the_same_answer() -> None:
    again = IdeasQuestion.model_validate_json(odd_question(7).model_dump_json())

    assert ask_ideas.offline(again) == ask_ideas.offline(odd_question(7))


def test_the_most_wanted_keyword_leads_the_idea() -> None:
    idea = ask_ideas.offline(ASKED).ideas[0]

    assert idea.primary_keyword_id == "k2"
    assert idea.secondary_keyword_ids == ["k1"]
    assert idea.content_type == "how_to"
    assert idea.rationale.startswith("“how to grow basil indoors” (1,900 searches a month)")


def test_a_title_that_is_taken_is_not_used_again() -> None:
    crowded = tuple(f"page {number}" for number in range(40))
    question = IdeasQuestion(
        site="demo",
        cluster="c",
        pages=tuple(
            Page(id=page, keywords=(PageKeyword(id=f"{page}k", text="mint vs peppermint"),))
            for page in crowded
        ),
        count=len(crowded),
    )

    answer = ask_ideas.offline(question)

    assert len({idea.title.casefold() for idea in answer.ideas}) == len(crowded)
    ask_ideas.parse(ask_ideas.dump(answer), question)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"page": "p9"}, "no page has the id 'p9'"),
        ({"page": "p2"}, "page p2 has two ideas"),
        ({"primary_keyword_id": "k3"}, "keyword k3 does not belong to page p1"),
        ({"secondary_keyword_ids": ["k2"]}, "the idea for page p1 names a keyword twice"),
        ({"title": "MINT vs  Peppermint: How to Decide"}, "is already used, choose another"),
        ({"title": "Too short"}, "at least 15 characters"),
        ({"outline": [{"heading": "One", "points": ["a"]}]}, "at least 3 items"),
        ({"extra": 1}, "Extra inputs are not permitted"),
    ],
)
def test_a_bad_answer_is_refused_with_a_clear_message(
    changes: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValidationError, match=complaint):
        ask_ideas.parse(answered(changes), ASKED)


def test_too_few_ideas_are_refused() -> None:
    answer = json.loads(ask_ideas.dump(ask_ideas.offline(ASKED)))
    short = json.dumps({"ideas": answer["ideas"][:1]}).encode()

    with pytest.raises(ValidationError, match="2 ideas were asked for, 1 came"):
        ask_ideas.parse(short, ASKED)


def test_more_ideas_than_pages_cannot_be_asked_for() -> None:
    with pytest.raises(ValidationError, match="3 ideas need 3 pages, not 2"):
        IdeasQuestion.model_validate(ASKED.model_dump() | {"count": 3})


def test_markup_and_invisible_characters_never_reach_a_plain_field() -> None:
    idea = ask_ideas.parse(answered({"title": "A <b>Title</b>\nWith\u200b Dirt\x07"}), ASKED).ideas[
        0
    ]

    assert idea.title == "A bTitle/b With Dirt"
