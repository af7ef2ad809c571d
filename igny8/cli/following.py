"""A run followed to its end: a bar on a terminal, the log's lines elsewhere."""

import sys
from collections.abc import Callable

from django.db import close_old_connections
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from igny8.automation.models import AutomationRun, RunLog
from igny8.automation.pace import eta_of_run
from igny8.automation.stages import STAGES, stage_number
from igny8.core import clock
from igny8.core.outages import outlast

LOOK_SECONDS = 0.4
LEVELS = {"info": "", "warning": "! ", "error": "!! "}


def follow(run_id: int, *, given_up: Callable[[], bool] = lambda: False) -> AutomationRun:
    """Shows what happens until the run is neither running nor waited for; returns it as it is."""
    if sys.stderr.isatty():
        return _follow_with_bar(run_id, given_up)
    return follow_in_lines(run_id, given_up)


def _look(run_id: int, seen: int) -> tuple[AutomationRun, list[RunLog], int]:
    """The run goes on by itself when its database comes back: so does whoever looks on."""
    return outlast(lambda: (AutomationRun.objects.get(pk=run_id), *follow_lines_of(run_id, seen)))


def follow_lines_of(run_id: int, seen: int) -> tuple[list[RunLog], int]:
    """Log lines after `seen`, and the newest line's id."""
    lines = list(RunLog.objects.filter(run=run_id, pk__gt=seen).order_by("pk"))
    return lines, lines[-1].pk if lines else seen


def line_of(entry: RunLog) -> str:
    return f"{entry.at:%H:%M:%S} {LEVELS[entry.level]}{entry.message}"


def follow_in_lines(run_id: int, given_up: Callable[[], bool]) -> AutomationRun:
    seen = 0
    while True:
        run, lines, seen = _look(run_id, seen)
        for entry in lines:
            sys.stdout.write(line_of(entry) + "\n")
        sys.stdout.flush()
        if run.status != AutomationRun.Status.RUNNING or given_up():
            return run
        _rest()


def _follow_with_bar(run_id: int, given_up: Callable[[], bool]) -> AutomationRun:
    console, seen = Console(stderr=True), 0
    columns = (
        TextColumn("[bold]{task.description}"),
        BarColumn(bar_width=None),
        TaskProgressColumn(),
        TextColumn("{task.fields[left]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("Starting", total=100, left="")
        while True:
            run, lines, seen = _look(run_id, seen)
            for entry in lines:
                if not entry.message.startswith("Processing batch"):
                    console.print(line_of(entry), highlight=False, markup=False)
            bar.update(task, completed=run.percent, description=_where(run), left=_left(run))
            if run.status != AutomationRun.Status.RUNNING or given_up():
                return run
            _rest()


def _where(run: AutomationRun) -> str:
    stage = stage_number(run.current_stage)
    return f"Stage {stage.number}/{len(STAGES)} {stage.title}"


def _left(run: AutomationRun) -> str:
    seconds = eta_of_run(run)
    return "" if seconds is None else f"about {max(1, round(seconds))} s left"


def _rest() -> None:
    close_old_connections()
    clock.sleep(LOOK_SECONDS)
