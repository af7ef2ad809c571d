from __future__ import annotations

import pytest

from igny8.clustering import ForeignMeanError, Grouping, Phrase, Placed, group
from tests.clustering.garden import garden


def placed_by(grouping: Grouping) -> list[Placed]:
    texts = {phrase.id: phrase for phrase in garden()}
    return [
        Placed(member.id, texts[member.id].text, cluster, member.page, texts[member.id].volume)
        for cluster, topic in enumerate(grouping.topics, 100)
        for member in topic.members
    ]


def home_of(text: str, placed: list[Placed]) -> tuple[int, int]:
    return next((one.cluster, one.page) for one in placed if one.text == text)


FIRST = group(garden())
PLACED = placed_by(FIRST)


def later(*texts: str) -> Grouping:
    phrases = [Phrase(1000 + at, text, 10) for at, text in enumerate(texts)]
    return group(phrases, PLACED, mean=FIRST.mean)


def test_only_new_keywords_are_members() -> None:
    grouping = later("basil watering", "electric car charger")

    found = {member.id for topic in grouping.topics for member in topic.members}
    assert found == {1000, 1001}


def test_a_site_without_new_keywords_has_nothing_to_place() -> None:
    assert later().topics == ()


def test_a_twin_joins_the_page_of_its_twin() -> None:
    (topic,) = later("Mint, types of!").topics

    assert (topic.cluster, topic.members[0].page) == home_of("types of mint", PLACED)


def test_a_similar_keyword_joins_the_cluster_and_the_page_it_resembles() -> None:
    (topic,) = later("how to prune basil plants").topics

    assert (topic.cluster, topic.members[0].page) == home_of("how to prune basil", PLACED)


def test_a_new_question_of_a_known_topic_gets_a_page_after_the_last_one() -> None:
    (topic,) = later("mint tea recipe").topics

    cluster, _ = home_of("types of mint", PLACED)
    assert topic.cluster == cluster
    assert topic.members[0].page == 1 + max(one.page for one in PLACED if one.cluster == cluster)


def test_strangers_open_topics_of_their_own() -> None:
    grouping = later("electric car charger", "ev charger at home", "home ev charging station")

    (topic,) = grouping.topics
    assert topic.cluster is None
    assert len(topic.members) == 3


def test_the_order_of_the_placed_keywords_does_not_matter() -> None:
    phrases = [Phrase(1000, "mint tea recipe"), Phrase(1001, "car charger")]

    assert group(phrases, PLACED[::-1], mean=FIRST.mean) == group(
        phrases[::-1], PLACED, mean=FIRST.mean
    )


def test_keywords_a_person_moved_apart_stay_apart_and_their_twin_follows_the_majority() -> None:
    moved = [
        Placed(1, "herb garden", 1, 1),
        Placed(2, "garden herbs", 2, 5),
        Placed(3, "herbs garden", 2, 5),
    ]

    (topic,) = group([Phrase(9, "garden herb")], moved).topics

    assert (topic.cluster, topic.members[0].page) == (2, 5)


def test_the_head_of_a_joined_cluster_may_be_a_keyword_that_was_there_before() -> None:
    (topic,) = later("mint tea recipe").topics

    assert topic.head == next(one.id for one in PLACED if one.text == "types of mint")
    assert -1 <= topic.members[0].similarity < 1


def test_a_joined_cluster_does_not_clash_with_its_own_name() -> None:
    phrases = [Phrase(1000, "mint tea recipe", 10)]

    (topic,) = group(
        phrases, PLACED, mean=FIRST.mean, taken_names=frozenset({"Types of Mint"})
    ).topics

    assert topic.name == "Types of Mint"


def test_the_mean_is_kept_until_the_site_has_doubled() -> None:
    few = later("mint tea recipe")
    many = later(*(f"{text.text} in winter" for text in garden()))

    assert few.mean == FIRST.mean
    assert many.mean != FIRST.mean


def test_a_mean_of_another_embedder_is_refused() -> None:
    with pytest.raises(ForeignMeanError, match="Group them again"):
        group([Phrase(1, "herb garden")], mean=b"1234")


def test_placed_keywords_without_words_take_nobody_in() -> None:
    (topic,) = group([Phrase(9, "herb garden")], [Placed(1, "🌿", 4, 1)]).topics

    assert topic.cluster is None
