"""What the side of every page of a site leads to, with live counts."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from igny8.automation.figures import Figures
from igny8.automation.reading import counts_of
from igny8.sites.context import MySites
from igny8.sites.models import Site
from igny8.theme.links import Link, LinkGroup


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`navigation` for templates, read only when one looks at it."""
    return {"navigation": SimpleLazyObject(lambda: _of_current_site(request))}


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
        LinkGroup(
            "Planner",
            (
                link(
                    "Import keywords",
                    "upload",
                    "planner:import",
                    key="I",
                ),
            ),
        ),
        LinkGroup(
            "Writer",
            (
                link(
                    "Review",
                    "eye",
                    "writer:review",
                    key="R",
                    count=figures.review,
                    is_hot=True,
                ),
                link(
                    "Content",
                    "file-text",
                    "writer:contents",
                    key="C",
                    count=sum(figures.by_status.values()),
                ),
            ),
        ),
    ]


def _of_current_site(request: HttpRequest) -> list[LinkGroup]:
    site = MySites(request).current()
    return navigation_of(site, counts_of(site)) if site else []
