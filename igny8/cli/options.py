"""What many commands share: their options, and how they speak."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

SiteSlug = Annotated[str, typer.Option("--site", help="The site's short name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]
PLAIN_WIDTH = 100


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def remark(line: str) -> None:
    """For people only: whoever reads standard output does not see it."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def say_json(value: Any) -> None:
    say(json.dumps(value, ensure_ascii=False, indent=2))


def console(*, for_progress: bool = False) -> "Console":
    """Where tables go; progress goes to standard error. Off a terminal the lines keep a width."""
    from rich.console import Console

    stream = sys.stderr if for_progress else sys.stdout
    return Console(file=stream, highlight=False, width=None if stream.isatty() else PLAIN_WIDTH)


def counted(number: int, one: str, many: str) -> str:
    """`1 keyword`, `1,200 keywords`."""
    return f"{number:,} {one if number == 1 else many}"
