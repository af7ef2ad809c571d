"""The facts above an article: YAML that every site generator and CMS importer reads."""

import json
import re
from collections.abc import Mapping, Sequence

Scalar = str | bool | int
Fact = Scalar | Sequence[str] | Sequence[Mapping[str, str]]

FENCE = "---"
# JSON writes these as they are, YAML wants them escaped.
UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def front_matter(facts: Mapping[str, Fact]) -> str:
    """Texts are quoted, so that no title turns into a date, a number or markup."""
    lines = [line for name, fact in facts.items() for line in _lines(name, fact)]
    return "\n".join([FENCE, *lines, FENCE, ""])


def _lines(name: str, fact: Fact) -> list[str]:
    if isinstance(fact, str | bool | int):
        return [f"{name}: {_scalar(fact)}"]
    if not fact:
        return [f"{name}: []"]
    return [f"{name}:", *(line for entry in fact for line in _entry(entry))]


def _entry(entry: str | Mapping[str, str]) -> list[str]:
    if isinstance(entry, str):
        return [f"  - {_scalar(entry)}"]
    pairs = [f"{name}: {_scalar(text)}" for name, text in entry.items()]
    return [f"{'  - ' if place == 0 else '    '}{pair}" for place, pair in enumerate(pairs)]


def _scalar(fact: Scalar) -> str:
    """A JSON text is a YAML text once nothing unprintable is left in it."""
    text = json.dumps(fact, ensure_ascii=False)
    return UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
