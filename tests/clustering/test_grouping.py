from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8.clustering import Granularity, Grouping, Phrase, Topic, group
from tests.clustering.garden import GARDEN, garden


def ids(topic: Topic) -> set[int]:
    return {member.id for member in topic.members}


def topic_of(grouping: Grouping, phrase: Phrase) -> Topic:
    return next(topic for topic in grouping.topics if phrase.id in ids(topic))


def page_of(grouping: Grouping, text: str) -> tuple[str, int]:
    phrase = next(one for one in garden() if one.text == text)
    topic = topic_of(grouping, phrase)
    return topic.name, next(member.page for member in topic.members if member.id == phrase.id)


@pytest.fixture(scope="module")
def grouping() -> Grouping:
    return group(garden())


def test_every_keyword_is_in_exactly_one_topic(grouping: Grouping) -> None:
    found = [member.id for topic in grouping.topics for member in topic.members]

    assert sorted(found) == [phrase.id for phrase in garden()]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_keywords_does_not_matter(grouping: Grouping, seed: int) -> None:
    shuffled = random.Random(seed).sample(garden(), len(GARDEN))

    assert group(shuffled) == grouping


@settings(max_examples=25)
@given(st.permutations(garden()[:12]))
def test_no_order_of_a_short_queue_matters(phrases: Sequence[Phrase]) -> None:
    assert group(phrases) == group(garden()[:12])


def test_the_same_call_gives_the_same_grouping(grouping: Grouping) -> None:
    assert group(garden()) == grouping


@pytest.mark.parametrize("threads", [1, 2])
def test_the_number_of_threads_does_not_matter(grouping: Grouping, threads: int) -> None:
    threadpoolctl = pytest.importorskip("threadpoolctl")

    with threadpoolctl.threadpool_limits(threads):
        assert group(garden()) == grouping


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("basil plant care", "basil plants care"),
        ("basil companion plants", "companion plants for basil"),
        ("garden herbs", "herbs garden"),
        ("how to prune basil", "pruning basil"),
        ("growing basil indoors", "grow basil indoors"),
        ("how often to water basil", "how much water does basil need"),
        ("how to harvest basil", "harvesting basil leaves"),
        ("types of mint", "mint varieties"),
        ("indoor herb garden kit", "indoor herb garden kits"),
        ("indoor herb garden kit", "best indoor herb garden kit"),
        ("thyme vs oregano", "difference between thyme and oregano"),
        ("when to prune lavender", "lavender pruning"),
        ("what herbs grow well together", "herbs that grow well together"),
        ("how to freeze fresh herbs", "freezing herbs"),
    ],
)
def test_wordings_of_one_question_share_a_page(grouping: Grouping, one: str, other: str) -> None:
    assert page_of(grouping, one) == page_of(grouping, other)


QUESTIONS = (
    "how to grow basil",
    "how to prune basil",
    "how to harvest basil",
    "how often to water basil",
    "basil companion plants",
    "types of mint",
    "how to stop mint spreading",
    "how to dry herbs",
    "how to freeze fresh herbs",
    "thyme vs oregano",
    "indoor herb garden kit",
    "hydroponic herb garden",
    "when to prune lavender",
)


def test_different_questions_have_different_pages(grouping: Grouping) -> None:
    pages = {page_of(grouping, question) for question in QUESTIONS}

    assert len(pages) == len(QUESTIONS)


def test_the_basil_keywords_are_one_topic_and_mint_another(grouping: Grouping) -> None:
    basil = {page_of(grouping, text)[0] for text in GARDEN if "basil" in text}
    mint = {page_of(grouping, text)[0] for text in GARDEN if "mint" in text}

    assert len(basil) == len(mint) == 1
    assert basil != mint


def test_pages_count_from_one_and_the_most_wanted_is_first(grouping: Grouping) -> None:
    volumes = {phrase.id: phrase.volume or 0 for phrase in garden()}
    for topic in grouping.topics:
        pages: dict[int, int] = {}
        for member in topic.members:
            pages[member.page] = pages.get(member.page, 0) + volumes[member.id]

        assert list(pages) == list(range(1, len(pages) + 1))
        assert list(pages.values()) == sorted(pages.values(), reverse=True)


def test_topics_come_by_volume_and_members_by_page_and_volume(grouping: Grouping) -> None:
    volumes = {phrase.id: phrase.volume or 0 for phrase in garden()}
    totals = [sum(volumes[one] for one in ids(topic)) for topic in grouping.topics]

    assert totals == sorted(totals, reverse=True)
    for topic in grouping.topics:
        order = [(member.page, -volumes[member.id]) for member in topic.members]
        assert order == sorted(order)


