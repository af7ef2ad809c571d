"""`igny8 connection` and `igny8 rotate-keys`."""

import json
from typing import TYPE_CHECKING

import pytest

from igny8.ai.checking import ask_total
from igny8.ai.keys import key_of
from igny8.ai.models import AIConnection, RouteStep
from igny8.core.networks import read_networks
from tests.cli.conftest import Command
from tests.provider_server import ProviderServer

if TYPE_CHECKING:
    from pytest_django import Settings

KEY = "sk-live-0123456789"


def test_a_connection_is_added_listed_and_removed_without_its_key_being_shown(
    igny8: Command,
) -> None:
    added = igny8("connection", "add", "Hosted", "--at-once", "3", stdin=KEY + "\n")
    assert added.stdout.startswith("Added Hosted.")
    assert key_of(AIConnection.objects.get(name="Hosted")) == KEY

    listed = igny8("connection", "list", "--json")
    [row] = json.loads(listed.stdout)["connections"]
    assert (row["name"], row["kind"], row["key"]) == ("Hosted", "openai_compatible", "…6789")
    assert KEY not in listed.stdout + igny8("connection", "list").stdout

    igny8("connection", "remove", "hosted")
    assert "None yet" in igny8("connection", "list").stdout


def test_a_connection_is_tried(igny8: Command, settings: "Settings") -> None:
    settings.ALLOWED_NETWORKS = read_networks("loopback")
    with ProviderServer(functions={ask_total.name: ask_total}) as server:
        igny8("connection", "add", "Local", "--url", server.base_url, stdin="\n")
        result = igny8("connection", "test", "Local")

    assert "test-model: works, JSON native" in result.stdout
    assert "8,192 tokens" in result.stdout


def test_a_connection_that_does_not_work_says_why(igny8: Command) -> None:
    igny8("connection", "add", "Local", "--url", "http://127.0.0.1:9/v1", stdin="\n")

    result = igny8("connection", "test", "Local")

    assert result.exit_code == 1
    assert "IGNY8_ALLOWED_NETWORKS" in result.stderr


def test_a_route_for_a_function_that_does_not_exist_is_refused(igny8: Command) -> None:
    igny8("connection", "add", "A", stdin="\n")

    result = igny8("connection", "route", "write_sections", "A=gpt-5")

    assert result.exit_code == 2
    assert "There is no function “write_sections”" in result.stderr
    assert "write_section" in result.stderr
    assert not RouteStep.objects.exists()


def test_a_route_is_chosen_and_taken_back(igny8: Command) -> None:
    igny8("connection", "add", "A", stdin="\n")
    igny8("connection", "add", "B", stdin="\n")

    said = igny8("connection", "route", "text", "A=gpt-5", "B=vendor/model:free").stdout
    assert said == "text: gpt-5 at A, then vendor/model:free at B\n"
    assert "text: gpt-5 at A" in igny8("connection", "list").stdout

    igny8("connection", "route", "text")
    assert not RouteStep.objects.exists()


def test_a_route_says_how_its_models_are_asked(igny8: Command) -> None:
    igny8("connection", "add", "A", stdin="\n")

    igny8("connection", "route", "image", "A=gpt-image-1", "--quality", "low", "--seconds", "90")

    assert RouteStep.objects.get().settings == {"quality": "low", "seconds": 90.0}
    listed = igny8("connection", "list").stdout
    assert "image: gpt-image-1 at A, quality low, seconds 90.0" in " ".join(listed.split())


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("add", "Sample"), "Choose another name"),
        (("add", "X", "--kind", "smoke"), "is no kind of connection"),
        (("add", "X", "--url", "localhost"), "is no web address"),
        (("remove", "Nobody"), "There is no connection called"),
        (("route", "text", "A"), "names no model"),
        (("route", "text", "--temperature", "9"), "--temperature: should be less than or equal"),
        (("route", "image", "--quality", "best"), "--quality: should be 'low', 'medium' or 'high'"),
    ],
)
def test_what_cannot_be_says_what_can(
    igny8: Command, words: tuple[str, ...], complaint: str
) -> None:
    result = igny8("connection", *words, stdin="\n")

    assert result.exit_code == 2
    assert complaint in " ".join(result.stderr.split())


def test_keys_are_rotated(igny8: Command, settings: "Settings") -> None:
    igny8("connection", "add", "Hosted", stdin=KEY + "\n")
    settings.SECRET_KEYS = ["new", *settings.SECRET_KEYS]

    assert "1 secret is sealed with the newest key." in igny8("rotate-keys").stdout

    settings.SECRET_KEYS = ["new"]
    assert key_of(AIConnection.objects.get(name="Hosted")) == KEY
