"""What every template may know about where it is: read from the database only when used."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from igny8.accounts.access import signed_in
from igny8.accounts.models import Role
from igny8.sites.access import LAST_SITE, sites_of
from igny8.sites.models import Site


class MySites:
    """The sites of whoever asks, fetched once and only if a template looks at them."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.fetched: list[Site] | None = None

    def __iter__(self) -> Iterator[Site]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def current(self) -> Site | None:
        """The site of this page; on other pages the one visited last, or the first."""
        if entered := getattr(self.request, "site", None):
            return entered  # type: ignore[no-any-return]
        account = getattr(self.request, "account", None)
        mine = [s for s in self._all() if account is None or s.account_id == account.pk]
        last = self.request.session.get(LAST_SITE)
        return next((s for s in mine if s.slug == last), mine[0] if mine else None)

    def _all(self) -> list[Site]:
        if self.fetched is None:
            person = signed_in(self.request)
            self.fetched = list(sites_of(person)) if person else []
        return self.fetched


def place(request: HttpRequest) -> dict[str, Any]:
    """`current_site`, `current_account`, `my_sites` (each with `my_role`) and `my_role`."""
    mine = MySites(request)
    return {
        "my_sites": mine,
        "current_site": SimpleLazyObject(mine.current),
        "current_account": SimpleLazyObject(partial(_account, request, mine)),
        "my_role": SimpleLazyObject(partial(_role, request, mine)),
    }


def _account(request: HttpRequest, mine: MySites) -> Any:
    site = mine.current()
    return getattr(request, "account", None) or (site.account if site else None)


def _role(request: HttpRequest, mine: MySites) -> Role | None:
    if entered := getattr(request, "my_role", None):
        return Role(entered)
    site = mine.current()
    return Role(site.my_role) if site else None  # type: ignore[attr-defined]
