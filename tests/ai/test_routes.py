"""A route of two models: when the second one answers, and when nobody does."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from igny8.accounts.models import Account
from igny8.ai.ask import Ask
from igny8.ai.booking import use_calls
from igny8.ai.edits import Choice, add_connection, set_route
from igny8.ai.errors import Bad, NotBefore, Stop
from igny8.ai.models import AICall, AIConnection
from igny8.ai.origin import Origin
from igny8.core.clock import ManualClock, clock_set_to
from igny8.core.networks import read_networks
from tests.ai.letters import FUNCTIONS, Order, letters, order_letters
from tests.provider_faults import status
from tests.provider_server import ProviderServer

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db

KEY = "order_letters/cluster:7/1/0"
RIGHT = ["k2", "k3", "k1"]
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
State = AICall.State


@pytest.fixture
def second() -> Iterator[ProviderServer]:
    with ProviderServer(functions=FUNCTIONS) as running:
        yield running


@pytest.fixture
def ask(
    origin: Origin,
    account: Account,
    server: ProviderServer,
    second: ProviderServer,
    settings: "Settings",
) -> Ask:
    settings.ALLOWED_NETWORKS = read_networks("loopback")
    choices = [
        Choice(
            add_connection(account, name=name, kind="openai_compatible", base_url=at.base_url), name
        )
        for name, at in (("first", server), ("second", second))
    ]
    set_route(account, "text", choices)
    return Ask(origin)


def put(ask: Ask, key: str = KEY) -> Order:
    return ask(order_letters, letters(), key=key)


def wait_out(ask: Ask, time: ManualClock, *, key: str = KEY) -> Order:
    """Comes back whenever it is told to, as a run does."""
    while True:
        try:
            return put(ask, key)
        except NotBefore as wait:
            time.time = wait.at


def asked(server: ProviderServer, second: ProviderServer) -> tuple[int, int]:
    return server.count(), second.count()


def test_the_first_model_answers_while_it_can(
    ask: Ask, server: ProviderServer, second: ProviderServer
) -> None:
    assert put(ask).ids == RIGHT
    assert asked(server, second) == (1, 0)
    assert ask.generated_by == "openai_compatible:first"


def test_after_three_bad_answers_the_second_model_is_asked(
    ask: Ask, server: ProviderServer, second: ProviderServer
) -> None:
    server.fail("not_json")

    assert put(ask).ids == RIGHT
    assert asked(server, second) == (3, 1)
    assert ask.generated_by == "openai_compatible:second"
    assert "not accepted" not in second.asked[0].prompt


def test_a_question_both_models_fail_at_is_bad(
    ask: Ask, server: ProviderServer, second: ProviderServer
) -> None:
    server.fail("not_json")
    second.fail("cut")

    with pytest.raises(Bad, match="No usable answer in 2 tries: The answer was cut off"):
        put(ask)

    assert asked(server, second) == (3, 2)


def test_a_model_that_is_down_hands_over_after_its_chances(
    ask: Ask, server: ProviderServer, second: ProviderServer
) -> None:
    server.fail(status(503))
    time = ManualClock(NOON)

    with clock_set_to(time):
        assert wait_out(ask, time).ids == RIGHT

    assert asked(server, second) == (5, 1)


def test_a_model_that_went_down_is_passed_over_for_a_while(
    ask: Ask, server: ProviderServer, second: ProviderServer, origin: Origin
) -> None:
    server.fail(status(503))
    time = ManualClock(NOON)
    with clock_set_to(time):
        wait_out(ask, time)
        put(Ask(origin), key="order_letters/cluster:8/1/0")
        assert asked(server, second) == (5, 2)

        server.recover()
        time.sleep(15 * 60)
        put(Ask(origin), key="order_letters/cluster:9/1/0")
    assert asked(server, second) == (6, 2)


def test_a_route_all_of_which_is_down_stops_the_run(
    ask: Ask, server: ProviderServer, second: ProviderServer
) -> None:
    server.fail(status(503))
    second.fail("reset")
    time = ManualClock(NOON)

    with clock_set_to(time), pytest.raises(Stop, match="second does not answer") as stopped:
        wait_out(ask, time)

    assert stopped.value.code == "provider_down"
    assert asked(server, second) == (5, 5)


@pytest.mark.parametrize("fault", [401, 402, 403, 404, 413])
def test_a_refusal_never_switches_the_model(
    ask: Ask, server: ProviderServer, second: ProviderServer, fault: int
) -> None:
    server.fail(status(fault))

    with pytest.raises(Stop):
        put(ask)

    assert asked(server, second) == (1, 0)


def test_what_one_model_declined_is_not_put_to_another(
    ask: Ask, server: ProviderServer, second: ProviderServer
) -> None:
    server.fail("refusal")

    for _ in range(2):
        with pytest.raises(Bad, match="declined"):
            put(ask)

    assert asked(server, second) == (1, 0)


def test_a_rate_limit_waits_and_never_switches(
    ask: Ask, server: ProviderServer, second: ProviderServer
) -> None:
    server.fail(status(429, retry_after="30"), times=1)
    time = ManualClock(NOON)

    with clock_set_to(time):
        assert wait_out(ask, time).ids == RIGHT

    assert asked(server, second) == (2, 0)


def test_the_second_models_stored_answer_is_given_again(
    ask: Ask, server: ProviderServer, second: ProviderServer, origin: Origin
) -> None:
    server.fail("not_json")
    put(ask)
    server.recover()

    again = Ask(origin)

    assert put(again).ids == RIGHT
    assert asked(server, second) == (3, 1)
    assert again.generated_by == "openai_compatible:second"
    use_calls(again.used)
    assert AICall.objects.filter(state=State.USED).count() == 1


def test_another_setting_of_the_model_is_another_question(
    ask: Ask, account: Account, server: ProviderServer, origin: Origin
) -> None:
    from igny8.ai.step_settings import StepSettings

    put(ask)
    first = AIConnection.objects.get(name="first")
    set_route(account, "text", [Choice(first, "first", StepSettings(temperature=0.1))])

    put(Ask(origin))

    assert server.count() == 2
    assert server.asked[1].body["temperature"] == 0.1
