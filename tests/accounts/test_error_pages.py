"""Pages that say what is wrong when the database, or the product itself, is."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import OperationalError as SQLiteError

import pytest
from django.db import OperationalError, connection
from django.test import Client

from igny8.accounts.models import Role
from igny8.core.outages import is_away
from tests.people import client_of, person_with

pytestmark = pytest.mark.django_db


@contextmanager
def failing(error: Exception) -> Iterator[None]:
    """Every statement fails like this."""

    def refuse(*_: object) -> None:
        raise error

    with connection.execute_wrapper(refuse):
        yield


def gone() -> OperationalError:
    return OperationalError("connection to db.example failed: password secret")


@pytest.fixture
def owner() -> Client:
    client = client_of(person_with(Role.OWNER))
    client.raise_request_exception = False
    return client


def test_a_page_says_that_the_database_is_away_and_asks_again(owner: Client) -> None:
    with failing(gone()):
        answer = owner.get("/me/")
    text = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert '<meta http-equiv="refresh" content="10">' in text
    assert "Back in a moment" in text
    assert "secret" not in text


def test_a_form_is_not_sent_again_by_itself(owner: Client) -> None:
    with failing(gone()):
        text = owner.post("/me/").content.decode()
    assert "refresh" not in text
    assert "What you sent was not stored" in text


def test_a_part_of_a_page_stays_as_it_is(owner: Client) -> None:
    asked = {"HX-Request": "true"}
    with failing(gone()):
        looked, sent = owner.get("/me/", headers=asked), owner.post("/me/", headers=asked)
    for answer in (looked, sent):
        assert answer.status_code == 503
        assert answer["HX-Reswap"] == "none"
        assert not answer.content
    assert "HX-Trigger" not in looked
    assert "does not answer" in json.loads(sent["HX-Trigger"])["away"]["text"]


def test_a_full_disk_is_said_as_what_it_is(owner: Client) -> None:
    with failing(OperationalError("database or disk is full")):
        assert "Make room on the disk" in owner.get("/me/").content.decode()


def test_a_wrong_statement_is_a_fault_of_ours_with_a_number_that_the_log_has(
    owner: Client, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = OperationalError("no such column: volum")
    wrong.__cause__ = error_of_sqlite("no such column: volum", "SQLITE_ERROR")
    with caplog.at_level(logging.ERROR), failing(wrong):
        answer = owner.get("/me/")
    (line,) = [r.getMessage() for r in caplog.records if r.name.startswith("igny8.")]
    number = line.split()[1].rstrip(":")
    assert answer.status_code == 500
    assert number in answer.content.decode()


def error_of_sqlite(text: str, name: str) -> SQLiteError:
    error = SQLiteError(text)
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("text", "name", "away"),
    [
        ("unable to open database file", "SQLITE_CANTOPEN", True),
        ("database is locked", "SQLITE_BUSY", True),
        ("no such table: django_session", "SQLITE_ERROR", True),
        ("no such column: volum", "SQLITE_ERROR", False),
        ('near "SELCT": syntax error', "SQLITE_ERROR", False),
    ],
)
def test_what_sqlite_says_tells_whether_it_is_away(text: str, name: str, away: bool) -> None:
    error = OperationalError(text)
    error.__cause__ = error_of_sqlite(text, name)
    assert is_away(error) is away


def test_other_errors_are_no_outage() -> None:
    assert not is_away(ValueError("no such table"))
    assert not is_away(None)
