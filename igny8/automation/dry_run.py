"""A run looked at beforehand: what it would do, and what would stop it. Nothing is called."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from shutil import disk_usage
from typing import Any

from django.conf import settings

from igny8.accounts.secrets import SecretLostError
from igny8.ai.costs import is_local
from igny8.ai.keys import is_operators_own, key_of
from igny8.ai.models import AIConnection
from igny8.automation.confirming import limits_passed, limits_set
from igny8.automation.estimates import Estimate, estimate, unpriced_text
from igny8.automation.loads import NOT_CHOSEN, Chosen, answering
from igny8.automation.models import AutomationConfig
from igny8.automation.runs import active_run
from igny8.automation.stages import ARTICLES_STAGE, IMAGES_STAGE, WORK_STAGES
from igny8.automation.wording import credits_range_text, credits_text
from igny8.credits.ledger import PARTS
from igny8.credits.models import CreditAccount
from igny8.jobs.models import Worker
from igny8.sites.models import Site

BYTES_AN_ARTICLE, BYTES_AN_IMAGE = 60_000, 500_000
SPARE_BYTES = 200_000_000
STOPS, REMARK = "stops", "remark"


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """`code` for programs, `text` for people; `kind` says whether the run would stop there."""

    code: str
    text: str
    kind: str = STOPS


@dataclass(frozen=True, kw_only=True)
class DryRun:
    expected: Estimate
    obstacles: tuple[Obstacle, ...]

    @property
    def would_finish(self) -> bool:
        return not any(one.kind == STOPS for one in self.obstacles)

    def as_json(self) -> dict[str, Any]:
        found = [{"code": o.code, "kind": o.kind, "text": o.text} for o in self.obstacles]
        return {
            **self.expected.as_json(),
            "articles": self.expected.articles,
            "would_finish": self.would_finish,
            "obstacles": found,
        }


def look_before(
    site: Site,
    config: AutomationConfig,
    *,
    first_stage: int = 1,
    stop_after: int | None = None,
    chosen: Chosen = NOT_CHOSEN,
) -> DryRun:
    """With `chosen` models only prices count: whether they could be asked is not known yet."""
    last = stop_after or config.own_stop(first_stage)
    expected = estimate(site, config, first_stage=first_stage, stop_after=last, chosen=chosen)
    found = (
        *_the_run_before(site),
        *_left_behind(site, first_stage),
        *(() if expected.is_empty else _connections(site, expected, chosen)),
        *_budgets(expected, config),
        *_balance(expected, site),
        *_prices(expected, config),
        *_disk(expected),
        *_workers(),
    )
    return DryRun(expected=expected, obstacles=tuple(found))


def _the_run_before(site: Site) -> Iterator[Obstacle]:
    if (run := active_run(site)) is not None:
        yield Obstacle(
            code="active_run",
            text=f"Run {run.pk} is {run.status}; a site has one run at a time. Cancel it or let it "
            "end first.",
        )


def _left_behind(site: Site, first_stage: int) -> Iterator[Obstacle]:
    """The check before a stage looks at the highest stage below it that is not empty."""
    for stage in reversed(WORK_STAGES[: first_stage - 1]):
        if number := stage.queue().filter(site=site, parked_at=None).count():
            yield Obstacle(
                code="incomplete",
                text=f"Stage {stage.number} incomplete, cannot proceed to Stage {first_stage}: "
                f"{stage.count(number)} left. Begin at stage {stage.number}.",
            )
            return


def _connections(site: Site, expected: Estimate, chosen: Chosen) -> Iterator[Obstacle]:
    needed = [one for one in answering(site, chosen) if expected.totals.get(one.stage)]
    found = {one.connection.pk: one.connection for one in needed if one.connection}
    for connection in found.values():
        if not _has_key(connection):
            yield Obstacle(
                code="key",
                text=f"Connection {connection.name} has no key that can be used. "
                f"Store it: {_store_key(connection)}",
            )
        if connection.attention:
            yield Obstacle(
                code="connection",
                text=f"Connection {connection.name} needs attention: {connection.attention} "
                f"Try it: igny8 connection test {connection.name}",
            )
    if any(one.connection and one.connection.kind == AIConnection.Kind.SAMPLE for one in needed):
        yield Obstacle(
            code="sample",
            kind=REMARK,
            text="The sample provider answers, without an AI model; what it makes is labelled. "
            "Connect a model: igny8 connection add NAME",
        )


def _has_key(connection: AIConnection) -> bool:
    """Nobody asks for one on this machine or its network, nor does the sample provider."""
    if connection.kind == AIConnection.Kind.SAMPLE or is_local(connection.base_url):
        return True
    try:
        return bool(key_of(connection))
    except SecretLostError:
        return False


def _store_key(connection: AIConnection) -> str:
    if is_operators_own(connection):
        return "set IGNY8_OPENAI_API_KEY"
    return f"igny8 connection key {connection.name}"


def _budgets(expected: Estimate, config: AutomationConfig) -> Iterator[Obstacle]:
    for limit in limits_passed(expected, config):
        yield Obstacle(
            code=f"budget_{limit.name}",
            text=f"The budget of {limit.text} may not be enough for "
            f"{credits_range_text(expected.credits)} credits; the run pauses when it is used up.",
        )


def _balance(expected: Estimate, site: Site) -> Iterator[Obstacle]:
    """A prepaid account is refused what it lacks."""
    paid = CreditAccount.objects.filter(account=site.account, is_prepaid=True).first()
    if paid is None or expected.total is None:
        return
    left = Decimal(paid.balance - paid.reserved + paid.overdraft) / PARTS
    if expected.total.high > left:
        yield Obstacle(
            code="credits",
            text=f"{credits_text(max(Decimal(0), left))} credits are left and this run may need "
            f"{credits_range_text(expected.credits)}. Add some: igny8 prices grant AMOUNT",
        )


def _prices(expected: Estimate, config: AutomationConfig) -> Iterator[Obstacle]:
    if not expected.unpriced:
        return
    limits = ", ".join(f"{credits_text(one.budget)} a {one.name}" for one in limits_set(config))
    budgets = f" A budget is set ({limits}), and it cannot be kept." if limits else ""
    yield Obstacle(
        code="unknown_price",
        kind=REMARK,
        text=f"{unpriced_text(expected.unpriced)}{budgets} Set it: igny8 prices set MODEL",
    )


def _disk(expected: Estimate) -> Iterator[Obstacle]:
    totals = expected.totals
    needed = BYTES_AN_ARTICLE * totals.get(ARTICLES_STAGE, 0)
    needed += BYTES_AN_IMAGE * totals.get(IMAGES_STAGE, 0)
    free = disk_usage(Path(settings.DATA_DIR)).free
    if free < needed + SPARE_BYTES:
        yield Obstacle(
            code="disk",
            text=f"{free / 1e6:,.0f} MB are free; this run may need {needed / 1e6:,.0f} MB and "
            "some room to work in.",
        )


def _workers() -> Iterator[Obstacle]:
    """`igny8 run` works itself; only a run started on the page needs one."""
    if not Worker.objects.alive().exists():
        yield Obstacle(
            code="no_worker",
            kind=REMARK,
            text="No worker is there: igny8 run carries the run itself, or start one: igny8 up",
        )
