"""Backup, restore and the move to PostgreSQL, through the real command."""

import json
import os
import sqlite3
import stat
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from tests.config.installations import Installation, end_state, with_keywords

pytestmark = pytest.mark.timeout(400)  # each command is a process of its own

HALF_WAY = "SELECT COUNT(*) FROM igny8_content"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """With keywords and a file of media; only looked at."""
    source = with_keywords(tmp_path_factory.mktemp("source"))
    (source.folder / "media" / "herbs").mkdir(parents=True)
    (source.folder / "media" / "herbs" / "a.webp").write_bytes(b"picture")
    return source


@pytest.fixture(scope="module")
def backup(source: Installation) -> Path:
    source.call("backup", "--to", str(source.folder / "b.zip"))
    return source.folder / "b.zip"


def stop_half_way(installation: Installation) -> None:
    """Starts the run and kills its process once an article is there, others are not."""
    process = installation.start("run", "--site", "herbs", "--yes")
    for _ in range(600):
        if installation.query(HALF_WAY)[0][0]:
            break
        time.sleep(0.05)
    process.kill()
    process.communicate()
    assert installation.query("SELECT status FROM igny8_automation_runs") == [("running",)]


def test_a_backup_is_private_and_comes_back_with_its_rows_files_and_keys(
    source: Installation, backup: Path, tmp_path: Path
) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    copy = Installation(tmp_path / "copy")

    said = copy.call("restore", str(backup))

    assert "checks hold" in said
    assert end_state(copy) == end_state(source)
    assert (copy.folder / "media/herbs/a.webp").read_bytes() == b"picture"
    keys = (copy.folder / "secret-keys").read_text().split()
    assert keys[0] == (source.folder / "secret-keys").read_text().strip()
    assert not list(copy.folder.glob("*.restoring*"))


@pytest.mark.slow
def test_ids_of_rows_that_are_gone_are_not_given_again(tmp_path: Path) -> None:
    source, copy = with_keywords(tmp_path / "source"), Installation(tmp_path / "copy")
    with closing(sqlite3.connect(source.folder / "igny8.sqlite3")) as database:
        database.execute("UPDATE sqlite_sequence SET seq = 900 WHERE name = 'igny8_keywords'")
        database.commit()
    source.call("backup", "--to", str(tmp_path / "b.zip"))
    copy.call("restore", str(tmp_path / "b.zip"))
    assert copy.query("SELECT seq FROM sqlite_sequence WHERE name = 'igny8_keywords'") == [(900,)]


@pytest.mark.slow
def test_what_is_here_is_replaced_only_when_asked_for_and_kept(
    backup: Path, tmp_path: Path
) -> None:
    other = with_keywords(tmp_path / "other")
    other.call("import", str(other.folder / "keywords.txt"), "--site", "second")

    refused = other.call("restore", str(backup), status=1)
    assert "not empty" in refused
    assert "--force" in refused
    assert len(other.query("SELECT 1 FROM igny8_sites")) == 2

    other.call("restore", str(backup), "--force")
    assert other.query("SELECT slug FROM igny8_sites") == [("herbs",)]
    [kept] = other.folder.glob("igny8.sqlite3.before-*")
    with closing(sqlite3.connect(kept)) as database:
        assert database.execute("SELECT COUNT(*) FROM igny8_sites").fetchone() == (2,)


@pytest.mark.slow
def test_nothing_is_restored_or_moved_while_a_worker_lives(backup: Path, tmp_path: Path) -> None:
    here = with_keywords(tmp_path / "here")
    worker = here.start("worker")
    try:
        assert worker.stdout is not None
        worker.stdout.readline()
        assert "already working" in here.call("restore", str(backup), "--force", status=2)
        target = "postgresql://nobody@127.0.0.1:1/none"
        assert "already working" in here.call("move", "--to", target, status=2)
    finally:
        worker.terminate()
        worker.communicate(timeout=20)


@pytest.mark.slow
def test_nothing_is_restored_while_somebody_has_the_database_open(
    backup: Path, tmp_path: Path
) -> None:
    here = with_keywords(tmp_path / "here")
    with closing(sqlite3.connect(here.folder / "igny8.sqlite3")) as database:
        database.execute("SELECT COUNT(*) FROM igny8_sites").fetchall()
        assert "stop igny8 web" in here.call("restore", str(backup), "--force", status=1)


def test_a_file_that_is_no_whole_backup_is_refused(backup: Path, tmp_path: Path) -> None:
    copy = Installation(tmp_path / "copy")
    torn, changed = tmp_path / "torn.zip", tmp_path / "changed.zip"
    torn.write_bytes(backup.read_bytes()[:-2000])
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, text.replace(b"tomato", b"potato"))
    for file in (torn, changed, tmp_path / "missing.zip", backup.with_name("keywords.txt")):
        copy.call("restore", str(file), status=2)
    assert not (copy.folder / "igny8.sqlite3").exists()


@pytest.mark.slow
def test_a_name_that_leads_out_of_the_folder_is_refused(backup: Path, tmp_path: Path) -> None:
    evil = tmp_path / "evil.zip"
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(evil, "w") as new:
        manifest = json.loads(old.read("manifest.json"))
        for file in manifest["files"]:
            file["name"] = file["name"].replace("media/herbs", "media/../../..")
        for name in set(old.namelist()) - {"manifest.json"}:
            new.writestr(name.replace("media/herbs", "media/../../.."), old.read(name))
        new.writestr("manifest.json", json.dumps(manifest))
    Installation(tmp_path / "copy").call("restore", str(evil), status=2)


