"""`igny8 rotate-keys`: stored secrets under the newest key."""

from igny8.cli.opening import open_database
from igny8.cli.options import counted, say


def rotate_keys() -> None:
    """Seal all stored secrets anew with the first of IGNY8_SECRET_KEYS."""
    open_database()
    from igny8.accounts.secrets import reseal_all

    say(f"{counted(reseal_all(), 'secret is', 'secrets are')} sealed with the newest key.")
    say("Older keys can leave IGNY8_SECRET_KEYS now.")
