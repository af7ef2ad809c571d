import pytest

from igny8.planner.sample.phrase import Shape, gerund, phrase, titled, with_article
from igny8.planner.sample.questions import heading_of, question_of


@pytest.mark.parametrize(
    ("keyword", "shape", "topic", "label"),
    [
        (
            "how to grow basil indoors",
            Shape.HOW_TO,
            "growing basil indoors",
            "How to Grow Basil Indoors",
        ),
        (
            "how do i keep my basil alive",
            Shape.HOW_TO,
            "keeping your basil alive",
            "How to Keep Your Basil Alive",
        ),
        (
            "when to harvest basil",
            Shape.UNDECIDED,
            "deciding when to harvest basil",
            "When to Harvest Basil",
        ),
        (
            "why is my basil dying?",
            Shape.QUESTION,
            "“why is my basil dying”",
            "Why Is My Basil Dying?",
        ),
        (
            "mint vs peppermint",
            Shape.VERSUS,
            "the mint vs peppermint comparison",
            "Mint vs Peppermint",
        ),
        (
            "best soil for herbs",
            Shape.BEST,
            "finding the best soil for herbs",
            "Best Soil for Herbs",
        ),
        ("growing herbs indoors", Shape.ACTIVITY, "growing herbs indoors", "Growing Herbs Indoors"),
        ("led grow lights", Shape.PLURAL, "LED grow lights", "LED Grow Lights"),
        ("INDOOR HERB GARDEN", Shape.COUNT, "an indoor herb garden", "Indoor Herb Garden"),
        ("herb nursery near me", Shape.COUNT, "an herb nursery near you", "Herb Nursery Near You"),
        ("fresh basil", Shape.MASS, "fresh basil", "Fresh Basil"),
        (
            "basil leaves turning yellow",
            Shape.TROUBLE,
            "“basil leaves turning yellow”",
            "Basil Leaves Turning Yellow",
        ),
        ("aerogarden review", Shape.REVIEW, "“aerogarden review”", "Aerogarden Review"),
        ("sage companion", Shape.NAME, "“sage companion”", "Sage Companion"),
        (
            "базилик на подоконнике",
            Shape.NAME,
            "“базилик на подоконнике”",
            "Базилик на подоконнике",
        ),
    ],
)
def test_a_keyword_is_read_by_its_shape(keyword: str, shape: Shape, topic: str, label: str) -> None:
    read = phrase(keyword)

    assert (read.shape, read.topic, read.label) == (shape, topic, label)


def test_a_keyword_of_another_language_is_only_quoted() -> None:
    assert phrase("pflanzen", "de").topic == "“pflanzen”"


@pytest.mark.parametrize(
    ("verb", "form"),
    [("grow", "growing"), ("make", "making"), ("cut", "cutting"), ("repot", "repotting")],
)
def test_a_verb_becomes_a_gerund(verb: str, form: str) -> None:
    assert gerund(verb) == form


def test_articles_follow_the_sound() -> None:
    assert [with_article(word) for word in ("herb garden", "usb lamp", "LED lamp", "pot")] == [
        "an herb garden",
        "a usb lamp",
        "an LED lamp",
        "a pot",
    ]


def test_titles_keep_capitals_and_small_words() -> None:
    assert titled("step-by-step guide to iPhone care for a beginner") == (
        "Step-by-Step Guide to iPhone Care for a Beginner"
    )


def test_a_searched_question_is_asked_as_a_person_would() -> None:
    asked = [phrase(text) for text in ("how to prune basil", "when to water", "can i eat it")]

    assert [question_of(one) for one in asked] == [
        "How do you prune basil?",
        "How do you decide when to water?",
        "Can I eat it?",
    ]
    assert [heading_of(one) for one in asked] == [
        "How to prune basil",
        "When to water",
        "Can I eat it?",
    ]
