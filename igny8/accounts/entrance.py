"""How people come in: an owner or an invitation makes them, nobody signs up by themselves."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal.ratelimit import get_cache_key, get_rates
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from igny8.accounts.audit import record_access
from igny8.accounts.models import User
from igny8.accounts.sealing import seal, unseal

PAUSED = "Too many tries. Wait 15 minutes, or use a passkey."


class Entrance(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    error_messages = {  # noqa: RUF012 - allauth's way
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "That e-mail and password do not match.",
        "too_many_login_attempts": PAUSED,
        "incorrect_password": "That is not your password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        email = str(credentials.get("email", "")).strip().lower()
        if person := User.objects.filter(email=email).first():
            record_access(person, "could not sign in", f"from {self.get_client_ip(request)}")

    def reauthenticate(self, user: User, password: str) -> bool:
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def send_notification_mail(self, template_prefix: str, user: User, *_: Any, **__: Any) -> None:
        if settings.EMAIL_READY:
            super().send_notification_mail(template_prefix, user, email=user.email)


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Secrets of second factors are sealed; the name that phones show is the product's."""

    error_messages = {  # noqa: RUF012 - allauth's way
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That did not work. Try the next code, or the key once more.",
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return "IGNY8"

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002
        return "Passkey"


def tries_left(request: HttpRequest, email: str) -> int:
    """How often a wrong password may still be given for an address, known here or not."""
    key = Entrance(request)._get_login_attempts_cache_key(request, email=email)
    what = {"app": "allauth.account", "action": "login_failed"}
    [rate] = [rate for rate in get_rates(**what) if rate.per == "key"]
    tried: list[float] = cache.get(get_cache_key(request, rate=rate, key=key, **what), [])
    recent = [moment for moment in tried if moment > time.time() - rate.duration]
    return max(0, int(rate.amount) - len(recent))
