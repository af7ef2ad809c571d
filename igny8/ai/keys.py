"""The keys of connections: written once, sealed, opened only for a request."""

import os

from igny8.accounts.secrets import seal, tail_of, unseal
from igny8.ai.connections import ENVIRONMENT, environment_url
from igny8.ai.models import AIConnection


def is_operators_own(connection: AIConnection) -> bool:
    """Whether it was made from the environment: its address may lead anywhere."""
    return bool(connection.name == ENVIRONMENT)


def key_of(connection: AIConnection) -> str:
    """The secret of a connection; never shown or logged. Raises SecretLostError.

    The environment's key goes to the environment's address only."""
    if is_operators_own(connection):
        ours = connection.base_url == environment_url()
        return os.environ.get("IGNY8_OPENAI_API_KEY", "") if ours else ""
    if not connection.sealed_key:
        return ""
    return unseal(connection.sealed_key, owner=_owner(connection))


def store_key(connection: AIConnection, key: str) -> None:
    """Replaces the key of a stored connection; an empty one takes it away."""
    key = key.strip()
    connection.sealed_key = seal(key, owner=_owner(connection)) if key else ""
    connection.key_tail = tail_of(key)
    connection.save(update_fields=("sealed_key", "key_tail", "updated_at"))


def _owner(connection: AIConnection) -> str:
    """Bound to row, account and address: none of them changes without the key written anew."""
    return f"connection:{connection.account_id}:{connection.pk}:{connection.base_url}"
