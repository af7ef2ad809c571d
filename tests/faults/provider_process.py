"""The fake provider as its own process: it outlives every worker, and notes what it accepts."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self
from urllib.request import Request, urlopen

from tests.provider_server import read_journal


class ProviderProcess:
    def __init__(self, journal: Path) -> None:
        self.journal = journal
        command = (
            sys.executable,
            "-m",
            "tests.provider_server",
            "--tiny-images",
            "--spread",
            "0.4",
        )
        self._process = subprocess.Popen(
            [*command, "--journal", str(journal)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self.base_url = self._process.stdout.readline().strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def begin_again(self, faults: Sequence[dict[str, Any]] = (), *, latency: float = 0.0) -> None:
        """An empty journal; from now on these faults, each of one function so many times."""
        body = {"faults": list(faults), "latency": latency}
        url = self.base_url.removesuffix("/v1") + "/control"
        with urlopen(Request(url, json.dumps(body).encode()), timeout=10) as answer:
            answer.read()

    def accepted(self) -> list[dict[str, Any]]:
        """What was asked since then, oldest first."""
        return list(read_journal(self.journal)) if self.journal.exists() else []
