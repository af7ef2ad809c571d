"""Where a team is told of things: what people do to its channels, and their secrets."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from igny8.accounts.models import Account
from igny8.accounts.secrets import seal, tail_of, unseal
from igny8.automation.models import Channel
from igny8.core.door import is_web_address
from igny8.core.errors import UsageError

Kind = Channel.Kind
LONGEST_NAME, LONGEST_START = 80, 240
NO_MAIL = (
    "This installation sends no e-mail yet. Whoever runs it sets IGNY8_EMAIL_URL; "
    "until then use a webhook."
)


def add_channel(account: Account, *, name: str, kind: str, address: str) -> tuple[Channel, str]:
    """The channel, and the secret that signs what a webhook gets: shown this once.

    Raises UsageError for a name, kind or address that cannot stand."""
    if kind not in Kind.values:
        raise UsageError(f"“{kind}” is no kind of channel; there are {', '.join(Kind.values)}.")
    address = _checked(kind, address)
    with _named_once(name) as called:
        channel = Channel.objects.create(account=account, name=called, kind=kind)
        _store_address(channel, address)
        return channel, renew_secret(channel) if kind == Kind.WEBHOOK else ""


def change_channel(channel: Channel, *, name: str, address: str = "") -> None:
    """An empty address leaves the one there is. Raises UsageError like adding one."""
    address = _checked(channel.kind, address) if address.strip() else ""
    with _named_once(name) as called:
        channel.name = called
        channel.save(update_fields=("name", "updated_at"))
        if address:
            _store_address(channel, address)


def renew_secret(channel: Channel) -> str:
    """A new secret for what a webhook gets; the one before signs nothing from now on."""
    secret = f"whsec_{secrets.token_urlsafe(24)}"
    channel.sealed_secret = seal(secret, owner=_owner(channel, "secret"))
    channel.secret_tail = tail_of(secret)
    channel.save(update_fields=("sealed_secret", "secret_tail", "updated_at"))
    return secret


def stored_channel(account: Account, name: str) -> Channel:
    """Raises UsageError that names the ones there are."""
    stored = list(Channel.objects.filter(account=account).order_by("name"))
    found = next((one for one in stored if one.name.casefold() == name.strip().casefold()), None)
    if found is None:
        names = ", ".join(one.name for one in stored) or "none yet"
        raise UsageError(f"There is no channel called “{name}”. There are: {names}.")
    return found


def url_of(channel: Channel) -> str:
    """Raises SecretLostError; never shown or logged, as it may be all that is asked for there."""
    return unseal(channel.sealed_url, owner=_owner(channel, "url"))


def secret_of(channel: Channel) -> str:
    return unseal(channel.sealed_secret, owner=_owner(channel, "secret"))


@contextmanager
def _named_once(name: str) -> Iterator[str]:
    """One transaction for a channel of this name, which is given back tidied."""
    called = " ".join(name.split())[:LONGEST_NAME]
    if not called:
        raise UsageError("Give the channel a name, like Team chat.")
    try:
        with transaction.atomic():
            yield called
    except IntegrityError as taken:
        raise UsageError(f"There is a channel called “{called}” already.") from taken


def _checked(kind: str, address: str) -> str:
    address = address.strip()
    if kind != Kind.EMAIL:
        if not is_web_address(address):
            raise UsageError("That is no web address. One looks like https://host/path.")
        return address
    if not settings.EMAIL_READY:
        raise UsageError(NO_MAIL)
    try:
        validate_email(address)
    except ValidationError as invalid:
        raise UsageError(f"“{address}” is no e-mail address.") from invalid
    return address


def _store_address(channel: Channel, address: str) -> None:
    """Of a web address only its host and end are shown: the rest may be a key."""
    if channel.kind == Kind.EMAIL:
        channel.address = address
    else:
        channel.address = _shown(address)
        channel.sealed_url = seal(address, owner=_owner(channel, "url"))
    channel.save(update_fields=("address", "sealed_url", "updated_at"))


def _shown(url: str) -> str:
    parts = urlsplit(url)
    start = f"{parts.scheme}://{parts.netloc}"[:LONGEST_START]
    rest = url.removeprefix(start).rstrip("/")
    return f"{start}/…{tail_of(rest)}" if rest else start


def _owner(channel: Channel, what: str) -> str:
    return f"channel:{channel.account_id}:{channel.pk}:{what}"
