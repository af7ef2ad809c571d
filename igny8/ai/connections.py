"""Which connections and models answer a function, in which order."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from igny8.accounts.models import Account
from igny8.ai.addresses import OPENAI_URL
from igny8.ai.costs import is_local
from igny8.ai.functions import Form
from igny8.ai.gate import LONGEST_REST
from igny8.ai.models import SAMPLE_MODEL, AIConnection, RouteStep
from igny8.ai.step_settings import StepSettings
from igny8.core import clock
from igny8.core.rows import fetch_rows, places

ENVIRONMENT = "Environment"
SAMPLE = "Sample"
DEADLINES = {Form.IMAGE: 240.0, Form.EMBEDDING: 60.0}
TEXT_DEADLINE = 180.0
# A model on a machine of one's own may write five words a second.
OWN_TEXT_DEADLINE = 600.0
VARIABLES = {Form.IMAGE: "IGNY8_IMAGE_MODEL", Form.EMBEDDING: "IGNY8_EMBEDDING_MODEL"}
TEXT_VARIABLE = "IGNY8_TEXT_MODEL"
ALL_TEXT = "text"
FAMILIES = {Form.IMAGE: "image", Form.EMBEDDING: "embedding"}
_STEPS = """
account_id = %s AND (site_id IS NULL OR site_id = %s) AND function IN (%s, %s) ORDER BY position
"""
_NAMED = "account_id = %s AND name = %s AND removed_at IS NULL"


@dataclass(frozen=True)
class Step:
    """A connection, the model to ask there and how, and the seconds one answer may take."""

    connection: AIConnection
    model: str
    deadline: float
    settings: StepSettings = field(default_factory=StepSettings)

    @property
    def is_down(self) -> bool:
        until = self.connection.down_until
        now = clock.now()
        return until is not None and now < until <= now + LONGEST_REST


@dataclass(frozen=True)
class Route:
    """The steps that may answer, the first choice first; never empty."""

    steps: Sequence[Step]

    @property
    def connection(self) -> AIConnection:
        return self.steps[0].connection

    @property
    def model(self) -> str:
        return self.steps[0].model

    @property
    def is_sample(self) -> bool:
        return bool(self.connection.kind == AIConnection.Kind.SAMPLE)

    def standing(self) -> Sequence[int]:
        """The places of the steps not known to be down; of all of them when none stands."""
        places_of_all = range(len(self.steps))
        return [at for at in places_of_all if not self.steps[at].is_down] or places_of_all


def route_for(
    account: Account, form: Form, *, function: str = "", site_id: int | None = None
) -> Route:
    """The site's own route, else the account's, else the environment's, else the sample.

    On each level a route of this very function goes before one of all texts or all images. Vectors
    come from the first model alone: those of two models cannot be compared."""
    steps = _stored_steps(account, form, function, site_id)
    if form is Form.EMBEDDING:
        steps = steps[:1]
    return Route(steps or [_default_step(account, form)])


def _stored_steps(
    account: Account, form: Form, function: str, site_id: int | None
) -> Sequence[Step]:
    family = FAMILIES.get(form, ALL_TEXT)
    rows = fetch_rows(RouteStep, _STEPS, [account.pk, site_id, function or family, family])
    if not rows:
        return []
    rows.sort(key=lambda row: (row.site_id is None, row.function == family, row.position))
    _, chosen = next(groupby(rows, key=lambda row: (row.site_id, row.function)))
    return _steps_of(account, form, list(chosen))


def _steps_of(account: Account, form: Form, rows: Sequence[RouteStep]) -> Sequence[Step]:
    """Connections of another account are left out, whatever a row says."""
    wanted = [row.connection_id for row in rows]
    condition = f"account_id = %s AND id IN ({places(wanted)})"
    found = {one.pk: one for one in fetch_rows(AIConnection, condition, [account.pk, *wanted])}
    return [
        _step(found[row.connection_id], row.model, form, StepSettings.model_validate(row.settings))
        for row in rows
        if row.connection_id in found
    ]


def _default_step(account: Account, form: Form) -> Step:
    """The environment's connection when it names a model for this form, else the sample."""
    model = os.environ.get(VARIABLES.get(form, TEXT_VARIABLE), "")
    base_url = environment_url()
    if base_url and model:
        return _step(_environment_connection(account, base_url), model, form)
    return _step(_sample_connection(account), SAMPLE_MODEL, form)


def environment_url() -> str:
    """A key without an address is one of OpenAI's own; empty when the environment names neither."""
    usual = OPENAI_URL if os.environ.get("IGNY8_OPENAI_API_KEY") else ""
    return os.environ.get("IGNY8_OPENAI_BASE_URL") or usual


def _step(
    connection: AIConnection, model: str, form: Form, settings: StepSettings | None = None
) -> Step:
    chosen = settings or StepSettings()
    is_own = is_local(connection.base_url)
    usual = DEADLINES.get(form, OWN_TEXT_DEADLINE if is_own else TEXT_DEADLINE)
    return Step(connection, model, chosen.seconds or usual, chosen)


def _sample_connection(account: Account) -> AIConnection:
    return _connection(account, SAMPLE, AIConnection.Kind.SAMPLE, "")


def _environment_connection(account: Account, base_url: str) -> AIConnection:
    return _connection(account, ENVIRONMENT, AIConnection.Kind.OPENAI_COMPATIBLE, base_url)


def _connection(
    account: Account, name: str, kind: AIConnection.Kind, base_url: str
) -> AIConnection:
    rows = fetch_rows(AIConnection, _NAMED, [account.pk, name])
    if not rows:
        found, _ = AIConnection.objects.get_or_create(
            account=account,
            name=name,
            removed_at=None,
            defaults={"kind": kind, "base_url": base_url},
        )
        return found
    [found] = rows
    if found.base_url != base_url:
        _lead_elsewhere(found, base_url)
    return found


def _lead_elsewhere(connection: AIConnection, base_url: str) -> None:
    """What was learnt of the server before says nothing of the new one."""
    connection.base_url, connection.output_mode, connection.attention = base_url, "", ""
    connection.cooldown_until = connection.down_until = connection.checked_at = None
    connection.checked = {}
    connection.save()
