"""How a state is shown: its word, its tone and its icon; never colour alone."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    word: str
    tone: str
    icon: str
