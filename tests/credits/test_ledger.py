import os
import shutil
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from igny8.core import clock
from igny8.core.clock import ManualClock
from igny8.credits.ledger import (
    NotEnoughCreditsError,
    Spending,
    expire_reservations,
    grant,
    is_balanced,
    release,
    reserve,
    settle,
)
from igny8.credits.models import CreditAccount, CreditEntry, CreditReservation
from tests.credits.rush import AFFORDABLE, prepaid_account, rush

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def account_id(db: None) -> int:
    return prepaid_account(Decimal(100))


def set_aside(account_id: int, amount: str = "40", *, key: str = "call:1") -> str:
    expires_at = clock.now() + timedelta(seconds=60)
    reserve(account_id, Decimal(amount), key=key, expires_at=expires_at)
    return key


def spending(amount: str, *, call_id: int = 1) -> Spending:
    cost = int(Decimal(amount) * 10_000)
    return Spending(credits=Decimal(amount), cost_microusd=cost, call_id=call_id)


def standing(account_id: int) -> tuple[int, int]:
    """Balance and reserve, in credits."""
    row = CreditAccount.objects.get(account_id=account_id)
    return row.balance // 10_000, row.reserved // 10_000


def test_what_is_set_aside_cannot_be_set_aside_again(account_id: int) -> None:
    set_aside(account_id, "60")
    with pytest.raises(NotEnoughCreditsError, match=r"60\.0 credits are needed .* add credits"):
        set_aside(account_id, "60", key="other")
    assert standing(account_id) == (100, 60)
    assert not CreditReservation.objects.filter(key="other").exists()


def test_the_same_call_reserves_once(account_id: int) -> None:
    set_aside(account_id)
    set_aside(account_id)
    assert standing(account_id) == (100, 40)


def test_an_answer_books_what_it_cost_once(account_id: int) -> None:
    reservation = set_aside(account_id)
    assert settle(reservation, account_id, spending("30"))
    assert not settle(reservation, account_id, spending("30"))
    assert standing(account_id) == (70, 0)
    assert CreditEntry.objects.get(kind="charge").cost_microusd == 300_000
    assert is_balanced(account_id)


def test_a_call_may_cost_more_than_was_set_aside(account_id: int) -> None:
    settle(set_aside(account_id), account_id, spending("120"))
    assert standing(account_id) == (-20, 0)
    with pytest.raises(NotEnoughCreditsError):
        set_aside(account_id, "1", key="next")


def test_a_call_without_an_answer_gives_everything_back_once(account_id: int) -> None:
    reservation = set_aside(account_id)
    assert release(reservation)
    assert not release(reservation)
    assert standing(account_id) == (100, 0)


def test_a_reserver_that_died_is_freed_in_a_minute(account_id: int, clock: ManualClock) -> None:
    set_aside(account_id)
    clock.sleep(59)
    assert expire_reservations() == 0
    clock.sleep(2)
    assert expire_reservations() == 1
    assert standing(account_id) == (100, 0)
    assert expire_reservations() == 0


def test_an_answer_that_comes_after_all_is_booked_all_the_same(
    account_id: int, clock: ManualClock
) -> None:
    reservation = set_aside(account_id)
    clock.sleep(61)
    expire_reservations()
    assert settle(reservation, account_id, spending("30"))
    assert standing(account_id) == (70, 0)
    assert is_balanced(account_id)


def test_one_call_is_never_charged_twice(account_id: int) -> None:
    settle(set_aside(account_id), account_id, spending("5"))
    other = set_aside(account_id, key="other")
    with pytest.raises(IntegrityError), transaction.atomic():
        settle(other, account_id, spending("5"))
    assert standing(account_id) == (95, 40)
    assert is_balanced(account_id)


def test_what_was_never_set_aside_is_booked_all_the_same(account_id: int) -> None:
    assert settle("call:7", account_id, spending("5", call_id=7))
    assert standing(account_id) == (95, 0)
    assert is_balanced(account_id)


def test_who_has_not_paid_ahead_is_refused_nothing(account_id: int) -> None:
    CreditAccount.objects.filter(account_id=account_id).update(is_prepaid=False)
    settle(set_aside(account_id, "500"), account_id, spending("400"))
    assert standing(account_id) == (-300, 0)


def test_an_overdraft_is_lent(account_id: int) -> None:
    CreditAccount.objects.filter(account_id=account_id).update(overdraft=50 * 10_000)
    set_aside(account_id, "150")
    with pytest.raises(NotEnoughCreditsError):
        set_aside(account_id, "0.0001", key="other")


def test_small_amounts_add_up_exactly(account_id: int) -> None:
    for number in range(30):
        settle(
            set_aside(account_id, "0.1", key=f"k{number}"),
            account_id,
            spending("0.1", call_id=number),
        )
    grant(account_id, Decimal("0.3"))
    assert CreditAccount.objects.get(account_id=account_id).balance == 973_000
    assert is_balanced(account_id)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_reservers_at_once_never_overdraw() -> None:
    account_id = prepaid_account(Decimal(10 * AFFORDABLE))
    assert sum(rush(account_id)) == AFFORDABLE
    assert standing(account_id) == (100, 100)
    assert is_balanced(account_id)


@pytest.mark.slow
@pytest.mark.sqlite
def test_eight_reservers_at_once_never_overdraw_a_file(tmp_path: Path) -> None:
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "tests.credits.rush"]
    shown = subprocess.run(
        command, check=True, cwd=ROOT, env=settings, capture_output=True, text=True
    )
    shutil.rmtree(tmp_path)
    assert shown.stdout.split() == [str(AFFORDABLE), "True"]
