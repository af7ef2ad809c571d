"""Secrets at rest."""

from typing import TYPE_CHECKING

import pytest

from igny8.accounts.sealing import seal, unseal
from igny8.core.errors import UserError

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings


def test_what_is_sealed_opens_again_and_is_not_readable() -> None:
    sealed = seal("sk-very-secret")
    assert "secret" not in sealed
    assert unseal(sealed) == "sk-very-secret"


def test_a_new_key_in_front_keeps_the_old_secrets_open(settings: "Settings") -> None:
    settings.SECRET_KEYS = ["old"]
    sealed = seal("text")
    settings.SECRET_KEYS = ["new", "old"]
    assert unseal(sealed) == "text"
    assert seal("text") != sealed


def test_a_lost_key_is_a_sentence(settings: "Settings") -> None:
    settings.SECRET_KEYS = ["old"]
    sealed = seal("text")
    settings.SECRET_KEYS = ["new"]
    with pytest.raises(UserError, match="IGNY8_SECRET_KEYS"):
        unseal(sealed)
