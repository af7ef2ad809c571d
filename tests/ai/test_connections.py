"""Connections stored for an account, their keys, and which of them answers what."""

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from igny8.accounts.models import Account
from igny8.accounts.secrets import SecretLostError
from igny8.ai.connections import ENVIRONMENT, SAMPLE, route_for
from igny8.ai.edits import (
    Choice,
    add_connection,
    remove_connection,
    replace_key,
    set_route,
    stored_connection,
)
from igny8.ai.errors import KeyRefusedError
from igny8.ai.functions import Form
from igny8.ai.keys import key_of
from igny8.ai.models import AIConnection
from igny8.ai.providers import PROVIDERS, Request
from igny8.ai.step_settings import StepSettings
from igny8.core.clock import ManualClock, clock_set_to
from igny8.core.errors import UsageError
from igny8.core.networks import read_networks
from igny8.sites.models import Site
from tests.ai.letters import letters, order_letters
from tests.provider_server import ProviderServer

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db

KEY = "sk-stored-98765"


def connect(account: Account, name: str = "Hosted", base_url: str = "") -> AIConnection:
    return add_connection(account, name=name, kind="openai_compatible", base_url=base_url, key=KEY)


def site_of(account: Account, slug: str = "coffee") -> Site:
    return Site.objects.create(account=account, slug=slug, name=slug)


def models(account: Account, form: Form = Form.TEXT, **where: object) -> list[str]:
    site = where.get("site")
    route = route_for(
        account,
        form,
        function=str(where.get("function", "")),
        site_id=site.pk if isinstance(site, Site) else None,
    )
    return [step.model for step in route.steps]


def test_a_key_is_stored_sealed_and_only_its_end_is_shown(account: Account) -> None:
    stored = connect(account)

    assert (stored.key_tail, key_of(stored)) == (KEY[-4:], KEY)
    assert KEY not in str(AIConnection.objects.values())


@pytest.mark.parametrize("change", [{"base_url": "https://elsewhere.test"}, {"account": "another"}])
def test_a_key_does_not_open_for_another_address_or_account(
    account: Account, change: dict[str, str]
) -> None:
    stored = connect(account)
    values = {k: Account.objects.create(name=v) if k == "account" else v for k, v in change.items()}
    AIConnection.objects.filter(pk=stored.pk).update(**values)
    stored.refresh_from_db()

    request = Request(
        function=order_letters, question=letters(), complaint="", model="m", deadline=1
    )
    with pytest.raises(KeyRefusedError, match="Enter it again"):
        PROVIDERS[stored.kind].reply(stored, request)


def test_a_sealed_key_copied_to_another_row_does_not_open(account: Account) -> None:
    one, other = connect(account), connect(account, "Other")
    AIConnection.objects.filter(pk=other.pk).update(sealed_key=one.sealed_key)
    other.refresh_from_db()

    with pytest.raises(SecretLostError, match="Enter it again"):
        key_of(other)


