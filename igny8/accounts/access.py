"""Who may open a page: every view declares its rule, and a test walks all of them.

A page that is not there for somebody answers 404, whatever the reason: nobody learns from an
address what others have.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

from igny8.accounts.models import Account, Membership, Role, User

Page = TypeVar("Page", bound=Callable[..., HttpResponseBase])
View = Callable[..., HttpResponseBase]


class Reach(StrEnum):
    """Whose page it is."""

    PUBLIC = "public"
    PERSON = "person"
    ACCOUNT = "account"
    SITE = "site"


@dataclass(frozen=True)
class Rule:
    reach: Reach
    role: Role | None = None


class TooLowRole(Http404):
    """Told only to somebody who belongs to the team: the address is right, the role is not."""


def rule_of(view: Any) -> Rule | None:
    """What a view declared; None is a view that nobody may open."""
    rule = getattr(view, "access_rule", None)
    return rule if isinstance(rule, Rule) else None


def declare(view: Page, rule: Rule) -> Page:
    view.access_rule = rule  # type: ignore[attr-defined]
    return view


def public_page(view: Page) -> Page:
    """Everybody may open it, signed in or not."""
    return declare(view, Rule(Reach.PUBLIC))


def signed_in_page(view: View) -> View:
    """A person's own page: whoever is signed in sees what is theirs."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if signed_in(request) is None:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return declare(guarded, Rule(Reach.PERSON))


def account_page(role: Role = Role.VIEWER) -> Callable[[View], View]:
    """For `def view(request, account, ...)` at an address with `<int:account_id>`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(
            request: HttpRequest, account_id: int, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            person = signed_in(request)
            if person is None:
                return redirect_to_login(request.get_full_path())
            account = entered_account(request, person, account_id)
            require_role(request, role)
            return view(request, account, *args, **kwargs)

        return declare(guarded, Rule(Reach.ACCOUNT, role))

    return decorate


def signed_in(request: HttpRequest) -> User | None:
    person = request.user
    return person if isinstance(person, User) and person.is_active else None


def entered_account(request: HttpRequest, person: User, account_id: int) -> Account:
    """The team a person belongs to; raises Http404 for any other. Sets `request.my_role`."""
    membership = (
        Membership.objects.filter(user=person, account_id=account_id)
        .select_related("account")
        .first()
    )
    if membership is None:
        raise Http404
    enter(request, membership.account, Role(membership.role))
    return membership.account


def enter(request: HttpRequest, account: Account, role: Role) -> None:
    request.account = account  # type: ignore[attr-defined]
    request.my_role = role  # type: ignore[attr-defined]


def require_role(request: HttpRequest, role: Role) -> None:
    """Raises TooLowRole unless the role of whoever asks includes `role`."""
    mine: Role = request.my_role  # type: ignore[attr-defined]
    if not mine.includes(role):
        raise TooLowRole(
            f"Your role here is {mine.label.lower()}; this needs {role.label.lower()}. "
            "Ask the owner of the team."
        )
