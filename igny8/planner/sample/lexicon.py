"""English words whose grammar the template writer knows; anything else it puts in quotes."""

from pathlib import Path

from igny8.planner.sample.draw import bank


def _words(section: str) -> frozenset[str]:
    lines = bank(Path(__file__).parent / "bank" / "lexicon.txt")[section]
    return frozenset(word for line in lines for word in line.split())


SMALL = _words("small")
CUTS = _words("cuts")
TAILS = _words("tails")
QUESTION_WORDS = _words("question")
SUPERLATIVES = _words("superlatives")
VERBS = _words("verbs")
ACTIVITIES = _words("activities")
TOOLS = _words("tools")
COUNT = _words("count")
MASS = _words("mass")
VOWEL_SOUND = _words("vowel sound")
DOUBLED = _words("doubled")
TROUBLES = _words("trouble")
ACRONYMS = {word.casefold(): word for word in _words("acronyms")}
MASS_ENDINGS = ("ing", "ment", "ness", "ship", "ware")
CONSONANT_SOUND = ("eu", "one", "once", "ubiq", "uni", "usa", "usb", "use", "usu", "uti")
