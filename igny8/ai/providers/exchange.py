"""What may be said of one request, and what may not."""

from dataclasses import dataclass

LONGEST_QUOTE = 300


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """What the sentences about a failed request may name, and the key they may not."""

    model: str
    deadline: float
    key: str

    def quote(self, said: object) -> str:
        """The provider's own words after a colon, cut, in one line and without the key."""
        text = one_line(said) if isinstance(said, str) else ""
        text = text.replace(self.key, "[key]") if self.key else text
        return f": {text[:LONGEST_QUOTE]}" if text else "."


def one_line(said: str) -> str:
    """Without what no page shows and no database keeps: line ends, control and half characters."""
    return "".join(char for char in " ".join(said.split()) if char.isprintable())
