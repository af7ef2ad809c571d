"""What the side of every page of a site leads to, with live counts."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from igny8.automation.figures import Figures
from igny8.automation.reading import counts_of
from igny8.sites.models import Site
from igny8.theme.links import Link, LinkGroup


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`navigation` for templates, read only when one looks at it."""
    site = getattr(request, "site", None)
    return {"navigation": SimpleLazyObject(lambda: _of_request(request, site))}


def navigation_of(site: Site, figures: Figures) -> list[LinkGroup]:
    def link(title: str, icon: str, name: str, **more: Any) -> Link:
        return Link(title=title, icon=icon, url=reverse(name, args=[site.slug]), **more)

    return [
        LinkGroup(
            "",
            (
                link("Automation", "zap", "automation:page", key="A"),
                link("Runs", "history", "automation:runs", key="U"),
            ),
        ),
    ]


def _of_request(request: HttpRequest, site: Site | None) -> list[LinkGroup]:
    return navigation_of(site, counts_of(site)) if site else []
