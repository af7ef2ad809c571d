"""Every moment at which the power can fail: what is committed then, and what was asked."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Moment:
    """The committed database, and how many calls the provider had accepted by then."""

    number: int
    database: sqlite3.Connection
    calls: int


@dataclass
class Recorder:
    """Notes a moment before and after each commit; equal ones once.

    Nothing that happens between two commits survives a power cut, except what left this machine:
    so the moments are the databases after each commit, each with every number of calls accepted
    before the next one.
    """

    calls: Callable[[], int]
    at_commit: Callable[[int], None] = lambda number: None
    moments: list[Moment] = field(default_factory=list)
    commits: int = 0

    def before_commit(self) -> None:
        if self.moments and self.calls() != self.moments[-1].calls:
            last = self.moments[-1]
            self.moments.append(Moment(last.number, last.database, self.calls()))

    def after_commit(self) -> None:
        self.commits += 1
        self.moments.append(Moment(self.commits, snapshot(), self.calls()))
        self.at_commit(self.commits)


def snapshot() -> sqlite3.Connection:
    """A copy of the committed database."""
    copy = sqlite3.connect(":memory:")
    connection.ensure_connection()
    connection.connection.backup(copy)
    return copy


def restore(database: sqlite3.Connection) -> None:
    database.backup(connection.connection)


@contextmanager
def commits_watched(before: Callable[[], None], after: Callable[[], None]) -> Iterator[None]:
    """Calls `before` and `after` around each commit, also of a single statement's."""
    commit = connection.commit

    def watched_commit() -> None:
        before()
        commit()
        after()

    def watched_statement(execute: Any, sql: str, *arguments: Any) -> Any:
        single = not connection.in_atomic_block and sql.lstrip().upper().startswith(WRITES)
        if single:
            before()
        result = execute(sql, *arguments)
        if single:
            after()
        return result

    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(watched_statement))
        stack.callback(setattr, connection, "commit", commit)
        connection.commit = watched_commit  # type: ignore[method-assign]
        yield


def recorded(recorder: Recorder, work: Callable[[], object]) -> Sequence[Moment]:
    """The moments of `work`, from the first commit before it."""
    recorder.moments.append(Moment(0, snapshot(), recorder.calls()))
    with commits_watched(recorder.before_commit, recorder.after_commit):
        work()
    return recorder.moments
