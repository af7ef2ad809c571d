"""Texts that hit their length limit: continued at most twice, never taken for complete."""

import pytest

from igny8.ai.ask import Ask
from igny8.ai.errors import NotBefore, Stop
from igny8.ai.functions import TextAnswer
from igny8.ai.models import AICall
from tests.ai.letters import letters, spell_letters
from tests.provider_faults import says, status
from tests.provider_server import ProviderServer

pytestmark = pytest.mark.django_db

KEY = "spell_letters/task:7/0/section-1"
FIRST, REST = "Basil likes the sun. It wants wat", "water in the morning."
State = AICall.State


def put(ask: Ask) -> TextAnswer:
    return ask(spell_letters, letters(), key=KEY)


def states() -> list[tuple[str, str]]:
    return list(AICall.objects.order_by("pk").values_list("key", "state"))


def test_a_cut_text_is_continued_where_it_stopped(ask: Ask, server: ProviderServer) -> None:
    server.fail(says(REST), times=1)
    server.fail(says(FIRST, "length"), times=1)

    answer = put(ask)

    assert answer.text == "Basil likes the sun. It wants water in the morning."
    assert not answer.cut
    assert states() == [(KEY, State.ANSWERED), (f"{KEY}+1", State.ANSWERED)]
    assert len(ask.used) == 2
    assert "It wants " in server.asked[1].prompt
    assert "It wants wat" not in server.asked[1].prompt


def test_a_text_that_stays_cut_ends_with_a_sentence_and_says_so(
    ask: Ask, server: ProviderServer
) -> None:
    server.fail(says("And more of it. And th", "length"))

    answer = put(ask)

    assert answer.cut
    assert answer.text.endswith("And more of it.")
    assert server.count() == 3


def test_a_crash_between_two_parts_pays_neither_again(ask: Ask, server: ProviderServer) -> None:
    server.fail(status(401), times=1)
    server.fail(says(FIRST, "length"), times=1)
    with pytest.raises(Stop):
        put(ask)
    server.recover()
    server.fail(says(REST), times=1)

    answer = put(Ask(ask.origin))

    assert answer.text.endswith("water in the morning.")
    assert server.count() == 3


def test_a_model_that_adds_nothing_leaves_the_text_flagged(
    ask: Ask, server: ProviderServer
) -> None:
    server.fail("empty_content")
    server.fail(says(FIRST, "length"), times=1)

    answer = put(ask)

    assert (answer.text, answer.cut) == ("Basil likes the sun.", True)


def test_a_text_cut_before_its_first_word_gets_more_tokens_once(
    ask: Ask, server: ProviderServer
) -> None:
    server.fail(says("", "length"), times=1)

    assert not put(ask).cut
    assert [one.body.get("max_tokens") for one in server.asked] == [None, 4096]


def test_a_provider_that_cools_down_between_two_parts_is_waited_for(
    ask: Ask, server: ProviderServer
) -> None:
    server.fail(status(429, retry_after="5"), times=1)
    server.fail(says(FIRST, "length"), times=1)

    with pytest.raises(NotBefore):
        put(ask)

    assert AICall.objects.get(key=KEY).state == State.ANSWERED
