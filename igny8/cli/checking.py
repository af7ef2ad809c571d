"""`igny8 doctor` asked by another command, of the installation as it is now."""

import os
import subprocess
import sys
from collections.abc import Mapping

from igny8.cli.options import say
from igny8.core.errors import UserError

DOCTOR = "from igny8.cli import app; app(['doctor'], prog_name='igny8')"


def doctor_elsewhere(environment: Mapping[str, str]) -> None:
    """In a process of its own, which has nothing open yet; raises UserError that quotes it."""
    answer = subprocess.run(
        [sys.executable, "-c", DOCTOR],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode == 0:
        say(f"Checked: {answer.stdout.strip().rsplit(chr(10), 1)[-1]}")
        return
    wrong = [line for line in answer.stdout.splitlines() if line.startswith("FAIL")]
    raise UserError("It is there, but:\n" + "\n".join(wrong or [answer.stderr.strip()]))
