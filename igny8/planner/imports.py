"""What people do with a keyword file, each by a conditional UPDATE of its row."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.db.models import F

from igny8.core import clock
from igny8.intake import RECOGNISED, Corrections, UnreadableFile
from igny8.intake.survey import Survey, survey
from igny8.planner.import_opening import corrections_of, file_of, opened
from igny8.planner.import_work import hand_over_import
from igny8.planner.keyword_import import import_keywords
from igny8.planner.models import KeywordImport
from igny8.planner.stored_reports import fields_of
from igny8.planner.uploads import forget_upload, keep_upload
from igny8.sites.models import Site

LARGE_ROWS = 20_000
LARGE_BYTES = 8 << 20
Status = KeywordImport.Status


def begin_import(site: Site, *, person: str, name: str, chunks: Iterable[bytes]) -> KeywordImport:
    """Keeps the file and looks at it; raises UserError or UnreadableFile when that is no use."""
    path = keep_upload(name, chunks)
    try:
        seen = survey(path, corrections=RECOGNISED)
    except UnreadableFile:
        forget_upload(path.parent.name)
        raise
    return KeywordImport.objects.create(
        site=site,
        person=person,
        name=path.name,
        folder=path.parent.name,
        size=path.stat().st_size,
        about_rows=seen.about_rows,
    )


def look_at(found: KeywordImport) -> Survey:
    return survey(file_of(found), corrections=corrections_of(found))


def correct(found: KeywordImport, corrections: Corrections) -> Survey:
    """What the file is with these; an earlier check of it is void. Raises UnreadableFile."""
    seen = survey(file_of(found), corrections=corrections)
    kept = [column.header for column in seen.columns]
    columns = {theirs: ours for theirs, ours in corrections.columns.items() if theirs in kept}
    told = {**asdict(corrections), "columns": columns}
    _move(
        found,
        (*KeywordImport.WAITING, Status.FAILED),
        Status.COLUMNS,
        corrections=told,
        about_rows=seen.about_rows,
        report=None,
        reason="",
        ended_at=None,
    )
    return seen


def is_large(found: KeywordImport) -> bool:
    """Too large to be worked on while somebody waits for an answer."""
    return found.about_rows > LARGE_ROWS or found.size > LARGE_BYTES


def check(found: KeywordImport) -> None:
    """Reports what the file would bring; a large one is given to a worker."""
    if is_large(found):
        _give_to_worker(found, Status.COLUMNS, Status.CHECKING)
        return
    report = import_keywords(found.site, opened(found), dry_run=True)
    _move(found, (Status.COLUMNS,), Status.CHECKED, **fields_of(report))


def confirm(found: KeywordImport) -> None:
    """Imports it; a large one is given to a worker."""
    if is_large(found):
        _give_to_worker(found, Status.CHECKED, Status.IMPORTING)
        return
    report = import_keywords(found.site, opened(found))
    _move(found, (Status.CHECKED,), Status.DONE, ended_at=clock.now(), **fields_of(report))
    forget_upload(found.folder)


def stop_checking(found: KeywordImport) -> None:
    """Back to the columns; the worker notices at its next chunk."""
    _move(
        found,
        (Status.CHECKING,),
        Status.COLUMNS,
        generation=F("generation") + 1,
        worker=None,
        rows_done=0,
    )


def _give_to_worker(found: KeywordImport, before: str, after: str) -> None:
    _move(
        found,
        (before,),
        after,
        generation=F("generation") + 1,
        rows_done=0,
        rows_new=0,
        crashes=0,
    )
    found.refresh_from_db(fields=["generation", "status"])
    hand_over_import(found)


def _move(found: KeywordImport, before: Iterable[str], after: str, **values: Any) -> None:
    """Somebody who was quicker keeps what they did."""
    rows = KeywordImport.objects.filter(pk=found.pk, status__in=list(before))
    rows.update(status=after, updated_at=clock.now(), **values)
