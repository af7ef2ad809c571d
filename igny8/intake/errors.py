"""What intake says when a file cannot be read at all."""


class UnreadableFile(Exception):
    """One sentence for a person: what is wrong with the file and what to do about it."""
