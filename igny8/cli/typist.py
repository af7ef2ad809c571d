"""Who typed a command: named in logs, and in the audit log beside those who use the pages."""

from getpass import getuser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from igny8.sites.models import Site


def typist() -> str:
    """The system's name of the user, and where they sat."""
    try:
        name = getuser()
    except (OSError, KeyError):  # a number that has no name, as in many containers
        name = "Somebody"
    return f"{name} at the command line"


def note_down(verb: str, thing: object, site: "Site", *, after: str = "", note: str = "") -> None:
    """A line of the audit log."""
    from igny8.accounts.audit import record

    record(typist(), verb, thing, site, after=after, note=note)
