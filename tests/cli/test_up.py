"""`igny8 up` and `igny8 web`: what they say at their start."""

from typing import TYPE_CHECKING

import pytest

from igny8.accounts.first_owner import set_up_code
from igny8.accounts.models import User, owner_account
from igny8.accounts.team import join
from igny8.cli.up import say_how_to_begin
from igny8.config.served import public_address

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db


def test_the_link_that_makes_the_owner_is_said_at_every_start(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = f"Create the owner (works once): http://localhost:8001/setup/?code={set_up_code()}\n"
    for _ in range(2):
        say_how_to_begin(8001)
        assert capsys.readouterr().out == line


def test_it_names_the_address_that_people_type(
    settings: "Settings", capsys: pytest.CaptureFixture[str]
) -> None:
    settings.PUBLIC_ADDRESS = public_address("https://igny8.example.org/")
    say_how_to_begin(8000)
    assert "https://igny8.example.org/setup/?code=" in capsys.readouterr().out


def test_nothing_is_said_once_there_is_an_owner(capsys: pytest.CaptureFixture[str]) -> None:
    join(owner_account(), User.objects.create_user("ann@example.org", "correct horse battery"))
    say_how_to_begin(8000)
    assert capsys.readouterr().out == ""
