"""How far a long command is: a bar on a terminal, plain lines elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from igny8.cli.options import console, remark


class Step(Protocol):
    def __call__(self, what: str, percent: int | None, /) -> None:
        """What is done now, and how much of all is behind it; None while nobody knows."""


@contextmanager
def steps() -> Iterator[Step]:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    screen = console(for_progress=True)
    if not screen.is_terminal:
        yield _once_each()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task("", total=100)

        def show(what: str, percent: int | None, /) -> None:
            bar.tasks[task].total = None if percent is None else 100
            bar.update(task, description=what, completed=percent or 0)

        yield show


def _once_each() -> Step:
    said: set[str] = set()

    def step(what: str, percent: int | None, /) -> None:
        if what not in said:
            said.add(what)
            remark(f"{what} ...")

    return step
