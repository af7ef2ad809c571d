"""Whether a text is in the language it should be in, as far as its script and small words show."""

import re
from collections import Counter
from collections.abc import Sequence

from igny8.onpage.language import FUNCTION_WORDS, name_of, script_of
from igny8.onpage.words import base_language, words_of

SHORTEST_TO_TELL = 30
LEAST_FUNCTION_WORDS, FOREIGN_LEAD = 0.05, 1.5
# What costs a repetition must be beyond doubt; the checks of an article are stricter.
SURELY_IN_SCRIPT, SURELY_FUNCTION_WORDS, SURE_LEAD = 50, 0.15, 2.5
LETTER = re.compile(r"[^\W\d_]")
CODE_OR_ADDRESS = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)\n]{0,500}\)|https?://\S+", re.DOTALL)


def why_foreign(markdown: str, language: str) -> str:
    """What says that it is in another language, beyond doubt; empty when nothing does."""
    own, text = base_language(language), CODE_OR_ADDRESS.sub(" ", markdown)
    share = percent_in_script(text, own)
    if share is not None and share < SURELY_IN_SCRIPT:
        return f"{100 - share:.0f} % of its letters are not of the script of {name_of(own)}"
    other = other_language(words_of(text), own, least=SURELY_FUNCTION_WORDS, lead=SURE_LEAD)
    return f"it is in {name_of(other)}" if other else ""


def percent_in_script(text: str, language: str) -> float | None:
    """How many of its letters are of the language's script; None of a text too short to tell."""
    letters = "".join(LETTER.findall(text))
    if len(letters) < SHORTEST_TO_TELL:
        return None
    return 100 * len(re.findall(f"[{script_of(language)}]", letters)) / len(letters)


def other_language(
    words: Sequence[str],
    language: str,
    *,
    least: float = LEAST_FUNCTION_WORDS,
    lead: float = FOREIGN_LEAD,
) -> str:
    """The known language whose function words are far more frequent than those of its own."""
    if language not in FUNCTION_WORDS or len(words) < SHORTEST_TO_TELL:
        return ""
    counts = Counter(words)
    shares = {
        code: sum(counts[word] for word in known) / len(words)
        for code, known in FUNCTION_WORDS.items()
    }
    best = max(shares, key=shares.__getitem__)
    is_foreign = shares[best] > max(least, lead * shares[language])
    return best if best != language and is_foreign else ""
