"""A real browser in front of a real server; both are this machine's own."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.showroom import OWNER, PASSWORD, furnished_folder

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
AXE = Path(__file__).with_name("axe-4.14.1.min.js")
START_SECONDS = 60
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
CODE = re.compile(r"http\S+/setup/\S*")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow all of them; without the browser they say so instead of failing.

    Marked, since they need processes of their own: the browser's loop lives on in the thread that
    once drove it, and Django refuses a database there.
    """
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(300))
            if not Path(CHROMIUM).exists() and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason=f"There is no browser at {CHROMIUM}"))


@dataclass
class Server:
    """`said` is what it printed while it started."""

    address: str
    said: str
    folder: Path


@contextmanager
def serving(folder: Path, half: str, *, lines: int = 1, networks: str = "") -> Iterator[Server]:
    """`igny8 up`, or `igny8 web`, on a free port; it says so in so many lines.

    `networks` are private ones it may call.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = _igny8(half, "--port", str(port))
    environment = environment_of(folder) | {"IGNY8_ALLOWED_NETWORKS": networks}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert f":{port}/" in said, said + process.stdout.read()
        said += "".join(process.stdout.readline() for _ in range(1, lines))
        try:
            yield Server(address=f"http://127.0.0.1:{port}", said=said, folder=folder)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(START_SECONDS)


def change(server: Server, statement: str) -> None:
    """One statement on the server's database."""
    with sqlite3.connect(server.folder / "igny8.sqlite3", timeout=30) as database:
        database.execute(statement)


@pytest.fixture
def paused(showroom: "Server") -> Iterator[str]:
    """The page of the run that Mara paused; afterwards it is as before for those who come next."""
    yield "/s/paused/automation/"
    change(
        showroom,
        "UPDATE igny8_automation_runs SET status = 'paused', reason_code = 'by_person', "
        "reason = 'Paused by Mara Kellner', ended_at = NULL, version = version + 1 "
        "WHERE site_id = (SELECT id FROM igny8_sites WHERE slug = 'paused')",
    )


def in_folder(folder: Path, *arguments: str) -> None:
    """An `igny8` command that is given an empty line."""
    environment = environment_of(folder)
    subprocess.run(_igny8(*arguments), env=environment, input="\n", text=True, check=True)


def _igny8(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from igny8.cli import main; main()", *arguments]


def environment_of(folder: Path) -> dict[str, str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("IGNY8_", "DATABASE_"))}
    return {**clean, "IGNY8_DATA": str(folder), "PYTHONUNBUFFERED": "1"}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS.split()}


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation with a site in every state."""
    folder = tmp_path_factory.mktemp("showroom")
    furnished_folder(folder)
    return folder


@pytest.fixture(scope="session")
def showroom(furnished: Path) -> Iterator[Server]:
    """Pages without a worker: the states stay as they are."""
    with serving(furnished, "web") as server:
        yield server


@pytest.fixture
def new_installation(tmp_path: Path) -> Iterator[Server]:
    """An empty folder and `igny8 up`, which also prints the link that makes the owner."""
    folder = tmp_path / "data"
    with serving(folder, "up", lines=2) as server:
        yield server
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def pass_of(showroom: Server, browser: Browser) -> list[Any]:
    """The cookies of the owner, signed in once."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{showroom.address}/sign-in/")
    page.fill("[name=login]", OWNER)
    page.fill("[name=password]", PASSWORD)
    page.click("form button[type=submit]:has-text('Sign in')")
    page.wait_for_url(re.compile("/s/"))
    cookies = context.cookies()
    context.close()
    return cookies


Open = Callable[..., Page]


@pytest.fixture
def open_page(showroom: Server, browser: Browser, pass_of: list[Any]) -> Iterator[Open]:
    """Opens an address of the showroom, signed in: `open_page("/s/ready/", width=900)`."""
    contexts = []

    def opened(path: str, *, width: int = 1440, height: int = 900, **more: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **more)
        context.add_cookies(pass_of)
        contexts.append(context)
        page = context.new_page()
        page.goto(showroom.address + path)
        return page

    yield opened
    for context in contexts:
        context.close()
