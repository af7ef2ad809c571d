import json
import random
from typing import Any

import pytest
from pydantic import ValidationError

from igny8.planner.plain import same
from igny8.writer.brief import Brief
from igny8.writer.functions.write_metadata import MetadataQuestion, ask_metadata
from igny8.writer.sample.slug import slug
from tests.writer.sample.herb_articles import herb_articles

ALPHABETS = ("abcdefgh ", "жщюя ", "室内香草 ", "🌿🌱 ", "<>{}|*_[]` ", "ÄÖéß -'")
ASKED = MetadataQuestion(
    brief=Brief(
        title="Growing Basil Indoors: Where to Start",
        angle="a",
        primary_keyword="growing basil indoors",
        secondary_keywords=("how to prune basil", "can basil grow indoors", "basil pots"),
    )
)


def odd_brief(number: int) -> Brief:
    chance = random.Random(number)
    letters = chance.choice(ALPHABETS)
    words = ["".join(chance.choices(letters, k=chance.randint(1, 120))) for _ in range(4)]
    opening = chance.choice(("", "how to ", "why is ", "best ", "when to "))
    return Brief(
        title=words[0] + " title",
        angle="a",
        primary_keyword=opening + words[1],
        secondary_keywords=tuple(words[2:]) * chance.randint(0, 8),
        language=chance.choice(("en", "de")),
    )


@pytest.mark.parametrize("number", range(200))
def test_the_offline_answer_is_valid_and_within_the_limits_asked_for(number: int) -> None:
    question = MetadataQuestion(brief=odd_brief(number))

    answer = ask_metadata.offline(question)

    assert ask_metadata.parse(ask_metadata.dump(answer), question) == answer
    assert 20 <= len(answer.seo_title) <= 60
    assert 121 <= len(answer.meta_description) <= 156
    assert 80 <= len(answer.excerpt) <= 300


@pytest.mark.parametrize("length", range(1, 130))
def test_a_description_fits_for_a_keyword_of_any_length(length: int) -> None:
    keywords = ["x" * length, ("ab " * 60)[:length].strip() or "a"]
    for keyword in keywords:
        brief = Brief(title="Title of the article", angle="a", primary_keyword=keyword)
        answer = ask_metadata.offline(MetadataQuestion(brief=brief))
        assert 121 <= len(answer.meta_description) <= 156


def test_the_metadata_of_real_articles_keeps_to_the_keyword() -> None:
    for article in herb_articles():
        keyword = article.brief.primary_keyword
        assert article.meta.focus_keyword == keyword
        assert article.meta.slug == slug(keyword)
        told = same(article.meta.meta_description)
        assert any(word in told for word in same(keyword).split() if len(word) > 3)
    slugs = [article.meta.slug for article in herb_articles()]
    assert len(set(slugs)) == len(slugs)


def test_the_questions_come_from_question_keywords() -> None:
    answer = ask_metadata.offline(ASKED)

    assert [one.question for one in answer.faq] == [
        "How do you prune basil?",
        "Can basil grow indoors?",
    ]


def test_a_brief_without_questions_gets_none() -> None:
    kit = next(
        a for a in herb_articles() if a.brief.primary_keyword.startswith("indoor herb garden kit")
    )

    assert kit.meta.faq == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"focus_keyword": "herbs"}, "focus_keyword must be the brief"),
        ({"secondary_keywords": ["parsley"]}, "not among the secondary keywords: parsley"),
        ({"slug": "Not A Slug"}, "String should match pattern"),
        ({"seo_title": "Short"}, "at least 20 characters"),
        ({"tags": ["t" * 41]}, "each tag has 1 to 40 characters"),
        ({"claims_to_check": ["c" * 201]}, "each claim to check has 1 to 200 characters"),
    ],
)
def test_a_bad_answer_is_refused_with_a_clear_message(
    changes: dict[str, Any], complaint: str
) -> None:
    answer = json.loads(ask_metadata.dump(ask_metadata.offline(ASKED))) | changes

    with pytest.raises(ValidationError, match=complaint):
        ask_metadata.parse(json.dumps(answer).encode(), ASKED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How to Grow Basil?", "how-to-grow-basil"),
        ("Käsespätzle für Groß & Klein", "kasespatzle-fur-gross-klein"),
        ("базилик на подоконнике", "bazilik-na-podokonnike"),
        ("щедрый йогурт", "shchedryy-yogurt"),
        ("Ελληνικά βότανα", "ellinika-votana"),
        ("men's shoes", "mens-shoes"),
        ("w" * 100, "w" * 75),
    ],
)
def test_a_slug_is_spelt_in_latin_letters(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_a_slug_of_other_scripts_comes_from_the_title_or_the_hash() -> None:
    assert slug("室内香草花园", "Herbs at home") == "herbs-at-home"
    assert slug("室内香草花园").startswith("article-")
    assert slug("室内香草花园") != slug("🌿")
