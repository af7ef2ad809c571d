"""What people do to connections and routes: each verb is one short transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from igny8.accounts.models import Account
from igny8.ai.connections import ENVIRONMENT, SAMPLE
from igny8.ai.keys import store_key
from igny8.ai.models import AIConnection, RouteStep
from igny8.ai.step_settings import StepSettings
from igny8.core import clock
from igny8.core.door import is_web_address
from igny8.core.errors import UsageError, UserError
from igny8.sites.models import Site

OUR_OWN = {ENVIRONMENT.casefold(), SAMPLE.casefold()}
Kind = AIConnection.Kind
LONGEST_NAME, LONGEST_ADDRESS = 80, 200
STORED_KINDS = (Kind.OPENAI_COMPATIBLE, Kind.ANTHROPIC, Kind.GEMINI)


@dataclass(frozen=True)
class Choice:
    """One step of a route as a person chooses it."""

    connection: AIConnection
    model: str
    settings: StepSettings = field(default_factory=StepSettings)


def add_connection(
    account: Account,
    *,
    name: str,
    kind: str,
    base_url: str = "",
    key: str = "",
    max_concurrent: int | None = None,
    requests_per_minute: int | None = None,
) -> AIConnection:
    """Raises UsageError for a name, kind or address that cannot stand."""
    name, base_url = name.strip(), base_url.strip().rstrip("/")
    if len(name) > LONGEST_NAME or len(base_url) > LONGEST_ADDRESS:
        raise UsageError(
            f"A name has {LONGEST_NAME} characters at most, an address {LONGEST_ADDRESS}."
        )
    if not name or name.casefold() in OUR_OWN:
        raise UsageError(f"Choose another name; “{name}” is one of our own.")
    if kind not in STORED_KINDS:
        raise UsageError(f"“{kind}” is no kind of connection; there are {', '.join(STORED_KINDS)}.")
    if base_url and not is_web_address(base_url):
        raise UsageError(f"“{base_url}” is no web address. One looks like https://host/v1.")
    try:
        with transaction.atomic():
            made = AIConnection.objects.create(
                account=account,
                name=name,
                kind=kind,
                base_url=base_url,
                max_concurrent=max_concurrent,
                requests_per_minute=requests_per_minute,
            )
            store_key(made, key)
    except IntegrityError as taken:
        raise UsageError(f"There is a connection called “{name}” already.") from taken
    return made


def stored_connection(account: Account, name: str) -> AIConnection:
    """Raises UsageError that names the ones there are."""
    stored = AIConnection.objects.filter(account=account, removed_at=None)
    found = next((one for one in stored if one.name.casefold() == name.strip().casefold()), None)
    if found is None:
        names = ", ".join(sorted(one.name for one in stored)) or "none yet"
        raise UsageError(f"There is no connection called “{name}”. There are: {names}.")
    return found


def replace_key(connection: AIConnection, key: str) -> None:
    """The new key may work where the old one did not: marks and waits are gone.

    Raises UsageError for a connection of our own, whose key stands elsewhere."""
    if connection.name.casefold() in OUR_OWN:
        raise UsageError(f"{connection.name} keeps no key here: set IGNY8_OPENAI_API_KEY instead.")
    with transaction.atomic():
        store_key(connection, key)
        AIConnection.objects.filter(pk=connection.pk).update(
            attention="", cooldown_until=None, down_until=None
        )


def remove_connection(connection: AIConnection) -> None:
    """Its key and routes are gone for good; what it answered keeps its name."""
    if connection.name.casefold() in OUR_OWN:
        raise UserError(f"{connection.name} cannot be removed; change the environment instead.")
    with transaction.atomic():
        RouteStep.objects.filter(connection=connection).delete()
        AIConnection.objects.filter(pk=connection.pk).update(
            sealed_key="", key_tail="", removed_at=clock.now()
        )


def set_route(
    account: Account, function: str, choices: Sequence[Choice], *, site: Site | None = None
) -> None:
    """Replaces the route of a function, or of all `text` or `image` ones; none takes it away."""
    if any(one.connection.account_id != account.pk for one in choices):
        raise UsageError("A route uses connections of its own account only.")
    if site is not None and site.account_id != account.pk:
        raise UsageError("The site belongs to another account.")
    with transaction.atomic():
        RouteStep.objects.filter(account=account, site=site, function=function).delete()
        RouteStep.objects.bulk_create(
            RouteStep(
                account=account,
                site=site,
                function=function,
                position=position,
                connection=choice.connection,
                model=choice.model,
                settings=choice.settings.model_dump(exclude_defaults=True),
            )
            for position, choice in enumerate(choices)
        )
