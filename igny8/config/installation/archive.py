"""The backup file: a ZIP of tables (one row a line, JSON), media files, keys, and a manifest."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from igny8 import __version__
from igny8.config.installation import Step
from igny8.core import clock
from igny8.core.errors import UsageError

FORMAT = 1
MANIFEST = "manifest.json"
MEDIA, TABLES, KEYS = "media", "tables", "secret-keys"
CHUNK_BYTES = 1 << 20
FAST = 1
NOT_OURS = "is no backup of IGNY8, or it is damaged"


@dataclass(frozen=True)
class Part:
    """One file of the archive, with what it must be."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class TablePart(Part):
    model: str
    columns: list[str]
    rows: int
    highest_id: int


@dataclass
class Manifest:
    database: str
    migrations: list[tuple[str, str]]
    keys: list[str]
    """Fingerprints of the secret keys that were in use."""
    made_at: str = field(default_factory=lambda: f"{clock.now():%Y-%m-%dT%H:%M:%SZ}")
    igny8: str = __version__
    format: int = FORMAT
    tables: list[TablePart] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


class ArchiveWriter:
    """Whole or not at all: the file has its name only once it is complete and on the disk."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path, self.manifest = path, manifest
        self._partial = path.with_name(f".{path.name}.{os.getpid()}.part")

    def __enter__(self) -> "ArchiveWriter":
        descriptor = os.open(self._partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._zip = ZipFile(self._file, "w")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                manifest = json.dumps(asdict(self.manifest), indent=1).encode()
                self.add(MANIFEST, [manifest])
                self._zip.close()
                self._file.flush()
                os.fsync(self._file.fileno())
                self._partial.replace(self.path)
        finally:
            self._file.close()
            self._partial.unlink(missing_ok=True)

    def add(self, name: str, pieces: Iterable[bytes], *, packed: bool = True) -> Part:
        entry = ZipInfo(name, date_time=clock.now().timetuple()[:6])
        entry.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
        entry.external_attr = 0o600 << 16
        digest, size = hashlib.sha256(), 0
        entry._compresslevel = FAST  # type: ignore[attr-defined]  # public from Python 3.13 on
        with self._zip.open(entry, "w", force_zip64=True) as out:
            for piece in pieces:
                out.write(piece)
                digest.update(piece)
                size += len(piece)
        return Part(name, size, digest.hexdigest())


class Archive:
    """A backup file to be read; raises UsageError when it is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = ZipFile(path)
            self.manifest = _manifest(json.loads(self._zip.read(MANIFEST)))
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
        except (BadZipFile, KeyError, TypeError, ValueError) as error:
            raise UsageError(f"{path} {NOT_OURS}.") from error

    def check(self, step: Step) -> None:
        """Every part is there, whole, and has a harmless name; raises UsageError."""
        parts = [*self.manifest.tables, *self.manifest.files]
        for at, part in enumerate(parts):
            step("Checking the backup", 100 * at // len(parts))
            if not _is_harmless(part.name) or self._sha256(part.name) != part.sha256:
                raise UsageError(f"{self.path} is damaged: {part.name} is not what it was.")

    def lines(self, table: TablePart) -> Iterator[bytes]:
        with self._zip.open(table.name) as stream:
            yield from stream

    def open(self, part: Part) -> IO[bytes]:
        return self._zip.open(part.name)

    def _sha256(self, name: str) -> str:
        try:
            digest = hashlib.sha256()
            with self._zip.open(name) as stream:
                for piece in pieces_of(stream):
                    digest.update(piece)
            return digest.hexdigest()
        except (KeyError, BadZipFile, OSError):
            return ""


def pieces_of(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(CHUNK_BYTES):
        yield piece


def _manifest(read: dict[str, Any]) -> Manifest:
    if read["format"] != FORMAT:
        raise ValueError(read["format"])
    read["tables"] = [TablePart(**table) for table in read["tables"]]
    read["files"] = [Part(**file) for file in read["files"]]
    read["migrations"] = [(app, name) for app, name in read["migrations"]]
    return Manifest(**read)


def _is_harmless(name: str) -> bool:
    """Nothing outside the folder it is unpacked in."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name
