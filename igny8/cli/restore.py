"""`igny8 restore`: a backup made into an installation again."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from igny8.cli.checking import doctor_elsewhere
from igny8.cli.opening import set_up
from igny8.cli.options import counted, remark, say
from igny8.cli.progress import steps

if TYPE_CHECKING:
    from igny8.config.installation.archive import Manifest


def restore(
    file: Annotated[Path, typer.Argument(help="A backup that igny8 backup made.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace what is here; it is kept beside it (SQLite).")
    ] = False,
) -> None:
    """Bring a backup back, into SQLite or PostgreSQL; unfinished runs go on at the next start."""
    set_up()
    from igny8.config.installation.archive import Archive
    from igny8.config.installation.restoring import restore as restore_archive

    archive = Archive(file)
    with steps() as step:
        kept = restore_archive(archive, step, force=force)
    found = archive.manifest
    say(
        f"Restored {counted(found.rows, 'row', 'rows')} and "
        f"{counted(len(found.files), 'file', 'files')} as they were at {found.made_at}."
    )
    if kept:
        say(f"What was here is in {kept}; delete it when you no longer want it.")
    _remark_on_keys(found)
    doctor_elsewhere({})
    say("Start it: igny8 up")


def _remark_on_keys(found: "Manifest") -> None:
    """Sealed passwords of a backup open only with the keys it was made with."""
    from igny8.config.installation.archive import KEYS
    from igny8.config.installation.keys import fingerprints, keys_in_use

    named = set(fingerprints(keys_in_use()))
    kept = any(part.name == KEYS for part in found.files)
    if set(found.keys) <= named or (kept and not os.environ.get("IGNY8_SECRET_KEYS")):
        return
    remark(
        "The keys of this installation are not those of the backup: stored passwords cannot be "
        "opened. Add the old keys to IGNY8_SECRET_KEYS"
        + (" (they are in the file secret-keys of the data folder)." if kept else ".")
    )
