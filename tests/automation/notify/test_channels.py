"""A team's channels: what may be one, what is sealed, and the page where they are set."""

import re
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.test import Client

from igny8.accounts.models import AuditEntry, Role, owner_account
from igny8.accounts.secrets import reseal_all
from igny8.automation.models import Channel, Delivery, Event
from igny8.automation.notify import announce
from igny8.automation.notify.channels import (
    add_channel,
    change_channel,
    renew_secret,
    secret_of,
    stored_channel,
    url_of,
)
from igny8.automation.runs import config_of
from igny8.core.errors import UsageError
from tests.automation.notify.receiver import Receiver
from tests.automation.world import site_with
from tests.people import client_of, person_with

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.com/services/T02/B91/top-secret-path-x4"
SECRET = re.compile(r"whsec_[\w-]{20,}")


def webhook(name: str = "Ours", url: str = URL) -> tuple[Channel, str]:
    return add_channel(owner_account(), name=name, kind="webhook", address=url)


@pytest.fixture
def owner() -> Client:
    return client_of(person_with(Role.OWNER))


def page(more: str = "") -> str:
    return f"/team/{owner_account().pk}/notifications/{more}"


def text_of(client: Client) -> str:
    return client.get(page()).content.decode()


def test_address_and_secret_are_sealed_and_only_their_ends_are_shown() -> None:
    channel, secret = webhook()

    assert (channel.address, channel.secret_tail) == (
        "https://hooks.example.com/…h-x4",
        secret[-4:],
    )
    assert (url_of(channel), secret_of(channel)) == (URL, secret)
    stored = str(Channel.objects.values())
    assert "top-secret" not in stored
    assert secret not in stored


def test_secrets_open_after_the_installations_key_was_changed(settings: "Settings") -> None:
    channel, secret = webhook()
    settings.SECRET_KEYS = ["new", *settings.SECRET_KEYS]
    assert reseal_all() == 2
    settings.SECRET_KEYS = ["new"]
    channel.refresh_from_db()

    assert (url_of(channel), secret_of(channel)) == (URL, secret)


def test_a_new_secret_takes_the_place_of_the_old_one() -> None:
    channel, before = webhook()

    after = renew_secret(channel)

    assert secret_of(channel) == after != before


def test_without_a_new_address_the_old_one_stays() -> None:
    channel, _ = webhook()

    change_channel(channel, name="Theirs")
    assert (channel.name, url_of(channel)) == ("Theirs", URL)

    change_channel(channel, name="Theirs", address="https://b.test/")
    assert (channel.address, url_of(channel)) == ("https://b.test", "https://b.test/")


@pytest.mark.parametrize(
    ("kind", "address", "complaint"),
    [
        ("webhook", "hooks.example.com", "no web address"),
        ("webhook", "https://me:pw@hooks.example.com/", "no web address"),
        ("slack", "http://[oops", "no web address"),
        ("email", "nobody", "no e-mail address"),
        ("pigeon", "loft", "no kind of channel"),
    ],
)
def test_what_can_be_no_channel_says_why(
    mailing: None, kind: str, address: str, complaint: str
) -> None:
    with pytest.raises(UsageError, match=complaint):
        add_channel(owner_account(), name="X", kind=kind, address=address)


def test_without_a_mail_server_an_email_channel_says_what_to_set() -> None:
    with pytest.raises(UsageError, match="IGNY8_EMAIL_URL"):
        add_channel(owner_account(), name="X", kind="email", address="ana@example.org")


def test_names_are_given_once_and_found_in_any_case() -> None:
    channel, _ = webhook("Team  chat ")
    assert stored_channel(owner_account(), "team CHAT") == channel
    with pytest.raises(UsageError, match="already"):
        webhook("Team chat")
    with pytest.raises(UsageError, match="There are: Team chat"):
        stored_channel(owner_account(), "Nobody")


def test_the_page_adds_a_channel_and_shows_its_secret_once(owner: Client) -> None:
    assert "Nobody is told yet" in text_of(owner)

    owner.post(page(), {"name": "Ours", "kind": "webhook", "address": URL})

    first, second = text_of(owner), text_of(owner)
    assert SECRET.search(first)
    assert not SECRET.search(second)
    assert "https://hooks.example.com/…h-x4" in second
    assert "top-secret" not in first + second
    assert AuditEntry.objects.filter(verb="added the channel", thing="Ours").count() == 1


def test_an_address_that_cannot_be_is_said_and_what_was_typed_stays(owner: Client) -> None:
    answer = owner.post(page(), {"name": "Ours", "kind": "webhook", "address": "nowhere"})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "That is no web address" in text
    assert 'value="nowhere"' in text


def test_a_test_says_what_came_back(owner: Client, receiver: Receiver) -> None:
    channel, _ = webhook(url=receiver.url)

    answer = owner.post(page(f"{channel.pk}/test/"), follow=True)

    assert "Ours: Answered 200." in answer.content.decode()
    assert len(receiver.got) == 1


def test_a_channel_is_changed_and_removed_on_the_page(owner: Client) -> None:
    channel, secret = webhook()
    owner.post(page(f"{channel.pk}/"), {"name": "Theirs", "address": ""})
    assert Channel.objects.get().name == "Theirs"

    owner.post(page(f"{channel.pk}/secret/"))
    assert secret_of(Channel.objects.get()) != secret

    owner.post(page(f"{channel.pk}/remove/"))
    assert not Channel.objects.exists()


def test_the_page_lists_what_was_sent(owner: Client) -> None:
    webhook()
    announce(Event.RUN_FAILED, site=site_with(), key="k", says="Run 7 failed: <b>.")
    Delivery.objects.update(attempts=5, state="given_up", answer="Answered 410.")

    text = text_of(owner)

    assert "Run 7 failed: &lt;b&gt;." in text
    assert "Given up" in text


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER, Role.EDITOR])
def test_only_the_owner_sees_the_channels(role: Role) -> None:
    assert client_of(person_with(role)).get(page()).status_code == 404


def test_what_a_site_tells_is_chosen_in_its_configuration(owner: Client) -> None:
    site = site_with()
    address = f"/s/{site.slug}/automation/configure"
    form = owner.get(address).context["form"]
    values = {
        name: "" if form[name].value() is None else form[name].value() for name in form.fields
    }
    assert values["notify"] == list(Event.values)

    owner.post(address, {**values, "notify": ["run_failed", "error_spike"]})
    assert config_of(site).notify == ["run_failed", "error_spike"]

    owner.post(address, {**values, "notify": []})
    assert config_of(site).notify == []
    assert owner.post(address, {**values, "notify": ["run_away"]}).status_code == 422
    assert mail.outbox == []