@pytest.mark.slow
def test_a_backup_of_a_newer_version_is_refused(backup: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer.zip"
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(newer, "w") as new:
        manifest = json.loads(old.read("manifest.json"))
        manifest["migrations"].append(["igny8_sites", "9999_from_the_future"])
        for name in set(old.namelist()) - {"manifest.json"}:
            new.writestr(name, old.read(name))
        new.writestr("manifest.json", json.dumps(manifest))
    said = Installation(tmp_path / "copy").call("restore", str(newer), status=1)
    assert "newer IGNY8" in said


@pytest.mark.slow
def test_a_backup_made_during_a_run_is_gone_on_with_to_the_same_end(tmp_path: Path) -> None:
    undisturbed = with_keywords(tmp_path / "undisturbed")
    undisturbed.call("run", "--site", "herbs", "--yes")
    running = with_keywords(tmp_path / "running", "within_stage_delay=1")
    process = running.start("run", "--site", "herbs", "--yes")
    for _ in range(600):
        if running.query(HALF_WAY)[0][0]:
            break
        time.sleep(0.05)
    running.call("backup", "--to", str(tmp_path / "b.zip"))
    assert process.poll() is None, "the run was over before the backup"
    process.communicate(timeout=120)
    assert process.returncode == 0, "the backup disturbed the run"

    copy = Installation(tmp_path / "copy")
    copy.call("restore", str(tmp_path / "b.zip"))
    assert copy.query("SELECT status FROM igny8_automation_runs") == [("running",)]
    copy.call("run", "--site", "herbs", "--yes")

    assert end_state(copy) == end_state(running) == end_state(undisturbed)
    copy.call("doctor")


@pytest.fixture
def empty_postgres() -> Iterator[str]:
    """The address of a database of this test's own, on the server of DATABASE_URL."""
    import psycopg

    server = os.environ["DATABASE_URL"]
    name = f"igny8_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.rpartition("/")[0] + f"/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.postgres
def test_a_half_finished_run_is_moved_to_postgres_and_ends_the_same(
    tmp_path: Path, empty_postgres: str
) -> None:
    undisturbed = with_keywords(tmp_path / "undisturbed")
    undisturbed.call("run", "--site", "herbs", "--yes")
    source = with_keywords(tmp_path / "source", "within_stage_delay=1")
    stop_half_way(source)
    before = end_state(source)

    said = source.call("move", "--to", empty_postgres)
    assert "checks hold" in said
    assert end_state(source) == before, "the source is only read"
    moved = Installation(source.folder, empty_postgres)
    assert end_state(moved) == before

    moved.call("run", "--site", "herbs", "--yes")
    assert end_state(moved) == end_state(undisturbed)
    moved.call("doctor")
    assert moved.query("SELECT generation > 1 FROM igny8_automation_runs") == [(True,)]
    refused = source.call("run", "--site", "herbs", "--yes", status=2)
    assert "was moved to PostgreSQL" in refused
    assert "set DATABASE_URL" in refused


@pytest.mark.postgres
def test_nothing_is_moved_into_a_database_in_use(tmp_path: Path, empty_postgres: str) -> None:
    first = with_keywords(tmp_path / "first")
    first.call("move", "--to", empty_postgres)
    second = with_keywords(tmp_path / "second")

    assert "not empty" in second.call("move", "--to", empty_postgres, status=1)
    second.call("status", "--site", "herbs")


@pytest.mark.postgres
def test_a_row_that_does_not_fit_leaves_nothing_behind(tmp_path: Path, empty_postgres: str) -> None:
    source = with_keywords(tmp_path / "source")
    with closing(sqlite3.connect(source.folder / "igny8.sqlite3")) as database:
        database.execute("UPDATE igny8_sites SET name = ?", ["long" * 100])
        database.commit()
    assert "igny8_sites does not fit" in source.call("move", "--to", empty_postgres, status=1)
    moved = Installation(tmp_path / "moved", empty_postgres)
    for table in ("igny8_accounts", "igny8_sites", "igny8_keywords"):
        assert moved.query(f"SELECT COUNT(*) FROM {table}") == [(0,)]

    with closing(sqlite3.connect(source.folder / "igny8.sqlite3")) as database:
        database.execute("UPDATE igny8_sites SET name = 'short'")
        database.commit()
    source.call("move", "--to", empty_postgres)
    moved.call("import", str(source.folder / "keywords.txt"), "--site", "next")


@pytest.mark.postgres
def test_a_backup_of_either_database_is_restored_into_the_other(
    source: Installation, backup: Path, tmp_path: Path, empty_postgres: str
) -> None:
    there = Installation(tmp_path / "there", empty_postgres)
    there.call("restore", str(backup))
    assert end_state(there) == end_state(source)
    assert "not empty" in there.call("restore", str(backup), status=1)
    assert "createdb" in there.call("restore", str(backup), "--force", status=2)

    there.call("backup", "--to", str(tmp_path / "back.zip"))
    back = Installation(tmp_path / "back")
    back.call("restore", str(tmp_path / "back.zip"))
    assert end_state(back) == end_state(source)
