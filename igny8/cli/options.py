"""What many commands share: their options, and how they speak."""

import json
import sys
from typing import Annotated, Any

import typer

SiteSlug = Annotated[str, typer.Option("--site", help="The site's short name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def say_json(value: Any) -> None:
    say(json.dumps(value, ensure_ascii=False, indent=2))
