"""Expected errors: classes with a sentence a person understands and can act on."""

from typing import ClassVar


class UserError(Exception):
    """A sentence that says what is wrong and what to do; shown as it is, never with a traceback."""

    exit_status: ClassVar[int] = 1


class UsageError(UserError):
    """What was asked for cannot be done this way, or the input is unusable."""

    exit_status: ClassVar[int] = 2
