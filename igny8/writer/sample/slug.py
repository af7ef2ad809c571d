"""Text as the last part of an address."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping

LONGEST = 75

CYRILLIC = (
    "а=a б=b в=v г=g д=d е=e з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f ц=ts ы=y э=e"
    " і=i ў=u ё=e ж=zh х=kh ч=ch ш=sh щ=shch ъ= ь= ю=yu я=ya ї=i є=ie ґ=g"
)
GREEK = (
    "α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f"
    " χ=ch ψ=ps ω=o"
)
LATIN = "ß=ss æ=ae œ=oe ø=o đ=d ð=d þ=th ł=l ı=i"
LETTERS: Mapping[str, str] = {
    letter: spelt
    for pair in f"{CYRILLIC} {GREEK} {LATIN}".split()
    for letter, _, spelt in [pair.partition("=")]
}


def slug(*texts: str) -> str:
    """The first text that leaves something in Latin letters, else a name made from its hash."""
    found = next(filter(None, map(_latin, texts)), "")
    return found or f"article-{hashlib.sha256(' '.join(texts).encode()).hexdigest()[:8]}"


def _latin(text: str) -> str:
    bare = _unmarked(re.sub(r"['’]", "", unicodedata.normalize("NFKC", text).casefold()))
    spelt = "".join(LETTERS.get(char, char) for char in bare)
    return _cut("-".join(re.findall(r"[a-z0-9]+", spelt)))


def _unmarked(text: str) -> str:
    """Without accents; `й` and `ў` are letters of their own and stay."""
    return "".join(
        char if char in LETTERS else unicodedata.normalize("NFD", char)[0] for char in text
    )


def _cut(slug_so_far: str) -> str:
    if len(slug_so_far) <= LONGEST:
        return slug_so_far
    head, _, _ = slug_so_far[: LONGEST + 1].rpartition("-")
    return (head or slug_so_far[:LONGEST]).rstrip("-")