def test_the_key_of_the_environment_goes_to_its_address_only(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", "https://ours.test/v1")
    monkeypatch.setenv("IGNY8_OPENAI_API_KEY", "ours")

    theirs = AIConnection(name=ENVIRONMENT, base_url="https://theirs.test/v1")
    assert key_of(theirs) == ""
    assert key_of(AIConnection(name=ENVIRONMENT, base_url=os.environ["IGNY8_OPENAI_BASE_URL"]))


@pytest.mark.parametrize("name", ["", "environment", SAMPLE])
def test_a_name_of_our_own_cannot_be_taken(account: Account, name: str) -> None:
    with pytest.raises(UsageError, match="another name"):
        connect(account, name)


@pytest.mark.parametrize(
    "url",
    [
        "localhost:11434",
        "ftp://x.test",
        "https://me:pw@x.test/v1",
        "https://:pw@x.test",
        "http://x.test:99999",
    ],
)
def test_an_address_that_is_none_is_refused(account: Account, url: str) -> None:
    with pytest.raises(UsageError, match="no web address"):
        connect(account, base_url=url)


def test_a_name_or_an_address_that_no_database_would_take_is_refused(account: Account) -> None:
    with pytest.raises(UsageError, match="at most"):
        connect(account, "x" * 81)
    with pytest.raises(UsageError, match="at most"):
        connect(account, base_url="https://x.test/" + "v" * 200)


def test_a_connection_of_our_own_keeps_no_key(account: Account) -> None:
    route_for(account, Form.TEXT)

    with pytest.raises(UsageError, match="IGNY8_OPENAI_API_KEY"):
        replace_key(stored_connection(account, SAMPLE), "sk-another-key-1")


def test_what_was_learnt_of_a_server_is_forgotten_when_the_environment_names_another(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_TEXT_MODEL", "m")
    monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", "https://one.test/v1")
    route_for(account, Form.TEXT)
    later = datetime(2999, 1, 1, tzinfo=UTC)
    AIConnection.objects.update(
        attention="refused", cooldown_until=later, down_until=later, output_mode="prompted"
    )
    monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", "https://two.test/v1")

    now = route_for(account, Form.TEXT).connection

    now.refresh_from_db()
    assert (now.base_url, now.attention, now.output_mode) == ("https://two.test/v1", "", "")
    assert (now.cooldown_until, now.down_until) == (None, None)


def test_a_key_of_the_environment_without_an_address_is_for_openai(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_OPENAI_API_KEY", "sk-ours")
    assert models(account) == ["sample"], "no model is named"

    monkeypatch.setenv("IGNY8_TEXT_MODEL", "gpt-5-mini")

    found = route_for(account, Form.TEXT).connection
    assert (found.base_url, key_of(found)) == ("https://api.openai.com/v1", "sk-ours")


def test_vectors_come_from_one_model_alone(account: Account) -> None:
    hosted = connect(account)
    set_route(account, "embedding", [Choice(hosted, "a"), Choice(hosted, "b")])

    assert models(account, Form.EMBEDDING) == ["a"]


def test_a_name_is_free_again_after_its_connection_was_removed(account: Account) -> None:
    first = connect(account)
    set_route(account, "text", [Choice(first, "m")])
    with pytest.raises(UsageError, match="already"):
        connect(account)

    remove_connection(first)

    assert connect(account).pk != first.pk
    first.refresh_from_db()
    assert (first.sealed_key, models(account)) == ("", ["sample"])


def test_a_new_key_takes_marks_and_waits_away(account: Account) -> None:
    stored = connect(account)
    later = datetime(2999, 1, 1, tzinfo=UTC)
    AIConnection.objects.update(attention="refused", cooldown_until=later, down_until=later)

    replace_key(stored_connection(account, "hosted"), "sk-another-key-1")

    stored.refresh_from_db()
    assert (stored.attention, stored.cooldown_until, stored.down_until) == ("", None, None)
    assert key_of(stored) == "sk-another-key-1"


def test_the_nearest_route_answers(account: Account) -> None:
    hosted, site = connect(account), site_of(account)
    set_route(account, "text", [Choice(hosted, "a"), Choice(hosted, "b")])
    set_route(account, "order_letters", [Choice(hosted, "c")])
    set_route(account, "text", [Choice(hosted, "d")], site=site)

    assert models(account) == ["a", "b"]
    assert models(account, function="order_letters") == ["c"]
    assert models(account, function="order_letters", site=site) == ["d"]
    assert models(account, site=site_of(account, "tea")) == ["a", "b"]
    assert models(account, Form.IMAGE) == ["sample"]


def test_a_route_of_nothing_is_the_usual_one(account: Account) -> None:
    set_route(account, "text", [Choice(connect(account), "a")])
    set_route(account, "text", [])

    assert models(account) == ["sample"]


def test_a_route_never_leads_to_another_account(account: Account) -> None:
    theirs = connect(Account.objects.create(name="Theirs"))

    with pytest.raises(UsageError, match="own account"):
        set_route(account, "text", [Choice(theirs, "a")])


def test_settings_of_a_step_reach_the_request(
    account: Account,
) -> None:
    chosen = StepSettings(temperature=0.2, seconds=600)
    set_route(account, "text", [Choice(connect(account), "a", chosen)])

    [step] = route_for(account, Form.TEXT).steps

    assert (step.deadline, step.settings.temperature) == (600, 0.2)


def test_a_stored_address_inside_is_reached_only_when_the_operator_allows_it(
    account: Account, server: ProviderServer, settings: "Settings"
) -> None:
    stored = connect(account, base_url=server.base_url)
    request = Request(
        function=order_letters, question=letters(), complaint="", model="m", deadline=5
    )

    with pytest.raises(KeyRefusedError, match="leads into a private network"):
        PROVIDERS[stored.kind].reply(stored, request)
    assert server.count() == 0

    settings.ALLOWED_NETWORKS = read_networks("loopback")
    PROVIDERS[stored.kind].reply(stored, request)
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_name_that_leads_inside_is_closed_too(account: Account, server: ProviderServer) -> None:
    inside = connect(account, base_url=server.base_url.replace("127.0.0.1", "localhost"))
    request = Request(
        function=order_letters, question=letters(), complaint="", model="m", deadline=5
    )

    with pytest.raises(KeyRefusedError, match="localhost leads into a private network"):
        PROVIDERS[inside.kind].reply(inside, request)


def test_a_step_is_passed_over_only_while_it_is_down(account: Account) -> None:
    first, second = connect(account, "A"), connect(account, "B")
    set_route(account, "text", [Choice(first, "a"), Choice(second, "b")])
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    AIConnection.objects.filter(pk=first.pk).update(down_until=noon)

    with clock_set_to(ManualClock(noon - timedelta(seconds=1))):
        assert list(route_for(account, Form.TEXT).standing()) == [1]
    with clock_set_to(ManualClock(noon)):
        assert list(route_for(account, Form.TEXT).standing()) == [0, 1]
