"""Credits set aside before a call, booked when it is answered, given back when it is not."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet, Sum

from igny8.core import clock
from igny8.core.errors import UserError
from igny8.core.rows import insert_row
from igny8.credits.models import CreditAccount, CreditEntry, CreditReservation

PARTS = 10_000
SPENT = (CreditEntry.Kind.CHARGE, CreditEntry.Kind.WASTE)
State = CreditReservation.State


class NotEnoughCreditsError(UserError):
    """A prepaid account lacks what a call may cost."""


@dataclass(frozen=True, kw_only=True)
class Spending:
    """One line of the ledger: what a call cost, and whom it was made for, in text."""

    credits: Decimal
    cost_microusd: int | None
    call_id: int
    kind: CreditEntry.Kind = CreditEntry.Kind.CHARGE
    run_ref: str = ""
    stage: int | None = None
    site_id: int | None = None
    site_slug: str = ""


def hold_purse(account_id: int) -> None:
    """Nobody else sets credits of the account aside before this transaction ends: what is counted
    from now on stays true. On SQLite the transaction itself is the lock."""
    if connection.vendor == "postgresql":
        CreditAccount.objects.get_or_create(account_id=account_id)
        purse = CreditAccount.objects.select_for_update(no_key=True)
        purse.get(account_id=account_id)


def reserve(account_id: int, amount: Decimal, *, key: str, expires_at: datetime) -> None:
    """Sets credits aside for what `key` names; the same key reserves once.

    Raises NotEnoughCreditsError when a prepaid account does not have them. May be called inside
    the transaction that claims the call, so that both happen or neither.
    """
    CreditAccount.objects.get_or_create(account_id=account_id)
    parts = _parts(amount)
    try:
        with transaction.atomic():
            CreditReservation.objects.create(
                account_id=account_id, key=key, amount=parts, expires_at=expires_at
            )
            _set_aside(account_id, parts)
    except IntegrityError:
        if not CreditReservation.objects.filter(key=key).exists():
            raise


def settle(key: str, account_id: int, spending: Spending) -> bool:
    """Books what the call cost, be it more than was set aside; False when that was done before.

    What was released, expired or never set aside is booked all the same: the money is spent.
    """
    with transaction.atomic():
        found = CreditReservation.objects.select_for_update().filter(key=key).first()
        if found is not None and found.state == State.SETTLED:
            return False
        freed = found.amount if found is not None and found.state == State.OPEN else 0
        if found is not None:
            CreditReservation.objects.filter(pk=found.pk).update(
                state=State.SETTLED, closed_at=clock.now()
            )
        book(account_id, spending)
        CreditAccount.objects.get_or_create(account_id=account_id)
        CreditAccount.objects.filter(account_id=account_id).update(
            reserved=F("reserved") - freed, balance=F("balance") - _parts(spending.credits)
        )
    return True


def book(account_id: int, spending: Spending) -> None:
    """One line of the ledger; by itself for what cost nothing, so that no balance changes."""
    values = {
        "account_id": account_id,
        "kind": spending.kind,
        "credits": Decimal(_parts(spending.credits)) / PARTS,
        "cost_microusd": spending.cost_microusd,
        "call_id": spending.call_id,
        "run_ref": spending.run_ref,
        "stage": spending.stage,
        "site_id": spending.site_id,
        "site_slug": spending.site_slug,
    }
    insert_row(CreditEntry, values)


def release(key: str) -> bool:
    """Gives back what was set aside for a call that cost nothing; False when nothing is open."""
    return _free(CreditReservation.objects.filter(key=key), State.RELEASED)


def expire_reservations() -> int:
    """Frees what nobody settled or released in time; returns how many."""
    late = CreditReservation.objects.filter(state=State.OPEN, expires_at__lt=clock.now())
    found = list(late.values_list("pk", flat=True))
    return sum(_free(CreditReservation.objects.filter(pk=pk), State.EXPIRED) for pk in found)


def grant(account_id: int, amount: Decimal) -> None:
    """Adds credits to an account; a negative number takes some back."""
    CreditAccount.objects.get_or_create(account_id=account_id)
    with transaction.atomic():
        given = Decimal(_parts(amount)) / PARTS
        CreditEntry.objects.create(
            account_id=account_id, kind=CreditEntry.Kind.GRANT, credits=given
        )
        CreditAccount.objects.filter(account_id=account_id).update(
            balance=F("balance") + _parts(amount)
        )


def is_balanced(account_id: int) -> bool:
    """Whether the balance is what the ledger says, and the reserve what is open."""
    row = CreditAccount.objects.get(account_id=account_id)
    entries = CreditEntry.objects.filter(account_id=account_id)
    granted = _total(entries.filter(kind=CreditEntry.Kind.GRANT))
    spent = _total(entries.filter(kind__in=SPENT))
    still_open = CreditReservation.objects.filter(account_id=account_id, state=State.OPEN)
    reserved = still_open.aggregate(total=Sum("amount"))["total"] or 0
    return row.balance == granted - spent and row.reserved == reserved


def _parts(amount: Decimal) -> int:
    return int((amount * PARTS).to_integral_value(ROUND_CEILING))


def _set_aside(account_id: int, parts: int) -> None:
    """One statement decides, so that no two callers can both take the last credit."""
    is_covered = Q(is_prepaid=False) | Q(reserved__lte=F("balance") + F("overdraft") - parts)
    account = CreditAccount.objects.filter(is_covered, account_id=account_id)
    if not account.update(reserved=F("reserved") + parts):
        raise NotEnoughCreditsError(
            f"{Decimal(parts) / PARTS:.1f} credits are needed for the next call and not there; "
            "add credits, or choose a cheaper model."
        )


def _free(found: QuerySet[CreditReservation], state: State) -> bool:
    """Closes the one reservation that is found, if it is still open."""
    with transaction.atomic():
        if not found.filter(state=State.OPEN).update(state=state, closed_at=clock.now()):
            return False
        reservation = found.get()
        CreditAccount.objects.filter(account_id=reservation.account_id).update(
            reserved=F("reserved") - reservation.amount
        )
    return True


def _total(entries: QuerySet[CreditEntry]) -> int:
    """Line by line: SQLite adds decimals as floating-point numbers."""
    return sum(map(_parts, entries.values_list("credits", flat=True)))
