"""What the side of every page of a site leads to and says, with live counts."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from igny8.accounts.models import Role
from igny8.automation.figures import Figures
from igny8.automation.month import Meter, meter_of
from igny8.automation.reading import counts_of
from igny8.automation.site_states import states_of
from igny8.sites.context import MySites, role_of
from igny8.sites.models import Site
from igny8.theme.links import Link, LinkGroup

EDITORS = "Planner"  # the group that others would only find closed


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`navigation`, `meter` and `site_states` for templates, read only when one looks at them."""
    return {
        "navigation": SimpleLazyObject(lambda: _of_current_site(request)),
        "meter": SimpleLazyObject(lambda: _meter(request)),
        "site_states": SimpleLazyObject(lambda: states_of(list(MySites.of(request)))),
    }


def navigation_of(site: Site, figures: Figures, role: Role) -> list[LinkGroup]:
    """What this role may open."""

    def link(title: str, icon: str, name: str, **more: Any) -> Link:
        return Link(title=title, icon=icon, url=reverse(name, args=[site.slug]), **more)

    contents = sum(figures.by_status.values())
    groups = (
        LinkGroup(
            "",
            (
                link("Automation", "zap", "automation:page", key="A"),
                link("Runs", "history", "automation:runs", key="U"),
            ),
        ),
        LinkGroup(
            EDITORS,
            (link("Import keywords", "upload", "planner:import", key="I"),),
        ),
        LinkGroup(
            "Writer",
            (
                link("Review", "eye", "writer:review", key="R", count=figures.review, is_hot=True),
                link("Content", "file-text", "writer:contents", key="C", count=contents),
            ),
        ),
        LinkGroup(
            "Site",
            (link("Prompts", "message-square-text", "automation:prompts", key="P"),),
        ),
    )
    return [one for one in groups if one.title != EDITORS or role.includes(Role.EDITOR)]


def _of_current_site(request: HttpRequest) -> list[LinkGroup]:
    mine = MySites.of(request)
    site, role = mine.current(), role_of(request, mine)
    return navigation_of(site, counts_of(site), role) if site and role else []


def _meter(request: HttpRequest) -> Meter | None:
    site = MySites.of(request).current()
    return meter_of(site) if site else None
