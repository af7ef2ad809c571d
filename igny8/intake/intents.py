"""Search intent in our four words, from every tool's way of writing it."""

import re

INTENTS = ("informational", "commercial", "transactional", "navigational")
_WORDS = {
    **{word: word for word in INTENTS},
    **{word[0]: word for word in INTENTS},
    # Semrush's interface numbers its intents in this order.
    **dict(
        zip("0123", ("commercial", "informational", "navigational", "transactional"), strict=True)
    ),
    "info": "informational",
    "comm": "commercial",
    "trans": "transactional",
    "nav": "navigational",
    "commercial investigation": "commercial",
}
_BETWEEN = re.compile(r"[,;|/+&]|\band\b")


def read_intents(cell: str) -> tuple[str, ...]:
    """The intents a cell names, in its order; flags such as Branded or Local are no intent."""
    parts = (part.strip().strip("[]\"' ") for part in _BETWEEN.split(cell.casefold()[:200]))
    known = (_WORDS.get(part.removesuffix(" intent")) for part in parts)
    return tuple(dict.fromkeys(intent for intent in known if intent))
