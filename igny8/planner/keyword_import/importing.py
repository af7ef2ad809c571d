"""A file's keywords into a site, chunk by chunk, each in a short transaction of its own."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from django.db import transaction

from igny8.intake import Export
from igny8.planner.keyword_import.columns import Rows, rows_of
from igny8.planner.keyword_import.deciding import Changes, decide
from igny8.planner.keyword_import.known import Values, known_of, read_stored
from igny8.planner.keyword_import.reading import Arrival, Reading
from igny8.planner.keyword_import.report import ImportReport, NewKeywords, report_on
from igny8.planner.keyword_import.writing import write
from igny8.sites.models import Site

Note = Callable[[int], None]  # told how many keywords of a chunk are new
Take = Callable[[Site, Export, list[Arrival], Note], Changes]


class Progress(Protocol):
    """What an earlier attempt of the same import left, and who is told of each further chunk."""

    rows_before: int
    new_before: int

    def note(self, rows: int, new: int) -> None:
        """Rows read so far, keywords the chunk adds: in the transaction that adds them. What it
        raises undoes the chunk and ends the import."""


class FromTheStart:
    """Nothing was there before, and nobody asks."""

    rows_before = new_before = 0

    def note(self, rows: int, new: int) -> None:
        pass


def import_keywords(
    site: Site, export: Export, *, dry_run: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Adds what is new and keeps what this tool says of the rest; call it outside a transaction.

    A dry run writes nothing and reports the same. What was written before the export turned out
    to be unreadable, or the process ended, stays; importing the file again completes it.
    """
    take: Take = weigh if dry_run else store
    progress = progress or FromTheStart()
    reading, new = Reading(), NewKeywords(before=progress.new_before)
    for arrivals in reading.chunks(export.rows()):
        if reading.total > progress.rows_before:
            new.add(take(site, export, arrivals, partial(progress.note, reading.total)).new)
        new.fill(arrivals)
    return report_on(export, reading, new)


def weigh(site: Site, export: Export, arrivals: list[Arrival], note: Note) -> Changes:
    """What a chunk would change."""
    changes = _changes(export, arrivals, read_stored(site, arrivals))
    note(len(changes.new))
    return changes


def store(site: Site, export: Export, arrivals: list[Arrival], note: Note) -> Changes:
    """What a chunk changed; decided before the database is locked, and again when that was late."""
    while True:
        stored = read_stored(site, arrivals)
        changes = _changes(export, arrivals, stored)
        if not changes:
            note(0)
            return changes
        rows = rows_of(changes, site, export.source)
        if _wrote(site, arrivals, stored, rows, partial(note, len(changes.new))):
            return changes


def _changes(export: Export, arrivals: list[Arrival], stored: list[Values]) -> Changes:
    return decide(arrivals, known_of(stored), export.source, export.dated)


def _wrote(
    site: Site,
    arrivals: list[Arrival],
    stored: list[Values],
    rows: Rows,
    note: Callable[[], None],
) -> bool:
    """False, with nothing written, when what is stored is no longer what was decided on."""
    with transaction.atomic(durable=True):
        _wait_for_other_imports(site)
        if read_stored(site, arrivals) == stored and write(rows):
            note()
            return True
        transaction.set_rollback(True)
        return False


def _wait_for_other_imports(site: Site) -> None:
    """SQLite has one writer anyway; PostgreSQL holds the site's row until the chunk is written."""
    Site.objects.select_for_update(no_key=True).only("pk").get(pk=site.pk)
