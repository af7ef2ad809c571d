"""Opening an installation: Django set up, the database there and up to date, its site found."""

import logging
import os
from typing import TYPE_CHECKING

from igny8.core.errors import UserError

if TYPE_CHECKING:
    from igny8.sites.models import Site


def open_database() -> None:
    """Django is ready and every migration applied; on the first start the account is made."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "igny8.config.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    _migrate()
    from igny8.accounts.models import owner_account

    owner_account()


def open_site(slug: str) -> "Site":
    """Raises a UserError that lists the sites when there is none of that name."""
    from igny8.sites.models import Site

    site = Site.objects.live().filter(slug=slug).select_related("account").first()
    if site is not None:
        return site
    known = ", ".join(Site.objects.live().order_by("slug").values_list("slug", flat=True))
    raise UserError(
        f"There is no site “{slug}”. "
        + (f"Sites here: {known}." if known else f"Make it: igny8 import FILE --site {slug}")
    )


def _migrate() -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            logging.getLogger("django.db").setLevel(logging.ERROR)
            call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        raise UserError(
            f"The database cannot be opened: {error}. Look at IGNY8_DATA and DATABASE_URL."
        ) from error
