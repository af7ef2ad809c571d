"""`igny8 up`: everything in one process; `web` and `worker`: its halves on several machines."""

import logging
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from igny8.cli.opening import open_database
from igny8.core.errors import UserError

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]
THREADS = 8
LOOK_SECONDS = 0.5


def up(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve the pages and work on runs, in one process."""
    open_database()
    _refuse_a_folder_in_use()
    with _serving(host, port):
        dead = _work_until_told(host, port)
    _say("IGNY8 has stopped; unfinished runs go on at the next start.")
    if dead.is_set():
        raise UserError("This worker was thought dead and has given its runs away; start it again.")


def _work_until_told(host: str, port: int) -> threading.Event:
    """Pages answer already: the job engine takes a second to load."""
    from igny8.automation.workflow import DUTIES
    from igny8.cli.working import stop_signal
    from igny8.jobs.working import at_work

    with stop_signal() as stopped, at_work(DUTIES) as dead:
        _say(f"IGNY8 is up: http://{_seen(host)}:{port}/  (stop with Ctrl+C)")
        say_how_to_begin(port)
        _wait(stopped, dead)
    return dead


def _seen(host: str) -> str:
    """As the link to the set-up has it: a browser keeps a sign-in for one name only."""
    return "localhost" if host == "127.0.0.1" else host


def _refuse_a_folder_in_use() -> None:
    """Before the port is tried: what is wrong then is the folder."""
    from django.conf import settings
    from django.db import connection

    from igny8.jobs.lock import FolderLock

    if connection.vendor == "sqlite":
        with FolderLock(settings.DATA_DIR):
            pass


def web(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve the pages only; a worker elsewhere does the work."""
    open_database()
    from igny8.cli.working import stop_signal

    with stop_signal() as stopped, _serving(host, port):
        _say(f"IGNY8 serves http://{host}:{port}/  (stop with Ctrl+C)")
        say_how_to_begin(port)
        _wait(stopped, threading.Event())


def worker() -> None:
    """Work on runs only; start as many as you like on one PostgreSQL."""
    open_database()
    from igny8.automation.workflow import DUTIES
    from igny8.cli.working import stop_signal
    from igny8.jobs.working import at_work

    with stop_signal() as stopped, at_work(DUTIES) as dead:
        _say("IGNY8 works  (stop with Ctrl+C)")
        _wait(stopped, dead)
    if dead.is_set():
        raise UserError("This worker was thought dead and has given its runs away; start it again.")


def _proxy() -> dict[str, Any]:
    """Behind a proxy that speaks https, its word on scheme and visitor is taken, nobody else's."""
    from django.conf import settings

    if not settings.SERVED_OVER_HTTPS:
        return {}
    return {
        "trusted_proxy": settings.PROXY,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        "clear_untrusted_proxy_headers": True,
    }


@contextmanager
def _serving(host: str, port: int) -> Iterator[None]:
    server = _server(host, port)
    thread = threading.Thread(target=server.run, daemon=True, name="web")
    thread.start()
    try:
        yield
    finally:
        server.close()


def _server(host: str, port: int) -> Any:
    from waitress.server import create_server

    from igny8.config.wsgi import application

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    try:
        return create_server(
            application, host=host, port=port, threads=THREADS, ident="igny8", **_proxy()
        )
    except (OSError, socket.gaierror) as error:
        raise UserError(
            f"Cannot listen on {host}:{port} ({error.strerror or error}). "
            f"Choose another with --port, for example --port {port + 1}."
        ) from error


def say_how_to_begin(port: int) -> None:
    """The last line of every start, until there is an owner."""
    from igny8.accounts.first_owner import has_owner, set_up_code

    if not has_owner():
        _say(f"Create the owner (works once): {_address(port)}/setup/?code={set_up_code()}")


def _address(port: int) -> str:
    """Where people open it; localhost, since browsers refuse passkeys at an IP address."""
    from django.conf import settings

    address = settings.PUBLIC_ADDRESS
    return address.geturl() if address else f"http://localhost:{port}"


def _wait(stopped: threading.Event, dead: threading.Event) -> None:
    while not stopped.wait(LOOK_SECONDS) and not dead.is_set():
        pass


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
