"""How a command fails: a sentence and an exit status, never a traceback."""

import errno
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from igny8.core.errors import UserError
from igny8.core.logs import TextLines, without_secrets

FAILED, BAD_INPUT = 1, 2
LOG = "igny8.log"
DATABASE_ADVICE = "Is it running? Look at DATABASE_URL, then do this again; nothing is lost."


class Commands(TyperGroup):
    """Commands in the order they are listed; whatever they raise ends here."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            _tell("Stopped.")
            raise typer.Exit(FAILED) from None
        except Exception as error:
            if _is_for_the_command_line(error):
                raise
            raise typer.Exit(report(error)) from error


def report(error: Exception) -> int:
    """Tells what went wrong and returns the exit status."""
    sentence, status = _expected(error)
    if not sentence:
        sentence = f"Something went wrong in IGNY8 itself. {_kept(error)}"
    _tell(without_secrets(sentence))
    return status


def _expected(error: Exception) -> tuple[str, int]:
    """No sentence when nobody expected this."""
    from igny8.clustering import EmbedderMissingError, GroupingFailedError
    from igny8.core.outages import AWAY
    from igny8.intake import UnreadableFile

    match error:
        case UserError():
            return str(error), error.exit_status
        case UnreadableFile():
            return str(error), BAD_INPUT
        case EmbedderMissingError() | GroupingFailedError():
            return str(error), FAILED
        case _ if isinstance(error, AWAY):
            said = str(error).strip().split("\n", 1)[0].rstrip(".")
            return f"The database does not answer: {said}. {DATABASE_ADVICE}", FAILED
        case OSError(errno=errno.ENOSPC):
            return "The disk is full. Make room, then do this again.", FAILED
    return "", FAILED


def _is_for_the_command_line(error: Exception) -> bool:
    """Wrong usage, `Exit` and a reader that went away are answered by the command line itself."""
    gone = isinstance(error, OSError) and error.errno == errno.EPIPE
    return gone or isinstance(error, typer.Abort) or hasattr(error, "exit_code")


def _kept(error: Exception) -> str:
    """Puts the traceback into the log file of the data folder; says where it is."""
    data = Path(os.environ.get("IGNY8_DATA") or "data").resolve()
    for folder in (data, Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _log(folder / LOG, error)
        except OSError:
            continue
        return f"The details are in {folder / LOG}."
    return f"{type(error).__name__}: {error}"


def _log(path: Path, error: Exception) -> None:
    log = logging.Logger("igny8.cli")
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(TextLines())
    log.addHandler(handler)
    log.error("igny8 %s failed", " ".join(sys.argv[1:2]), exc_info=error)
    handler.close()


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
