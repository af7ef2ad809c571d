"""Chance without chance: every choice is a function of a seed, the same on every machine."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from pydantic import BaseModel

CHOICE = re.compile(r"\[([^\[\]]*)\]")
SLOT = re.compile(r"\{(\w+)\}")


def seed_of(question: BaseModel) -> str:
    """The sha256 of the question's content, in hex."""
    return hashlib.sha256(question.model_dump_json().encode()).hexdigest()


def number_of(seed: str, *names: object) -> int:
    """A large number that depends on the seed and all the names."""
    text = "\x1f".join((seed, *map(str, names)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def shuffled(items: Iterable[str], seed: str, *names: object) -> list[str]:
    """The items in an order of their own for this seed."""
    return sorted(items, key=lambda item: number_of(seed, *names, item))


def pick(items: Sequence[str], seed: str, *names: object) -> str:
    """One of the items."""
    return items[number_of(seed, *names) % len(items)]


def share(items: Sequence[str], turn: int, size: int) -> list[str]:
    """Turn 0 gets the first `size` items, turn 1 the next ones; starts over when they run out."""
    wanted = min(size, len(items))
    return [items[(turn * size + step) % len(items)] for step in range(wanted)]


def spin(pattern: str, seed: str) -> str:
    """Settles every `[this|that]` of the pattern."""
    places = iter(range(len(pattern)))
    return CHOICE.sub(
        lambda found: pick(found[1].split("|"), seed, pattern, next(places)),
        pattern,
    )


def slots(pattern: str) -> set[str]:
    """The names a pattern needs, in lower case."""
    return {name.lower() for name in SLOT.findall(pattern)}


def capital(text: str) -> str:
    """The first letter in upper case, the rest untouched."""
    return text[:1].upper() + text[1:]


def fill(pattern: str, words: Mapping[str, str]) -> str:
    """Puts words into `{slots}`, `{Slot}` with a capital; what is put in is not read again."""
    filled = SLOT.sub(
        lambda found: words[found[1]] if found[1] in words else capital(words[found[1].lower()]),
        pattern,
    )
    return " ".join(filled.split())


def phrase_for(pattern: str, words: Mapping[str, str], seed: str) -> str:
    """A finished phrase from a pattern of the bank, with a capital first letter."""
    return capital(fill(spin(pattern, seed), words))


def usable(patterns: Iterable[str], words: Mapping[str, str]) -> list[str]:
    """The patterns whose every slot there is a word for."""
    return [pattern for pattern in patterns if slots(pattern) <= words.keys()]


@cache
def bank(path: Path) -> Mapping[str, tuple[str, ...]]:
    """The phrases of a bank file by section: `# section`, then one phrase a line."""
    sections: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            current = sections.setdefault(line[2:].strip(), [])
        elif line.strip():
            current.append(line.strip())
    return {name: tuple(phrases) for name, phrases in sections.items()}
