"""Eight threads that want more than there is; run as a program, on a new SQLite file."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

RESERVERS, TRIES_EACH, AFFORDABLE = 8, 5, 10


def rush(account_id: int) -> list[bool]:
    """Whether each try got its ten credits."""
    with ThreadPoolExecutor(RESERVERS) as threads:
        tries = threads.map(lambda n: _try(account_id, n), range(RESERVERS))
        return [won for one in tries for won in one]


def _try(account_id: int, reserver: int) -> list[bool]:
    from django.db import connections

    try:
        return [_reserves(account_id, f"{reserver}/{n}") for n in range(TRIES_EACH)]
    finally:
        connections.close_all()


def _reserves(account_id: int, key: str) -> bool:
    from igny8.core import clock
    from igny8.credits.ledger import NotEnoughCreditsError, reserve

    try:
        reserve(account_id, Decimal(10), key=key, expires_at=clock.now() + timedelta(minutes=1))
    except NotEnoughCreditsError:
        return False
    return True


def prepaid_account(amount: Decimal) -> int:
    from igny8.accounts.models import Account
    from igny8.credits.ledger import grant
    from igny8.credits.models import CreditAccount

    account_id = Account.objects.create(name="Prepaid").pk
    CreditAccount.objects.create(account_id=account_id, is_prepaid=True)
    grant(account_id, amount)
    return account_id


def main() -> None:
    from bench.installation import open_installation

    open_installation()
    from igny8.credits.ledger import is_balanced

    account_id = prepaid_account(Decimal(10 * AFFORDABLE))
    print(sum(rush(account_id)), is_balanced(account_id))  # noqa: T201 - read by the test


if __name__ == "__main__":
    main()
