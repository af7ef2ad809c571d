"""Work in a process of its own, forked from one that has imported everything already."""

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import Any

LOOK_SECONDS = 0.005
PATIENCE_SECONDS = 90.0


class ChildFailedError(AssertionError):
    """The child ended by itself with an exception."""


@dataclass(frozen=True)
class Ended:
    """`signal` is 0 unless one killed it; `told` is what the work returned."""

    status: int
    signal: int
    told: Any


class Child:
    """Runs at once; whatever it returns must be JSON."""

    def __init__(self, work: Callable[[], Any]) -> None:
        handle, path = mkstemp(prefix="igny8-child-")
        os.close(handle)
        self._answer = Path(path)
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if not self.pid:
            self._be(work)

    def send(self, sign: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, sign)

    def is_over(self) -> bool:
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def wait(self, seconds: float = PATIENCE_SECONDS) -> Ended:
        """Kills it and raises TimeoutError when it takes longer."""
        until = time.monotonic() + seconds
        while not self.is_over():
            if time.monotonic() > until:
                self.kill()
                raise TimeoutError(f"a process did not end within {seconds} s")
            time.sleep(LOOK_SECONDS)
        return self._bury()

    def kill(self) -> Ended:
        self.send(signal.SIGKILL)
        return self._bury()

    def result(self, seconds: float = PATIENCE_SECONDS) -> Any:
        """What it returned; raises ChildFailedError when it did not come to its end."""
        ended = self.wait(seconds)
        if ended.status or ended.signal:
            raise ChildFailedError(f"status {ended.status}, signal {ended.signal}: {ended.told}")
        return ended.told

    def _be(self, work: Callable[[], Any]) -> None:
        status = 1
        try:
            for sign in (signal.SIGINT, signal.SIGTERM):
                signal.signal(sign, signal.SIG_DFL)
            told = work()
            status = 0
        except SystemExit as left:
            told, status = None, left.code if isinstance(left.code, int) else 1
        except BaseException:  # noqa: BLE001 - the parent is told, whatever it was
            told = traceback.format_exc()
        finally:
            self._answer.write_text(json.dumps(told, default=str), encoding="utf-8")
            sys.stdout.flush()
            os._exit(status)

    def _bury(self) -> Ended:
        _, raw = os.waitpid(self.pid, 0)
        text = self._answer.read_text(encoding="utf-8")
        self._answer.unlink()
        killed = os.WTERMSIG(raw) if os.WIFSIGNALED(raw) else 0
        status = os.WEXITSTATUS(raw) if os.WIFEXITED(raw) else 0
        return Ended(status, killed, json.loads(text) if text else None)
