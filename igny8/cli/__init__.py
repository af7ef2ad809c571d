"""The `igny8` command: one file a subcommand, imported here; none does its work at import."""

import io
import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from igny8 import __version__
from igny8.cli.backup import backup
from igny8.cli.cancel import cancel
from igny8.cli.cluster import cluster
from igny8.cli.clusters import clusters
from igny8.cli.config import config
from igny8.cli.connection import connection
from igny8.cli.demo import demo
from igny8.cli.doctor import doctor
from igny8.cli.export import export
from igny8.cli.failing import Commands
from igny8.cli.import_file import import_file
from igny8.cli.logs import logs
from igny8.cli.move import move
from igny8.cli.notify import notify
from igny8.cli.pause import pause
from igny8.cli.prices import prices
from igny8.cli.prompts import prompts
from igny8.cli.restore import restore
from igny8.cli.resume import resume
from igny8.cli.retry import retry
from igny8.cli.rotate import rotate_keys
from igny8.cli.run import run
from igny8.cli.status import status
from igny8.cli.up import up, web, worker
from igny8.cli.user import user

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
WORK, LOOK, SET_UP = "Make articles", "See and steer", "Set up and serve"
COMMANDS: tuple[tuple[str, Callable[..., None], str], ...] = (
    ("demo", demo, WORK),
    ("import", import_file, WORK),
    ("run", run, WORK),
    ("export", export, WORK),
    ("cluster", cluster, WORK),
    ("status", status, LOOK),
    ("logs", logs, LOOK),
    ("pause", pause, LOOK),
    ("resume", resume, LOOK),
    ("cancel", cancel, LOOK),
    ("retry", retry, LOOK),
    ("config", config, SET_UP),
    ("up", up, SET_UP),
    ("web", web, SET_UP),
    ("worker", worker, SET_UP),
    ("doctor", doctor, SET_UP),
    ("backup", backup, SET_UP),
    ("restore", restore, SET_UP),
    ("move", move, SET_UP),
    ("rotate-keys", rotate_keys, SET_UP),
)
for _name, _command, _panel in COMMANDS:
    app.command(_name, rich_help_panel=_panel)(_command)
app.add_typer(connection, name="connection", rich_help_panel=SET_UP)
app.add_typer(notify, name="notify", rich_help_panel=SET_UP)
app.add_typer(prices, name="prices", rich_help_panel=SET_UP)
app.add_typer(clusters, name="clusters", rich_help_panel=LOOK)
app.add_typer(prompts, name="prompts", rich_help_panel=SET_UP)
app.add_typer(user, name="user", rich_help_panel=SET_UP)


def _show_version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"igny8 {__version__}\n")
        raise typer.Exit


@app.callback()
def igny8(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """A keyword list in, illustrated articles at a review gate out."""


def main() -> None:
    """Exit status: 0 done, 1 failed, 2 bad usage or bad input."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app()
    except SystemExit as left:
        _leave_at_once_if_busy(left)
        raise


def _leave_at_once_if_busy(left: SystemExit) -> None:
    """A thread that waits for an answer would keep this process for minutes."""
    working = sys.modules.get("igny8.jobs.working")
    if working is not None and working.leaves_work_behind.is_set():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(left.code if isinstance(left.code, int) else bool(left.code))
