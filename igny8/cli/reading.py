"""Keyword files as commands get them: a path, or lines on standard input."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from igny8.cli.options import remark

if TYPE_CHECKING:
    from igny8.intake import Corrections, Export

STANDARD_INPUT = "-"
KeywordFile = Annotated[
    Path, typer.Argument(help="An export of any keyword tool, or plain lines; - pastes them.")
]


@contextmanager
def opened(file: Path, corrections: "Corrections | None" = None) -> Iterator["Export"]:
    """Raises UnreadableFile; what comes on standard input may be a whole export, too."""
    from igny8.intake import RECOGNISED, open_export

    told = corrections or RECOGNISED
    if str(file) != STANDARD_INPUT:
        yield open_export(file, corrections=told)
        return
    if sys.stdin.isatty():
        remark("Paste keywords, one a line, then press Ctrl+D.")
    with TemporaryDirectory(prefix="igny8-") as folder:
        pasted = Path(folder) / "standard input"
        with pasted.open("wb") as copy:
            shutil.copyfileobj(sys.stdin.buffer, copy)
        yield open_export(pasted, corrections=told)


def name_of(file: Path) -> str:
    return "Standard input" if str(file) == STANDARD_INPUT else file.name
