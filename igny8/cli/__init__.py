"""The `igny8` command: one file a subcommand, one place where errors become sentences."""

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

import typer

from igny8.cli import control, demo, keywords, logs, maintenance, people, run, settings, status, up
from igny8.core.errors import UserError
from igny8.intake.errors import UnreadableFile

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A keyword list in, illustrated articles at a review gate out.",
)
COMMANDS: dict[str, Callable[..., None]] = {
    "up": up.up,
    "web": up.web,
    "worker": up.worker,
    "demo": demo.demo,
    "import": keywords.import_file,
    "run": run.run,
    "pause": control.pause,
    "resume": control.resume,
    "cancel": control.cancel,
    "retry": control.retry,
    "config": settings.config,
    "status": status.status,
    "logs": logs.logs,
    "cluster": keywords.cluster,
    "export": maintenance.export,
    "doctor": maintenance.doctor,
}
for _name, _command in COMMANDS.items():
    app.command(_name)(_command)
app.add_typer(people.app, name="user")


def main() -> None:
    """Exit status: 0 done, 1 failed, 2 bad usage or bad input."""
    try:
        app(standalone_mode=True)
    except UserError as error:
        _end(str(error), error.exit_status)
    except UnreadableFile as error:
        _end(str(error), 2)
    except KeyboardInterrupt:
        _end("Stopped.", 1)
    except Exception:  # noqa: BLE001 - the one place where nothing may pass as a traceback
        _end(f"Something went wrong here; the details are in {_log_failure()}.", 1)


def _end(sentence: str, exit_status: int) -> None:
    sys.stderr.write(sentence + "\n")
    sys.exit(exit_status)


def _log_failure() -> Path:
    path = Path(os.environ.get("IGNY8_DATA") or "data").resolve() / "igny8.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log = logging.getLogger("igny8.cli")
    log.addHandler(handler)
    log.propagate = False
    log.exception("%s failed", " ".join(sys.argv[1:2]))
    return path
