from __future__ import annotations

import pytest

from igny8.clustering import Phrase, group
from igny8.clustering.titles import title
from tests.clustering.garden import garden


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how to grow basil", "How to Grow Basil"),
        ("react vs vue", "React vs Vue"),
        ("best crm for small business", "Best CRM for Small Business"),
        ("seo audit", "SEO Audit"),
        ("iPhone case", "iPhone Case"),
        ("men's self-watering pots", "Men's Self-Watering Pots"),
        ("BUY SHOES ONLINE", "Buy Shoes Online"),
        ("things to look for", "Things to Look For"),
        ("wie pflanze ich basilikum im topf", "Wie Pflanze Ich Basilikum im Topf"),
        ("recettes de cuisine", "Recettes de Cuisine"),
        ("сад трав", "Сад Трав"),
        ("室内香草园", "室内香草园"),
        ("", ""),
    ],
)
def test_a_title_reads_as_a_person_writes_it(text: str, expected: str) -> None:
    assert title(text) == expected


def test_the_most_searched_keyword_names_its_topic() -> None:
    topics = group(garden()).topics

    assert "Indoor Herb Garden Kit" in {topic.name for topic in topics}
    assert not any(topic.provisional for topic in topics)


def test_without_volumes_the_keyword_that_covers_the_others_names_it_for_now() -> None:
    texts = ["herb garden", "indoor herb garden", "herb garden ideas", "herb garden design"]

    (topic,) = group([Phrase(at, text) for at, text in enumerate(texts)]).topics

    assert (topic.name, topic.head, topic.provisional) == ("Herb Garden", 0, True)


def test_a_volume_of_nought_names_nothing_for_sure() -> None:
    (topic,) = group([Phrase(1, "herb garden", 0), Phrase(2, "herb gardens", 0)]).topics

    assert topic.provisional


def test_a_taken_name_gets_the_word_that_tells_the_topic_best() -> None:
    phrases = [Phrase(1, "herb garden", 90), Phrase(2, "indoor herb garden", 10)]

    (topic,) = group(phrases, taken_names=frozenset({"HERB GARDEN"})).topics

    assert topic.name == "Herb Garden (Indoor)"


def test_a_taken_name_without_another_word_is_numbered() -> None:
    (topic,) = group(
        [Phrase(1, "herb garden", 90)], taken_names=frozenset({"Herb Garden", "herb garden 2"})
    ).topics

    assert topic.name == "Herb Garden 3"


def test_no_two_topics_share_a_name() -> None:
    phrases = [*garden(), Phrase(900, "🌿"), Phrase(901, "🌱"), Phrase(902, "🌿 🌿")]

    names = [topic.name.casefold() for topic in group(phrases).topics]

    assert len(set(names)) == len(names)
