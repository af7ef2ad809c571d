"""The database goes away while pages are open, and comes back."""

import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from tests.config.installations import Installation

SIGNED_IN = """
from igny8.cli.opening import open_database
open_database()
from igny8.accounts.models import Role
from igny8.sites.models import Site
from igny8.accounts.models import owner_account
from tests.people import client_of, person_with
Site.objects.create(account=owner_account(), slug="herbs", name="Herbs")
print(client_of(person_with(Role.OWNER)).cookies["sessionid"].value)
"""
PAGE, LIVE = "/s/herbs/automation/", "/s/herbs/automation/live?since=none"
Ask = Callable[..., http.client.HTTPResponse]


@contextmanager
def pages_of(installation: Installation) -> Iterator[Ask]:
    """Somebody signed in asks `igny8 web`."""
    session = subprocess.run(
        [sys.executable, "-c", SIGNED_IN],
        env=installation.environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = installation.start("web", "--port", str(port))
    assert server.stdout is not None
    assert str(port) in server.stdout.readline()

    def ask(path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request(method, path, headers={"Cookie": f"sessionid={session}", **headers})
        return connection.getresponse()

    try:
        yield ask
    finally:
        server.terminate()
        server.communicate(timeout=20)


def look_at_an_outage(
    ask: Ask, take_away: Callable[[], object], give_back: Callable[[], object]
) -> None:
    assert ask(PAGE).status == 200
    take_away()
    page, part, health = ask(PAGE), ask(LIVE, **{"HX-Request": "true"}), ask("/healthz")
    assert page.status == 503
    assert "Back in a moment" in page.read().decode()
    assert (part.status, part.getheader("HX-Reswap"), part.read()) == (503, "none", b"")
    assert health.status == 503
    assert json.loads(health.read())["ok"] is False
    assert ask("/static/igny8/app.css").status == 200
    give_back()
    assert ask(PAGE).status == 200
    assert ask(LIVE, **{"HX-Request": "true"}).status == 200


@pytest.mark.sqlite
@pytest.mark.slow
def test_a_folder_that_is_gone_for_a_while_is_waited_for(tmp_path: Path) -> None:
    folder, aside = tmp_path / "data", tmp_path / "aside"
    with pages_of(Installation(folder)) as ask:
        look_at_an_outage(ask, lambda: folder.rename(aside), lambda: aside.rename(folder))


@pytest.mark.postgres
def test_a_server_that_takes_no_connections_is_waited_for(tmp_path: Path) -> None:
    import psycopg

    server, name = os.environ["DATABASE_URL"], f"igny8_{uuid4().hex[:12]}"
    installation = Installation(tmp_path, server.rpartition("/")[0] + f"/{name}")
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")

        def take_away() -> None:
            admin.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )

        def give_back() -> None:
            admin.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")

        with pages_of(installation) as ask:
            look_at_an_outage(ask, take_away, give_back)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
