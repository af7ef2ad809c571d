"""What concerns somebody's way in, as lines of the audit log."""

from typing import Any

from allauth.account import signals as account
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa import signals as second_factor
from django.http import HttpRequest

from igny8.accounts.audit import record_access
from igny8.accounts.models import User

NAMES = {
    "webauthn": "a passkey",
    "totp": "an authenticator app",
    "recovery_codes": "recovery codes",
}


def listen() -> None:
    account.user_logged_in.connect(_signed_in)
    account.password_changed.connect(_changed_password)
    account.password_set.connect(_changed_password)
    account.password_reset.connect(_reset_password)
    second_factor.authenticator_added.connect(_added)
    second_factor.authenticator_removed.connect(_removed)
    second_factor.authenticator_reset.connect(_added)
    second_factor.authentication_failed.connect(_failed)


def _signed_in(user: User, request: HttpRequest, **_: Any) -> None:
    record_access(user, "signed in", _from(request))


def _changed_password(user: User, request: HttpRequest, **_: Any) -> None:
    record_access(user, "changed their password", _from(request))


def _reset_password(user: User, request: HttpRequest, **_: Any) -> None:
    record_access(user, "reset their password by e-mail", _from(request))


def _added(user: User, request: HttpRequest, authenticator: Any, **_: Any) -> None:
    record_access(user, f"made {NAMES[authenticator.type]}", _from(request))


def _removed(user: User, request: HttpRequest, authenticator: Any, **_: Any) -> None:
    record_access(user, f"removed {NAMES[authenticator.type]}", _from(request))


def _failed(user: User, request: HttpRequest, **_: Any) -> None:
    record_access(user, "gave a wrong code", _from(request))


def _from(request: HttpRequest) -> str:
    return f"from {get_ip(request)}"
