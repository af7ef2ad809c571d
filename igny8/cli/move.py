"""`igny8 move`: from SQLite to PostgreSQL."""

from typing import Annotated

import typer

from igny8.cli.checking import doctor_elsewhere
from igny8.cli.opening import open_database
from igny8.cli.options import AsJson, counted, remark, say, say_json
from igny8.cli.progress import steps


def move(
    to: Annotated[
        str, typer.Option("--to", help="postgresql://user:password@host:5432/name, empty.")
    ],
    as_json: AsJson = False,
) -> None:
    """Copy this SQLite installation into an empty PostgreSQL database, runs unfinished."""
    open_database()
    from igny8.config.installation.moving import move as move_rows

    with steps() as step:
        copied = move_rows(to, step)
    if as_json:
        say_json({"rows": sum(copied.values()), "tables": copied})
    else:
        rows = counted(sum(copied.values()), "row", "rows")
        say(f"Copied {rows} of {len(copied)} tables; every table has as many rows as here.")
        doctor_elsewhere({"DATABASE_URL": to})
    remark(
        "From now on set DATABASE_URL to that address, and keep IGNY8_DATA: images and keys stay "
        "in this folder.\nWithout DATABASE_URL nothing starts here any more: unfinished runs would "
        "be paid for twice."
    )
