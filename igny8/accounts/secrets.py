"""Secrets at rest: sealed with this installation's keys, and bound to the row they belong to."""

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from igny8.core.errors import UserError

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

TAIL = 4
SHORTEST_WITH_TAIL = 12


class SecretLostError(UserError):
    """A stored secret that the present keys do not open, or that belongs to another row."""


class SealedField(models.TextField):  # type: ignore[type-arg]  # generic only in the stubs
    """A sealed secret; `reseal_all` finds every such field of every model."""


def seal(secret: str, *, owner: str) -> str:
    """The secret as it may be stored; `owner` names the one row that may open it."""
    bound = json.dumps([owner, secret]).encode()
    return _box().encrypt(bound).decode("ascii")


def unseal(sealed: str, *, owner: str) -> str:
    """Raises SecretLostError when the keys or the owner are others than when it was sealed."""
    from cryptography.fernet import InvalidToken

    try:
        bound_to, secret = json.loads(_box().decrypt(sealed))
    except InvalidToken:
        bound_to, secret = None, ""
    if bound_to != owner:
        raise SecretLostError(
            "A stored secret does not open. Enter it again, "
            "or put the key it was sealed with back into IGNY8_SECRET_KEYS."
        )
    return str(secret)


def tail_of(secret: str) -> str:
    """The last four characters, to recognise a secret by; nothing of a short one."""
    return secret[-TAIL:] if len(secret) >= SHORTEST_WITH_TAIL else ""


def reseal_all() -> int:
    """Seals every stored secret with the first of IGNY8_SECRET_KEYS; returns how many.

    Raises SecretLostError, and changes nothing, when one of them does not open."""
    with transaction.atomic():
        return sum(_reseal(model, name) for model, name in _sealed_fields())


def _reseal(model: type[models.Model], name: str) -> int:
    from cryptography.fernet import InvalidToken

    rows = model._default_manager.exclude(**{name: ""}).values_list("pk", name)
    found = list(rows)
    for pk, sealed in found:
        try:
            fresh = _box().rotate(sealed).decode("ascii")
        except InvalidToken as lost:
            raise SecretLostError(
                f"A secret of {model._meta.verbose_name} {pk} does not open with any key of "
                "IGNY8_SECRET_KEYS. Add the key it was sealed with, or enter the secret again."
            ) from lost
        model._default_manager.filter(pk=pk, **{name: sealed}).update(**{name: fresh})
    return len(found)


def _sealed_fields() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField):
                yield model, field.name


def _box() -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet

    keys: list[Any] = [hashlib.sha256(b"seal:" + k.encode()) for k in settings.SECRET_KEYS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key.digest())) for key in keys])
