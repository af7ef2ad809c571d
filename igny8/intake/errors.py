"""What intake says when a file cannot be read at all."""


class UnreadableFile(Exception):
    """One sentence for a person: what is wrong with the file and what to do about it."""


class UnknownLetters(UnreadableFile):
    """No encoding fits well enough; whoever names one is believed."""


class UnknownColumn(UnreadableFile):
    """A column was named that the file does not have."""


class NoKeywordColumn(UnreadableFile):
    """A table, but none of its columns is known to hold the keyword; where it seems to begin."""

    def __init__(self, sentence: str, *, line: int, delimiter: str | None) -> None:
        super().__init__(sentence)
        self.line = line
        self.delimiter = delimiter
