"""Databases that a whole process family works on, kept and put back between two trials."""

import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit


class Database(Protocol):
    url: str

    def keep(self, name: str) -> None:
        """Remembers everything as it is now; nobody may be connected."""

    def restore(self, name: str) -> None:
        """Back to what was kept under this name; whoever is connected is thrown out."""

    def drop(self) -> None:
        """Leaves nothing behind."""


class SQLiteFiles:
    """The product's and the engine's files in one data folder."""

    url = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names = ("igny8.sqlite3", "igny8.engine.sqlite3")

    def keep(self, name: str) -> None:
        kept = self.folder / "kept" / name
        kept.mkdir(parents=True, exist_ok=True)
        for file in self._files():
            _finish_log(file)
            shutil.copy(file, kept / file.name)

    def restore(self, name: str) -> None:
        for pattern in ("igny8*.sqlite3", "igny8*.sqlite3-*"):
            for file in self.folder.glob(pattern):
                file.unlink()
        for file in (self.folder / "kept" / name).iterdir():
            shutil.copy(file, self.folder / file.name)

    def drop(self) -> None:
        """The folder goes as a whole."""

    def _files(self) -> list[Path]:
        return [self.folder / name for name in self.names if (self.folder / name).exists()]


class PostgresDatabase:
    """A database of its own on a server that others may use meanwhile."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.name = f"igny8_lab_{os.getpid()}"
        self.url = urlunsplit(urlsplit(server)._replace(path=f"/{self.name}"))
        self.kept: list[str] = []
        self._tell(f"CREATE DATABASE {self.name}")

    def keep(self, name: str) -> None:
        copy = self._copy(name)
        self._throw_out()
        self._tell(
            f"DROP DATABASE IF EXISTS {copy}", f"CREATE DATABASE {copy} {self._like(self.name)}"
        )
        self.kept.append(copy)

    def restore(self, name: str) -> None:
        self._tell(
            f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)",
            f"CREATE DATABASE {self.name} {self._like(self._copy(name))}",
        )

    def settle(self) -> None:
        """A copy's sequences would go back at a crash: they believe they were logged already."""
        self._tell("CHECKPOINT")

    def drop(self) -> None:
        for name in (self.name, *self.kept):
            self._tell(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _copy(self, name: str) -> str:
        return f"{self.name}_{name}"

    def _like(self, template: str) -> str:
        return f"TEMPLATE {template}"

    def _throw_out(self) -> None:
        self._tell(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{self.name}' AND pid <> pg_backend_pid()"
        )

    def _tell(self, *statements: str) -> None:
        import psycopg

        with psycopg.connect(self.server, autocommit=True) as server:
            for statement in statements:
                server.execute(statement.encode())


def _finish_log(file: Path) -> None:
    """What stands in the write-ahead log goes into the file itself."""
    database: Any = sqlite3.connect(file)
    try:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        database.close()
