"""Whether this machine can run the product; looks only, changes nothing, needs no database."""

import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 38, 0)
LEAST_FREE_BYTES = 500 << 20
MOUNTS = Path("/proc/self/mounts")
NETWORK_FILE_SYSTEMS = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs")
PACKAGED_FILES = (
    ("igny8.writer", "fonts", "*.ttf", "font"),
    ("wordllama", "weights", "*.safetensors", "word vectors"),
    ("wordllama", "tokenizers", "*.json", "tokenizer"),
)


@dataclass(frozen=True)
class Finding:
    """`detail` says what was found, and what to do when it is not `ok`."""

    name: str
    ok: bool
    detail: str


def machine_checks() -> Iterator[Finding]:
    folder = data_folder()
    for check in _CHECKS:
        yield check(folder)
    for package, place, pattern, what in PACKAGED_FILES:
        yield _packaged(package, place, pattern, what)


def data_folder() -> Path:
    return Path(os.environ.get("IGNY8_DATA") or "data").resolve()


def _python(_: Path) -> Finding:
    ok = sys.version_info >= OLDEST_PYTHON
    advice = "" if ok else f"; {'.'.join(map(str, OLDEST_PYTHON))} or newer is needed"
    return Finding("Python", ok, platform.python_version() + advice)


def _sqlite(_: Path) -> Finding:
    ok = sqlite3.sqlite_version_info >= OLDEST_SQLITE
    needed = ".".join(map(str, OLDEST_SQLITE))
    advice = "" if ok else f"; {needed} or newer is needed: use a newer Python or PostgreSQL"
    return Finding("SQLite", ok, sqlite3.sqlite_version + advice)


def _writable(folder: Path) -> Finding:
    """Not made yet is fine when it can be made."""
    existing = _existing(folder)
    ok = existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
    advice = "is writable" if ok else "cannot be written: change its owner, or set IGNY8_DATA"
    return Finding("data folder", ok, f"{folder} {advice}")


def _private_keys(folder: Path) -> Finding:
    """Whoever reads them can open every stored password."""
    keys = folder / "secret-keys"
    open_to_others = keys.exists() and keys.stat().st_mode & 0o077
    advice = f"can be read by others: chmod 600 {keys}" if open_to_others else "are private"
    return Finding("secret keys", not open_to_others, advice)


def _local_disk(folder: Path) -> Finding:
    """SQLite's locks do not hold over a network."""
    kind = file_system_of(folder, MOUNTS.read_text() if MOUNTS.exists() else "")
    if kind not in NETWORK_FILE_SYSTEMS:
        return Finding("local disk", True, kind or "unknown file system")
    advice = "keep the data folder on a local disk, or set DATABASE_URL to a PostgreSQL server"
    return Finding(
        "local disk", bool(os.environ.get("DATABASE_URL")), f"{folder} is on {kind}: {advice}"
    )


def _disk_space(folder: Path) -> Finding:
    free = shutil.disk_usage(_existing(folder)).free
    ok = free >= LEAST_FREE_BYTES
    advice = "" if ok else "; make room before the next run"
    return Finding("disk space", ok, f"{free / (1 << 30):.1f} GB free{advice}")


_CHECKS: tuple[Callable[[Path], Finding], ...] = (
    _python,
    _sqlite,
    _writable,
    _private_keys,
    _local_disk,
    _disk_space,
)


def file_system_of(path: Path, mounts: str) -> str:
    """The type of the file system a path lies on, from a list of mounts as the kernel gives it."""
    kinds = {}
    for line in mounts.splitlines():
        _, place, kind, *_ = line.split()
        kinds[Path(place.encode().decode("unicode_escape"))] = kind
    resolved = path.resolve()
    return next((kinds[p] for p in (resolved, *resolved.parents) if p in kinds), "")


def _packaged(package: str, place: str, pattern: str, what: str) -> Finding:
    """The files are looked for, not loaded."""
    from importlib.util import find_spec

    spec = find_spec(package)
    folders = [Path(p) / place for p in (spec.submodule_search_locations or ())] if spec else []
    found = [file.name for folder in folders for file in sorted(folder.glob(pattern))]
    advice = f"missing; install the package {package.partition('.')[0]} again"
    return Finding(what, bool(found), ", ".join(found) or advice)


def _existing(folder: Path) -> Path:
    return next(p for p in (folder, *folder.parents) if p.exists())
