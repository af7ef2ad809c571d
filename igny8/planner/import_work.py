"""A large import as durable work: each chunk is stored with how far it is, so it goes on there."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from igny8.core import clock
from igny8.core.errors import UserError
from igny8.core.logs import logged_as
from igny8.core.outages import outlast
from igny8.intake import UnreadableFile
from igny8.jobs import Duty, hand_over, step, workflow
from igny8.jobs.models import Worker
from igny8.jobs.workers import me
from igny8.jobs.working import is_stopping
from igny8.planner.import_opening import opened
from igny8.planner.keyword_import import ImportReport, import_keywords
from igny8.planner.models import KeywordImport
from igny8.planner.stored_reports import fields_of
from igny8.planner.uploads import forget_upload, kept_folders

WORKFLOW = "keyword import"
CRASH_LIMIT = 3
KEPT = timedelta(days=1)
HOUR = 3600.0
Status = KeywordImport.Status
AFTER = {Status.CHECKING: Status.CHECKED, Status.IMPORTING: Status.DONE}
GAVE_UP = (
    "The import failed three times in a row; the server's log says why. What was stored stays, "
    "and importing the file again completes it."
)


class NotOurs(Exception):
    """Another attempt has this import now, or a person stopped it."""


def hand_over_import(found: KeywordImport) -> None:
    """A live worker gets it; with none alive the next one finds it."""
    arguments = (found.pk, found.generation)
    hand_over(WORKFLOW, workflow_id=workflow_id(found), arguments=arguments)


def workflow_id(found: KeywordImport) -> str:
    return f"import-{found.pk}-g{found.generation}"


@workflow(WORKFLOW)
@logged_as("import")
def carry_import(import_id: int, generation: int) -> None:
    step(work_on, import_id, generation)


def work_on(import_id: int, generation: int) -> bool:
    """One attempt, to its end unless somebody else takes over; whether it came there."""
    with suppress(NotOurs):
        outlast(lambda: _attempt(import_id, generation))
        return True
    return False


def _attempt(import_id: int, generation: int) -> None:
    """From where the row says: repeated after an outage, it goes on."""
    found = _taken(import_id, generation)
    is_check = found.status == Status.CHECKING
    try:
        progress = Noted(found)
        report = import_keywords(found.site, opened(found), dry_run=is_check, progress=progress)
    except (UnreadableFile, UserError) as reason:
        _end(found, Status.FAILED, reason=str(reason))
    else:
        _settle(found, report)


def _taken(import_id: int, generation: int) -> KeywordImport:
    """Raises NotOurs when this generation is history."""
    rows = KeywordImport.objects.filter(pk=import_id, generation=generation)
    if not rows.filter(status__in=KeywordImport.ACTIVE).update(worker=me()):
        raise NotOurs
    return rows.select_related("site").get()


class Noted:
    """The progress of one attempt, kept in its row."""

    def __init__(self, found: KeywordImport) -> None:
        is_import = found.status == Status.IMPORTING
        self._found = found
        self.rows_before = found.rows_done if is_import else 0
        self.new_before = found.rows_new if is_import else 0
        self._new = self.new_before

    def note(self, rows: int, new: int) -> None:
        """Raises NotOurs when the row has another generation by now, or this worker leaves."""
        if is_stopping():
            raise NotOurs
        self._new += new
        _change(self._found, rows_done=rows, rows_new=self._new)


def _settle(found: KeywordImport, report: ImportReport) -> None:
    if found.status == Status.IMPORTING:
        _end(found, Status.DONE, **fields_of(report))
        forget_upload(found.folder)
    else:
        _change(found, status=Status.CHECKED, worker=None, **fields_of(report))


def _end(found: KeywordImport, status: str, **values: object) -> None:
    _change(found, status=status, worker=None, ended_at=clock.now(), **values)


def _change(found: KeywordImport, **values: object) -> None:
    """Raises NotOurs, and nothing is written, unless the attempt is still the one that counts."""
    rows = KeywordImport.objects.filter(
        pk=found.pk, generation=found.generation, status=found.status
    )
    if not rows.update(updated_at=clock.now(), **values):
        raise NotOurs


def look_after_imports() -> None:
    """What no live worker carries is given to one."""
    from igny8.jobs import engine

    active = list(KeywordImport.objects.filter(status__in=KeywordImport.ACTIVE))
    if not active:
        return
    states = engine.workflow_states(map(workflow_id, active))
    alive = set(Worker.objects.alive().values_list("pk", flat=True))
    for found in active:
        _look_after(found, states, alive)


def _look_after(
    found: KeywordImport, states: Mapping[str, tuple[str, str]], alive: set[str]
) -> None:
    state, executor = states.get(workflow_id(found), ("missing", ""))
    if state == "missing":
        hand_over_import(found)
    elif (
        state == "ended"
        or (state == "working" and executor not in alive)
        or (found.worker and found.worker not in alive)
    ):
        _begin_again(found, crashed=state == "ended" and executor in alive)


def _begin_again(found: KeywordImport, *, crashed: bool) -> None:
    """A new generation: the attempt before it may write nothing more."""
    values = {"generation": F("generation") + 1, "worker": None}
    with suppress(NotOurs), transaction.atomic():
        if crashed and found.crashes + 1 >= CRASH_LIMIT:
            _end(found, Status.FAILED, reason=GAVE_UP, generation=F("generation") + 1)
            return
        _change(found, crashes=found.crashes + crashed, **values)
        found.refresh_from_db(fields=["generation"])
        transaction.on_commit(lambda: hand_over_import(found))


def forget_old_imports() -> None:
    """Files that nobody decided on for a day, and those of imports that are over."""
    before = clock.now() - KEPT
    old = KeywordImport.objects.filter(updated_at__lt=before)
    for found in old.filter(status__in=KeywordImport.WAITING):
        if old.filter(pk=found.pk, status=found.status).delete()[0]:
            forget_upload(found.folder)
    kept = KeywordImport.objects.filter(status__in=(*KeywordImport.ACTIVE, *KeywordImport.WAITING))
    needed = set(kept.values_list("folder", flat=True))
    for folder, made in kept_folders().items():
        if folder not in needed and made < before.timestamp():
            forget_upload(folder)


DUTIES = (
    Duty(name="imports", every_seconds=5, do=look_after_imports),
    Duty(name="old imports", every_seconds=HOUR, do=forget_old_imports),
)
