"""A whole run against a provider that fails in every way there is, five calls in a hundred each."""

import hashlib
from collections import Counter
from collections.abc import Callable

import pytest

from igny8.ai.models import AICall
from igny8.automation.checks import all_checks
from igny8.automation.models import AutomationRun
from igny8.automation.reconcile import reconcile
from igny8.automation.runs import resume_run, start_run
from igny8.core import clock
from igny8.credits.ledger import is_balanced
from igny8.credits.models import CreditEntry, PriceOverride
from igny8.jobs import workers
from igny8.writer.models import Content
from tests.automation.conftest import no_engine, server
from tests.automation.world import fresh, phrases, site_with, task_of, until_it_rests
from tests.faults.invariants import broken
from tests.provider_faults import Asked, Exchange, Fault
from tests.provider_server import ProviderServer, fault_named

__all__ = ["no_engine", "server"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "worker", "no_engine")]

SHARE = 0.05
PAID = ("wrong_schema", "not_json", "cut", "refusal", "content_filter", "empty_content", "fenced")
UNPAID = ("429", "500", "503", "401", "402", "reset", "broken_off", "html", "cut_envelope",
          "error_in_200", "null_choices")  # fmt: skip
READ, WRITTEN = 10, 20  # micro-dollars a token
PATIENCE = 400


@pytest.fixture
def met(server: ProviderServer) -> Counter[str]:
    """Each kind of fault strikes one call in twenty, by lot; how often it did."""
    found: Counter[str] = Counter()
    server.spread = 0.4
    for kind in (*PAID, *UNPAID):
        server.fail(_counted(kind, found), when=_by_lot(kind))
    return found


def _by_lot(kind: str) -> Callable[[Asked], bool]:
    def strikes(asked: Asked) -> bool:
        lot = hashlib.sha256(f"{kind} {asked.number}".encode()).digest()
        return int.from_bytes(lot[:4]) / 2**32 < SHARE

    return strikes


def _counted(kind: str, found: Counter[str]) -> Fault:
    fault = fault_named(kind)

    def counted(exchange: Exchange) -> None:
        found[kind] += 1
        fault(exchange)

    return counted


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_it_ends_at_the_gate_with_books_like_the_providers_own(
    server: ProviderServer, met: Counter[str]
) -> None:
    site = site_with(phrases(30), images_per_article=1, ideas_per_cluster=2, attempts=5)
    for number in range(12):
        task_of(site, f"How to grow vegetable {number} at home")
    for model in ("test-model", "test-image-model"):
        PriceOverride.objects.create(
            account=site.account,
            model=model,
            input_rate=READ * 1_000_000,
            output_rate=WRITTEN * 1_000_000,
        )

    run = _carried_to_its_end(start_run(site))

    assert (run.status, run.current_stage) == ("completed", 7)
    assert set(met) == {*PAID, *UNPAID}
    assert Content.objects.filter(site=site, status="review").exists()
    assert not broken()
    assert [check.name for check in all_checks() if not check.ok] == []
    assert is_balanced(site.account_id)
    _assert_books_agree(server)


def _carried_to_its_end(run: AutomationRun) -> AutomationRun:
    """A person resumes what waits for one; what tries again by itself is waited for."""
    for _ in range(PATIENCE):
        until_it_rests(run)
        if run.status != AutomationRun.Status.PAUSED:
            return run
        if run.wake_at:
            clock.sleep(max(0.0, (run.wake_at - clock.now()).total_seconds()))
            workers.beat()
            reconcile()
        else:
            resume_run(run)
        fresh(run)
    raise AssertionError(f"the run never ends: {run.reason}")


def _assert_books_agree(server: ProviderServer) -> None:
    """Line by line: each booked call at what the journal bills, each answered one booked."""
    billed = {
        int(asked.headers["x-igny8-call"]): READ * asked.tokens[0] + WRITTEN * asked.tokens[1]
        for asked in server.asked
    }
    booked = CreditEntry.objects.values_list("call_id", "cost_microusd")
    lines = {call or 0: cost for call, cost in booked}
    assert lines == {call: billed[call] for call in lines}
    assert len(server.asked) == AICall.objects.count()
    states = dict(AICall.objects.values_list("pk", "state"))
    unpaid = {call for call in billed if call not in lines}
    assert {states[call] for call in unpaid} <= {"failed", "rejected"}
