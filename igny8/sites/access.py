"""Pages of a site, for the people of its team alone."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponseBase

from igny8.accounts.access import Reach, Rule, View, declare, enter, require_role, signed_in
from igny8.accounts.models import Role, User
from igny8.sites.models import Site, SiteQuerySet

LAST_SITE = "site"


def site_page(role: Role = Role.VIEWER) -> Callable[[View], View]:
    """For `def view(request, site, ...)` at an address with `<slug:site_slug>`.

    Sets `request.site`, `request.account` and `request.my_role`. Rows are then looked up through
    the site: `get_object_or_404(Content, pk=pk, site=site)`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(
            request: HttpRequest, site_slug: str, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            person = signed_in(request)
            if person is None:
                return redirect_to_login(request.get_full_path())
            site = entered_site(request, person, site_slug)
            require_role(request, role)
            return view(request, site, *args, **kwargs)

        return declare(guarded, Rule(Reach.SITE, role))

    return decorate


def sites_of(person: User) -> SiteQuerySet:
    """The live sites of all teams of a person, by name; each has `my_role` and its account."""
    return (
        Site.objects.live()
        .filter(account__memberships__user=person)
        .annotate(my_role=F("account__memberships__role"))
        .select_related("account")
        .order_by("name", "pk")
    )


def entered_site(request: HttpRequest, person: User, slug: str) -> Site:
    """Raises Http404 unless the person belongs to the site's team."""
    site = sites_of(person).filter(slug=slug).first()
    if site is None:
        raise Http404
    request.site = site  # type: ignore[assignment]
    enter(request, site.account, Role(site.my_role))  # type: ignore[attr-defined]
    if request.session.get(LAST_SITE) != slug:
        request.session[LAST_SITE] = slug
    return site
