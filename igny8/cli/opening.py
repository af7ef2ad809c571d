"""Opening an installation: Django set up, the database there and up to date, its site found."""

import os
from typing import TYPE_CHECKING

from igny8.core.errors import UsageError, UserError

if TYPE_CHECKING:
    from igny8.automation.models import AutomationRun
    from igny8.sites.models import Site


def open_database() -> None:
    """Django is ready and every migration applied; on the first start the account is made."""
    set_up()
    from igny8.config.installation.moved import refuse_if_moved

    refuse_if_moved()
    _migrate()
    from igny8.accounts.models import owner_account

    owner_account()


def open_site(slug: str) -> "Site":
    """Raises a UsageError that lists the sites when there is none of that name."""
    from igny8.sites.models import Site

    site = Site.objects.live().filter(slug=slug).select_related("account").first()
    if site is not None:
        return site
    raise UsageError(f"There is no site “{slug}”. {_which_sites(_slugs(), slug)}")


def only_site() -> "Site":
    """The installation's one site; raises a UsageError when there is none, or a choice."""
    slugs = _slugs()
    if len(slugs) == 1:
        return open_site(slugs[0])
    said = "There is no site yet." if not slugs else "Name the site with --site."
    raise UsageError(f"{said} {_which_sites(slugs, 'NAME')}")


def open_active_run(slug: str, verb: str) -> "AutomationRun":
    """The site's running or paused run; raises a UserError when there is none to `verb`."""
    open_database()
    from igny8.automation.runs import active_run

    run = active_run(open_site(slug))
    if run is None:
        raise UserError(f"Site {slug} has no run to {verb}. Start one: igny8 run --site {slug}")
    return run


def set_up() -> None:
    """Django is ready; no database is opened."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "igny8.config.settings")
    import django
    from django.apps import apps
    from django.core.exceptions import ImproperlyConfigured

    if apps.ready:
        return
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UserError(
            f"The data folder cannot be used: {error.strerror or error} ({error.filename}). "
            "Set IGNY8_DATA to a folder that you may write to."
        ) from error


def _migrate() -> None:
    from django.conf import settings
    from django.db import DatabaseError

    from igny8.config.migrating import bring_up_to_date

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    try:
        bring_up_to_date()
    except DatabaseError as error:
        raise UserError(
            f"The database cannot be opened: {_first_line(error)}. "
            "Look at IGNY8_DATA and DATABASE_URL; igny8 doctor says more."
        ) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0].rstrip(".")


def _slugs() -> list[str]:
    from igny8.sites.models import Site

    return list(Site.objects.live().order_by("slug").values_list("slug", flat=True))


def _which_sites(slugs: list[str], wanted: str) -> str:
    if slugs:
        return f"Sites here: {', '.join(slugs)}."
    return f"Make it: igny8 import FILE --site {wanted}"
