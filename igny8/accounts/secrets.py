"""Secrets at rest: sealed with this installation's keys, and bound to the row they belong to."""

import json
from collections.abc import Iterator

from django.apps import apps
from django.db import models, transaction

from igny8.accounts import sealing
from igny8.core.errors import UserError

TAIL = 4
SHORTEST_WITH_TAIL = 12


class SecretLostError(UserError):
    """A stored secret that the present keys do not open, or that belongs to another row."""


class SealedField(models.TextField):  # type: ignore[type-arg]  # generic only in the stubs
    """A sealed secret; `reseal_all` finds every such field of every model."""


def seal(secret: str, *, owner: str) -> str:
    """The secret as it may be stored; `owner` names the one row that may open it."""
    return sealing.seal(json.dumps([owner, secret]))


def unseal(sealed: str, *, owner: str) -> str:
    """Raises SecretLostError when the keys or the owner are others than when it was sealed."""
    bound_to, secret = json.loads(_opened(sealed))
    if bound_to != owner:
        raise SecretLostError("A stored secret belongs to something else. Enter it again.")
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
    rows = model._default_manager.exclude(**{name: ""})
    found = list(rows.values_list("pk", name))
    for pk, sealed in found:
        fresh = sealing.seal(_opened(sealed))
        model._default_manager.filter(pk=pk, **{name: sealed}).update(**{name: fresh})
    return len(found)


def _opened(sealed: str) -> str:
    try:
        return sealing.unseal(sealed)
    except UserError as lost:
        raise SecretLostError(f"{lost} Or enter the secret again.") from lost


def _sealed_fields() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField):
                yield model, field.name
