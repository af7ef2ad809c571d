"""One engine on one SQLite folder: a lock that the kernel drops when its process ends."""

import fcntl
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from igny8.core.errors import UsageError


class FolderInUseError(UsageError):
    """Another IGNY8 works in this folder."""


class FolderLock:
    """Held for as long as the block runs; raises FolderInUseError when it is taken."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "igny8.lock"
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("a", encoding="ascii")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise FolderInUseError(
                f"Another IGNY8 is already working in {self.path.parent}. "
                "Stop it first, or set IGNY8_DATA to another folder."
            ) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()
