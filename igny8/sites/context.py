"""What every template may know about where it is: read from the database only when used."""

from collections.abc import Iterator
from functools import cached_property, partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from igny8.accounts.access import signed_in
from igny8.accounts.models import Account, Membership, Role
from igny8.sites.access import LAST_SITE, sites_of
from igny8.sites.models import Site


class MySites:
    """The sites of whoever asks, fetched once and only if a template looks at them."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.fetched: list[Site] | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> "MySites":
        """The same for whoever asks during one request."""
        if not hasattr(request, "my_sites"):
            request.my_sites = cls(request)  # type: ignore[attr-defined]  # ours
        return request.my_sites  # type: ignore[attr-defined,no-any-return]

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

    @cached_property
    def first_membership(self) -> Membership | None:
        person = signed_in(self.request)
        mine = Membership.objects.filter(user=person).select_related("account").order_by("pk")
        return mine.first() if person else None

    def _all(self) -> list[Site]:
        if self.fetched is None:
            person = signed_in(self.request)
            self.fetched = list(sites_of(person)) if person else []
        return self.fetched


def place(request: HttpRequest) -> dict[str, Any]:
    """`current_site`, `current_account`, `my_sites` (each with `my_role`), `my_role`, and the
    links of the menu that bears the person's name, as `personal_links`."""
    mine = MySites.of(request)
    return {
        "my_sites": mine,
        "current_site": SimpleLazyObject(mine.current),
        "current_account": SimpleLazyObject(partial(_account, request, mine)),
        "my_role": SimpleLazyObject(partial(role_of, request, mine)),
        "personal_links": SimpleLazyObject(partial(_personal_links, request, mine)),
    }


def _account(request: HttpRequest, mine: MySites) -> Account | None:
    """The team of the page, else of the site; a team without sites is one, too."""
    if entered := getattr(request, "account", None):
        return entered  # type: ignore[no-any-return]
    if site := mine.current():
        return site.account
    membership = mine.first_membership
    return membership.account if membership else None


def role_of(request: HttpRequest, mine: MySites) -> Role | None:
    if entered := getattr(request, "my_role", None):
        return Role(entered)
    if site := mine.current():
        return Role(site.my_role)  # type: ignore[attr-defined]  # annotated by sites_of
    membership = mine.first_membership
    return Role(membership.role) if membership else None


def _personal_links(request: HttpRequest, mine: MySites) -> list[dict[str, str]]:
    links = [{"url": reverse("mfa_index"), "title": "Your sign-in", "icon": "shield"}]
    if account := _account(request, mine):
        team = reverse("accounts:team", args=[account.pk])
        links.append({"url": team, "title": "Team", "icon": "users"})
        if role_of(request, mine) is Role.OWNER:
            told = reverse("automation:notifications", args=[account.pk])
            links.append({"url": told, "title": "Notifications", "icon": "bell"})
            log = reverse("accounts:audit", args=[account.pk])
            links.append({"url": log, "title": "Audit log", "icon": "scroll-text"})
    return links
