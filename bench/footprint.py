"""What `igny8 up` takes: `python -m bench.footprint`.

Seconds to the first answer, memory idle before any work and a minute after a demo run, CPU while
idle; each beside its limit.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil

IGNY8 = Path(sys.executable).parent / "igny8"
SETTLE_SECONDS, IDLE_SECONDS, AFTER_RUN_SECONDS = 5, 20, 60


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="igny8-bench-") as folder, serving(folder) as started:
        process, seconds = started
        print(f"first answer         {seconds:6.2f} s    (limit 3)")
        time.sleep(SETTLE_SECONDS)
        print(f"memory, idle         {megabytes(process):6.0f} MB   (limit 125)")
        print(f"CPU, idle            {idle_cpu(process):6.2f} %    (limit 2 of a core)")
        subprocess.run(
            [IGNY8, "demo"], env=environment(folder), check=True, stdout=subprocess.DEVNULL
        )
        time.sleep(AFTER_RUN_SECONDS)
        print(f"memory, after a run  {megabytes(process):6.0f} MB   (limit 300)")


@contextlib.contextmanager
def serving(folder: str) -> Iterator[tuple[psutil.Process, float]]:
    """`igny8 up` on a free port, and how long its first answer took."""
    port = free_port()
    began = time.perf_counter()
    up = subprocess.Popen(
        [IGNY8, "up", "--port", str(port)], env=environment(folder), stdout=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield psutil.Process(up.pid), time.perf_counter() - began
    finally:
        up.send_signal(signal.SIGTERM)
        up.wait(timeout=20)


def environment(folder: str) -> dict[str, str]:
    return {**os.environ, "IGNY8_DATA": folder}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.05)
    raise SystemExit("igny8 up did not answer within half a minute")


def megabytes(process: psutil.Process) -> float:
    """Of the process and its children."""
    family = [process, *process.children(recursive=True)]
    return float(sum(one.memory_info().rss for one in family)) / 1e6


def idle_cpu(process: psutil.Process) -> float:
    """Per cent of one core."""
    before = process.cpu_times()
    time.sleep(IDLE_SECONDS)
    after = process.cpu_times()
    spent = after.user + after.system - before.user - before.system
    return 100 * float(spent) / IDLE_SECONDS


if __name__ == "__main__":
    main()
