"""Secrets at rest: sealed with IGNY8_SECRET_KEYS, the newest first; older ones still open."""

import base64
import hashlib
from typing import TYPE_CHECKING

from django.conf import settings

from igny8.core.errors import UserError

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


def seal(text: str) -> str:
    return _fernet().encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """Raises a UserError when none of the keys opens it."""
    from cryptography.fernet import InvalidToken

    try:
        return _fernet().decrypt(sealed.encode("ascii")).decode()
    except InvalidToken as error:
        raise UserError(
            "A stored secret cannot be opened with the keys of this installation. Put the former "
            "key into IGNY8_SECRET_KEYS, behind the new one."
        ) from error


def _fernet() -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet

    return MultiFernet([Fernet(_fernet_key(key)) for key in settings.SECRET_KEYS])


def _fernet_key(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"seal:" + key.encode()).digest())
