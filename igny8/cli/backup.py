"""`igny8 backup`: everything in one file, while everything goes on."""

from pathlib import Path
from typing import Annotated

import typer

from igny8.cli.opening import open_database
from igny8.cli.options import AsJson, counted, remark, say, say_json
from igny8.cli.progress import steps


def backup(
    to: Annotated[
        Path | None,
        typer.Option("--to", help="The file, or a folder for it; data/backups if left out."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Save all rows, media files and keys into one file; runs go on meanwhile."""
    open_database()
    from igny8.config.installation.archive import KEYS
    from igny8.config.installation.backing_up import back_up, default_place

    path = to or default_place()
    if path.is_dir():
        path /= default_place().name
    with steps() as step:
        manifest = back_up(path, step)
    size = path.stat().st_size
    has_keys = any(part.name == KEYS for part in manifest.files)
    if as_json:
        facts = {"file": str(path.resolve()), "bytes": size, "made_at": manifest.made_at}
        say_json({**facts, "rows": manifest.rows, "files": len(manifest.files), "keys": has_keys})
        return
    say(
        f"{path}: {counted(manifest.rows, 'row', 'rows')} and "
        f"{counted(len(manifest.files), 'file', 'files')}, {size / (1 << 20):,.1f} MB"
    )
    remark(
        "It holds everything, also the keys that open stored passwords: keep it where only you "
        "can read it, and on another machine."
        if has_keys
        else "The keys in IGNY8_SECRET_KEYS are not in it: keep them with it, but apart."
    )