def test_finer_granularity_makes_more_topics_and_keeps_pages_whole() -> None:
    counts = [len(group(garden(), granularity=one).topics) for one in Granularity]

    assert counts == sorted(counts)
    assert counts[0] < counts[-1]
    fine = group(garden(), granularity=Granularity.FINE)
    assert page_of(fine, "types of mint") == page_of(fine, "mint varieties")


def test_similarity_is_the_cosine_to_the_head(grouping: Grouping) -> None:
    for topic in grouping.topics:
        by_id = {member.id: member.similarity for member in topic.members}

        assert topic.head is not None
        assert by_id[topic.head] == 1.0
        assert all(-1 <= one <= 1 and round(one, 4) == one for one in by_id.values())


def test_a_grouping_says_which_embedder_made_it_and_hands_its_mean_back(
    grouping: Grouping,
) -> None:
    assert grouping.embedder == "wordllama/l2_supercat_256"
    assert group(garden(), mean=grouping.mean) == grouping


def test_an_empty_queue_has_no_topics() -> None:
    assert group([]).topics == ()


def test_one_keyword_is_one_topic() -> None:
    (topic,) = group([Phrase(7, "herb garden", 10)]).topics

    assert (topic.name, topic.head, topic.provisional) == ("Herb Garden", 7, False)
    assert [(one.id, one.page, one.similarity) for one in topic.members] == [(7, 1, 1.0)]


def test_texts_without_words_are_topics_of_their_own() -> None:
    texts = ["🌿", "🌿🌱", "???", "herb garden", "herb gardens"]

    topics = group([Phrase(at, text) for at, text in enumerate(texts)]).topics

    assert sorted(sorted(ids(topic)) for topic in topics) == [[0], [1], [2], [3, 4]]


def test_exact_duplicates_share_a_page() -> None:
    (topic,) = group([Phrase(at, "Herb Garden") for at in range(4)]).topics

    assert [(member.id, member.page) for member in topic.members] == [(at, 1) for at in range(4)]


def test_a_keyword_as_long_as_an_article_gets_a_name_that_can_be_shown() -> None:
    grouping = group([Phrase(1, "basil garden " * 800), Phrase(2, "car insurance")])

    assert len(grouping.topics) == 2
    assert max(len(topic.name) for topic in grouping.topics) <= 100


@pytest.mark.parametrize(
    "texts",
    [
        ["купить кроссовки", "кроссовки купить", "herb garden"],
        ["室内香草园", "室内香草园套装", "herb garden"],
        ["ハーブの育て方", "ハーブ 育て方", "car insurance"],
        ["허브 키우기", "허브 키우기 방법", "car insurance"],
    ],
)
def test_scripts_other_than_latin_are_grouped(texts: list[str]) -> None:
    grouping = group([Phrase(at, text) for at, text in enumerate(texts)])

    assert sorted(sorted(ids(topic)) for topic in grouping.topics) == [[0, 1], [2]]


def test_strangers_are_not_pulled_together_because_nobody_else_is_there() -> None:
    texts = ["herb garden", "car insurance", "how to bake bread", "iphone repair", "best crm"]

    assert len(group([Phrase(at, text) for at, text in enumerate(texts)]).topics) == len(texts)


@given(st.lists(st.text(max_size=40), max_size=12))
@settings(max_examples=60)
def test_no_text_breaks_the_grouping(texts: list[str]) -> None:
    grouping = group([Phrase(at, text) for at, text in enumerate(texts)])

    found = sorted(member.id for topic in grouping.topics for member in topic.members)
    assert found == list(range(len(texts)))
    names = [topic.name.casefold() for topic in grouping.topics]
    assert len(set(names)) == len(names)


@pytest.mark.slow
def test_thousands_of_keywords_give_the_same_topics_in_any_order() -> None:
    adjectives = ["small", "large", "red", "cheap", "wooden", "modern", "round", "folding"]
    things = ["table", "chair", "sofa", "lamp", "desk", "shelf", "bed", "rug", "mirror", "clock"]
    rooms = ["kitchen", "bedroom", "office", "garden", "hallway", "bathroom", "studio"]
    phrases = [
        Phrase(at, " ".join(words)) for at, words in enumerate(product(adjectives, things, rooms))
    ]

    assert group(random.Random(3).sample(phrases, len(phrases))) == group(phrases)
