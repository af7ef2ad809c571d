from typing import TYPE_CHECKING

import pytest

from igny8.accounts.models import Account
from igny8.accounts.secrets import SecretLostError, reseal_all, seal, tail_of, unseal
from igny8.ai.edits import add_connection
from igny8.ai.keys import key_of
from igny8.ai.models import AIConnection

if TYPE_CHECKING:
    from pytest_django import Settings

SECRET = "sk-live-0123456789"


@pytest.fixture
def stored(db: None) -> AIConnection:
    account = Account.objects.create(name="Owner")
    return add_connection(account, name="Hosted", kind="openai_compatible", key=SECRET)


def test_a_sealed_secret_opens_for_its_owner_only() -> None:
    sealed = seal(SECRET, owner="connection:1")

    assert SECRET not in sealed
    assert unseal(sealed, owner="connection:1") == SECRET
    with pytest.raises(SecretLostError, match="Enter it again"):
        unseal(sealed, owner="connection:2")


def test_a_secret_stays_open_while_its_key_is_among_ours(settings: "Settings") -> None:
    settings.SECRET_KEYS = ["old"]
    sealed = seal(SECRET, owner="a")

    settings.SECRET_KEYS = ["new", "old"]
    assert unseal(sealed, owner="a") == SECRET
    settings.SECRET_KEYS = ["new"]
    with pytest.raises(SecretLostError, match="IGNY8_SECRET_KEYS"):
        unseal(sealed, owner="a")


def test_after_rotation_the_newest_key_is_enough(
    stored: AIConnection, settings: "Settings"
) -> None:
    settings.SECRET_KEYS = ["new", *settings.SECRET_KEYS]

    assert reseal_all() == 1

    settings.SECRET_KEYS = ["new"]
    stored.refresh_from_db()
    assert key_of(stored) == SECRET


def test_rotation_changes_nothing_when_a_secret_does_not_open(
    stored: AIConnection, settings: "Settings"
) -> None:
    before = stored.sealed_key
    settings.SECRET_KEYS = ["another"]

    with pytest.raises(SecretLostError, match="IGNY8_SECRET_KEYS"):
        reseal_all()

    stored.refresh_from_db()
    assert stored.sealed_key == before


@pytest.mark.parametrize(("secret", "tail"), [(SECRET, "6789"), ("short", ""), ("", "")])
def test_only_the_end_of_a_long_secret_is_shown(secret: str, tail: str) -> None:
    assert tail_of(secret) == tail
