"""A file's keywords into a site, chunk by chunk, each in a short transaction of its own."""

from collections.abc import Callable

from django.db import transaction

from igny8.intake import Export
from igny8.planner.keyword_import.deciding import Changes, decide
from igny8.planner.keyword_import.known import look_up
from igny8.planner.keyword_import.reading import Arrival, Reading
from igny8.planner.keyword_import.report import ImportReport, NewKeywords, report_on
from igny8.planner.keyword_import.writing import write
from igny8.sites.models import Site

Take = Callable[[Site, Export, list[Arrival]], Changes]


def import_keywords(site: Site, export: Export, *, dry_run: bool = False) -> ImportReport:
    """Adds what is new and keeps what this tool says of the rest; call it outside a transaction.

    A dry run writes nothing and reports the same. What was written before the export turned out
    to be unreadable, or the process ended, stays; importing the file again completes it.
    """
    take: Take = weigh if dry_run else store
    reading, new = Reading(), NewKeywords()
    for arrivals in reading.chunks(export.rows()):
        new.add(take(site, export, arrivals).new)
        new.fill(arrivals)
    return report_on(export, reading, new)


def weigh(site: Site, export: Export, arrivals: list[Arrival]) -> Changes:
    """What a chunk would change."""
    found = look_up(site, [each.normalised for each in arrivals])
    return decide(arrivals, found, export.source, export.dated)


def store(site: Site, export: Export, arrivals: list[Arrival]) -> Changes:
    """What a chunk changed. Weighed again when somebody added one of its keywords meanwhile."""
    while True:
        with transaction.atomic(durable=True):
            _wait_for_other_imports(site)
            changes = weigh(site, export, arrivals)
            if write(site, export.source, changes) == len(changes.new):
                return changes
            transaction.set_rollback(True)


def _wait_for_other_imports(site: Site) -> None:
    """SQLite has one writer anyway; PostgreSQL holds the site's row until the chunk is written."""
    Site.objects.select_for_update(no_key=True).only("pk").get(pk=site.pk)
