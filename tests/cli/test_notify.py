"""`igny8 notify`, and what `igny8 config` says of it."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from igny8.automation.models import Channel, Event
from igny8.automation.runs import config_of
from igny8.core.networks import read_networks
from igny8.sites.models import Site
from tests.automation.notify.receiver import Receiver, answers
from tests.cli.conftest import Command

if TYPE_CHECKING:
    from pytest_django import Settings


@pytest.fixture
def receiver(settings: "Settings") -> Iterator[Receiver]:
    settings.ALLOWED_NETWORKS = read_networks("loopback")
    with Receiver() as running:
        yield running


def test_a_channel_is_added_tried_listed_and_removed(igny8: Command, receiver: Receiver) -> None:
    added = igny8("notify", "add", "Ours", receiver.url).stdout
    assert added.startswith("Added Ours. Try it: igny8 notify test Ours\n")
    secret = added.split()[-1]

    assert igny8("notify", "test", "ours").stdout == "Ours: Answered 200.\n"
    assert receiver.got[0].is_signed_with(secret)

    listed = igny8("notify", "list", "--json").stdout
    [row] = json.loads(listed)["channels"]
    assert (row["name"], row["kind"], row["secret"]) == ("Ours", "webhook", f"…{secret[-4:]}")
    assert secret not in listed + igny8("notify", "list").stdout
    assert "9f3c2b7e" not in listed

    assert secret not in igny8("notify", "secret", "Ours").stdout
    igny8("notify", "remove", "Ours")
    assert not Channel.objects.exists()
    assert "None yet" in igny8("notify", "list").stdout


def test_a_test_that_fails_says_what_came_back(igny8: Command, receiver: Receiver) -> None:
    igny8("notify", "add", "Chat", receiver.url, "--kind", "slack")
    receiver.script = [answers(404, "no_team")]

    result = igny8("notify", "test", "Chat")

    assert (result.exit_code, result.stderr.strip()) == (1, "Chat: Answered 404: no_team")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("add", "X", "nowhere"), "is no web address"),
        (("add", "X", "a@b.example", "--kind", "email"), "IGNY8_EMAIL_URL"),
        (("add", "X", "y", "--kind", "pigeon"), "is no kind of channel"),
        (("test", "Nobody"), "There is no channel called"),
    ],
)
def test_what_cannot_be_says_what_can(
    igny8: Command, words: tuple[str, ...], complaint: str
) -> None:
    result = igny8("notify", *words)

    assert result.exit_code == 2
    assert complaint in " ".join(result.stderr.split())


def test_what_a_site_tells_is_a_setting(igny8: Command, garden: Site) -> None:
    shown = json.loads(igny8("config", "--site", "garden", "--json").stdout)
    assert shown["notify"] == list(Event.values)

    said = igny8("config", "--site", "garden", "notify=run_failed, run_paused").stdout
    assert said.startswith("notify = run_failed, run_paused\n")
    igny8("config", "--site", "garden", "notify=none")
    assert config_of(garden).notify == []

    wrong = igny8("config", "--site", "garden", "notify=run_away")
    assert wrong.exit_code == 2
    assert "There is no event “run_away”" in wrong.stderr
