"""Expected errors: classes with a sentence a person understands and can act on."""


class UserError(Exception):
    """A sentence that says what is wrong and what to do; shown as it is, never with a traceback."""
