"""Which connection and model answers which form of question."""

import os
from dataclasses import dataclass

from igny8.accounts.models import Account
from igny8.ai.functions import Form
from igny8.ai.models import SAMPLE_MODEL, AIConnection
from igny8.core.rows import fetch_rows

ENVIRONMENT = "Environment"
SAMPLE = "Sample"
DEADLINES = {Form.IMAGE: 240.0, Form.EMBEDDING: 60.0}
TEXT_DEADLINE = 180.0
VARIABLES = {Form.IMAGE: "IGNY8_IMAGE_MODEL", Form.EMBEDDING: "IGNY8_EMBEDDING_MODEL"}
TEXT_VARIABLE = "IGNY8_TEXT_MODEL"


@dataclass(frozen=True)
class Route:
    """A connection, the model to ask there, and the seconds one answer may take."""

    connection: AIConnection
    model: str
    deadline: float

    @property
    def is_sample(self) -> bool:
        return bool(self.connection.kind == AIConnection.Kind.SAMPLE)


def route_for(account: Account, form: Form) -> Route:
    """The environment's connection when it names a model for this form, else the sample."""
    deadline = DEADLINES.get(form, TEXT_DEADLINE)
    model = os.environ.get(VARIABLES.get(form, TEXT_VARIABLE), "")
    base_url = os.environ.get("IGNY8_OPENAI_BASE_URL", "")
    if base_url and model:
        return Route(_environment_connection(account, base_url), model, deadline)
    return Route(_sample_connection(account), SAMPLE_MODEL, deadline)


def key_of(connection: AIConnection) -> str:
    """The secret of a connection; never stored, shown or logged."""
    return os.environ.get("IGNY8_OPENAI_API_KEY", "") if connection.name == ENVIRONMENT else ""


def _sample_connection(account: Account) -> AIConnection:
    return _connection(account, SAMPLE, AIConnection.Kind.SAMPLE, "")


def _environment_connection(account: Account, base_url: str) -> AIConnection:
    return _connection(account, ENVIRONMENT, AIConnection.Kind.OPENAI_COMPATIBLE, base_url)


def _connection(
    account: Account, name: str, kind: AIConnection.Kind, base_url: str
) -> AIConnection:
    rows = fetch_rows(AIConnection, "account_id = %s AND name = %s", [account.pk, name])
    if not rows:
        return AIConnection.objects.create(account=account, name=name, kind=kind, base_url=base_url)
    [found] = rows
    if found.base_url != base_url:
        AIConnection.objects.filter(pk=found.pk).update(base_url=base_url)
        found.base_url = base_url
    return found
