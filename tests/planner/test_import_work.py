"""A large import, carried by workers that come and go."""

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from igny8.core import clock
from igny8.jobs.models import Worker
from igny8.planner import import_work, imports
from igny8.planner.import_work import NotOurs, forget_old_imports, work_on
from igny8.planner.keyword_import import reading
from igny8.planner.models import Keyword, KeywordImport
from igny8.planner.uploads import keep_upload, upload_in
from igny8.sites.models import Site
from tests.automation.world import site_with

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db(transaction=True)
Status = KeywordImport.Status
ROWS = 10
LINES = "".join(f"phrase {number}\n" for number in range(ROWS)).encode() + b"phrase 0\n"


@pytest.fixture(autouse=True)
def small_world(
    settings: "Settings", tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worker: str
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(imports, "LARGE_ROWS", 3)
    monkeypatch.setattr(reading, "CHUNK", 3)
    monkeypatch.setattr(import_work, "hand_over_import", lambda found: None)
    monkeypatch.setattr(imports, "hand_over_import", lambda found: None)


@pytest.fixture
def site() -> Site:
    return site_with()


def begun(site: Site, content: bytes = LINES) -> KeywordImport:
    return imports.begin_import(site, person="Mara", name="words.txt", chunks=[content])


def importing(site: Site) -> KeywordImport:
    """Checked and confirmed: a worker is to store it."""
    found = begun(site)
    imports.check(found)
    work_on(found.pk, 1)
    found.refresh_from_db()
    imports.confirm(found)
    return found


def die_after(monkeypatch: pytest.MonkeyPatch, chunks: int) -> None:
    """The process ends once so many chunks are stored."""
    note, left = import_work.Noted.note, [chunks]

    def note_or_die(self: import_work.Noted, rows: int, new: int) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        note(self, rows, new)

    monkeypatch.setattr(import_work.Noted, "note", note_or_die)


def test_a_worker_checks_and_then_imports(site: Site) -> None:
    found = begun(site)
    imports.check(found)
    assert found.status == Status.CHECKING
    assert work_on(found.pk, 1)
    found.refresh_from_db()
    assert found.status == Status.CHECKED
    assert found.report is not None
    assert found.report["rows"] == {"total": 11, "new": 10, "here": 0, "twice": 1, "bad": 0}
    assert not Keyword.objects.exists()

    imports.confirm(found)
    assert work_on(found.pk, 2)
    found.refresh_from_db()
    assert (found.status, found.rows_done, found.rows_new) == (Status.DONE, 11, 10)
    assert found.ended_at
    assert not found.worker
    assert upload_in(found.folder) is None
    assert Keyword.objects.filter(site=site).count() == ROWS


def test_an_import_goes_on_where_a_dead_worker_left_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importing(site)
    with monkeypatch.context() as patched:
        die_after(patched, 2)
        with pytest.raises(KeyboardInterrupt):
            work_on(found.pk, 2)
    found.refresh_from_db()
    assert (found.rows_done, found.rows_new, Keyword.objects.count()) == (6, 6, 6)

    Worker.objects.update(dead_at=clock.now())
    import_work._look_after(found, {}, set())
    import_work._begin_again(found, crashed=False)
    Worker.objects.update(dead_at=None)
    assert work_on(found.pk, 3)
    found.refresh_from_db()
    assert found.report is not None
    assert found.report["rows"] == {"total": 11, "new": 10, "here": 0, "twice": 1, "bad": 0}
    assert Keyword.objects.count() == ROWS


def test_a_worker_thought_dead_changes_nothing_when_it_wakes_up(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importing(site)
    note = import_work.Noted.note

    def sleep_then_note(self: import_work.Noted, rows: int, new: int) -> None:
        if rows > 3:
            KeywordImport.objects.filter(pk=found.pk).update(generation=3)
        note(self, rows, new)

    monkeypatch.setattr(import_work.Noted, "note", sleep_then_note)
    assert not work_on(found.pk, 2)
    found.refresh_from_db()
    assert (found.status, found.rows_done, Keyword.objects.count()) == (Status.IMPORTING, 3, 3)


def test_a_worker_that_leaves_stores_its_last_chunk_or_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importing(site)
    monkeypatch.setattr(import_work, "is_stopping", lambda: Keyword.objects.count() > 3)
    assert not work_on(found.pk, 2)
    found.refresh_from_db()
    assert found.rows_done == found.rows_new == Keyword.objects.count() == 3


def test_history_is_not_carried_on(site: Site) -> None:
    found = importing(site)
    assert not work_on(found.pk, 1)
    assert not Keyword.objects.exists()


def test_a_file_that_went_missing_ends_the_import_with_its_reason(site: Site) -> None:
    found = importing(site)
    path = upload_in(found.folder)
    assert path is not None
    path.unlink()
    assert work_on(found.pk, 2)
    found.refresh_from_db()
    assert found.status == Status.FAILED
    assert "no longer here" in found.reason


def test_an_import_that_fails_three_times_waits_for_a_person(site: Site) -> None:
    found = importing(site)
    for _ in range(3):
        found.refresh_from_db()
        import_work._begin_again(found, crashed=True)
    found.refresh_from_db()
    assert found.status == Status.FAILED
    assert "three times in a row" in found.reason
    assert imports.look_at(found).about_rows == 11, "its file is still there"


@pytest.mark.parametrize(
    ("state", "executor", "begins_again"),
    [
        ("missing", "", False),
        ("queued", "", False),
        ("working", "alive", False),
        ("working", "gone", True),
        ("ended", "gone", True),
        ("ended", "alive", True),
    ],
)
def test_what_no_live_worker_carries_gets_a_new_generation(
    site: Site, state: str, executor: str, begins_again: bool
) -> None:
    found = importing(site)
    states = {} if state == "missing" else {import_work.workflow_id(found): (state, executor)}
    import_work._look_after(found, states, {"alive"})
    found.refresh_from_db()
    assert (found.generation == 3) is begins_again
    assert found.crashes == (executor == "alive" and begins_again)


def test_a_settled_import_is_not_begun_again(site: Site) -> None:
    found = importing(site)
    before = KeywordImport.objects.get(pk=found.pk)
    work_on(found.pk, 2)
    import_work._begin_again(before, crashed=True)
    found.refresh_from_db()
    assert (found.status, found.generation) == (Status.DONE, 2)


def test_what_nobody_decided_on_for_a_day_is_forgotten(site: Site) -> None:
    waiting, active = begun(site), importing(site)
    forget_old_imports()
    assert upload_in(waiting.folder)

    KeywordImport.objects.update(updated_at=clock.now() - timedelta(days=2))
    forget_old_imports()
    assert not KeywordImport.objects.filter(pk=waiting.pk).exists()
    assert upload_in(waiting.folder) is None
    assert upload_in(active.folder), "an import under way keeps its file, however long"


def test_a_file_without_an_import_goes_after_a_day(site: Site) -> None:
    lost = keep_upload("lost.csv", [b"x"])
    forget_old_imports()
    assert lost.exists()
    os.utime(lost.parent, times=(0, 0))
    forget_old_imports()
    assert not lost.exists()


def test_another_attempt_takes_nothing_from_this_one() -> None:
    with pytest.raises(NotOurs):
        import_work._taken(4711, 1)
