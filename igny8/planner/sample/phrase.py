"""A keyword as a phrase: what shape it has, and how it may stand in a sentence or a title."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from igny8.planner.plain import plain, shortened
from igny8.planner.sample.draw import capital
from igny8.planner.sample.lexicon import (
    ACRONYMS,
    ACTIVITIES,
    CONSONANT_SOUND,
    COUNT,
    CUTS,
    DOUBLED,
    MASS,
    MASS_ENDINGS,
    QUESTION_WORDS,
    SMALL,
    SUPERLATIVES,
    TAILS,
    TOOLS,
    TROUBLES,
    VERBS,
    VOWEL_SOUND,
)

EASY = re.compile(r"[a-z0-9](?:[a-z0-9 '’&-]*[a-z0-9])?")
ASKED_HOW = re.compile(r"how (?:do|can|should|to) (?:(?:i|you|we) )?(?P<deed>.+)")
UNDECIDED = re.compile(
    r"(?:when|where|which|who|what|how (?:often|long|much|many|far|deep))(?: [\w'’-]+)* to .+"
)
AUXILIARIES = QUESTION_WORDS - {"how", "what", "when", "where", "which", "who", "whom", "whose"}
CONSONANT_VOWEL_CONSONANT = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]")
LONGEST_EASY = 60
LONGEST_LABEL = 62


class Shape(StrEnum):
    """The grammatical shape of a keyword, as far as rules can tell."""

    HOW_TO = "how_to"
    UNDECIDED = "undecided"
    QUESTION = "question"
    VERSUS = "versus"
    BEST = "best"
    ACTIVITY = "activity"
    PLURAL = "plural"
    COUNT = "count"
    MASS = "mass"
    TROUBLE = "trouble"
    REVIEW = "review"
    NAME = "name"


BARE = {Shape.ACTIVITY, Shape.PLURAL, Shape.MASS}
NO_NOUN = {Shape.QUESTION, Shape.TROUBLE, Shape.REVIEW}


@dataclass(frozen=True)
class Phrase:
    """A keyword with its forms: `text` as searched, `topic` a noun phrase, `label` for titles."""

    text: str
    shape: Shape
    topic: str
    label: str

    @property
    def about(self) -> str:
        """The noun phrase as it follows `about`: `the best herbs`, `when to harvest basil`."""
        match self.shape:
            case Shape.BEST | Shape.UNDECIDED:
                return self.topic.partition(" ")[2]
            case Shape.VERSUS:
                return self.topic.removeprefix("the ").removesuffix(" comparison")
        return self.topic

    @property
    def asks(self) -> bool:
        """Whether a reader typed a question."""
        return self.shape in {Shape.HOW_TO, Shape.UNDECIDED, Shape.QUESTION}


def phrase(keyword: str, language: str = "en") -> Phrase:
    """Reads a keyword; what is not plainly English becomes a quoted name."""
    text = plain(keyword) or "this topic"
    said = lowered(text).rstrip("?!. ")
    if not language.casefold().startswith("en") or not _is_easy(said):
        return Phrase(text, Shape.NAME, quoted(text), capital(shortened(text, LONGEST_LABEL)))
    shape = shape_of(said)
    return Phrase(text, shape, _topic(said, shape), _label(said, shape))


def quoted(text: str) -> str:
    """The text as a person typed it, in quotation marks."""
    return f"“{text.strip('“”')}”"


def lowered(text: str) -> str:
    """In lower case where the writing gives no reason for capitals."""
    return text.casefold() if text.isupper() or text.istitle() or text.islower() else text


def shape_of(text: str) -> Shape:
    """The first shape whose rule fits; else that of a noun phrase."""
    words = text.split()
    return next((shape for shape, fits in RULES if fits(text, words)), _noun_shape(words))


def gerund(verb: str) -> str:
    """The -ing form of an English base verb."""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return verb[:-1] + "ing"
    if verb in DOUBLED or CONSONANT_VOWEL_CONSONANT.fullmatch(verb):
        return verb + verb[-1] + "ing"
    return verb + "ing"


def to_the_reader(text: str) -> str:
    """`my basil`, `near me`, `do i` as someone else would say them."""
    said = {"my": "your", "me": "you", "i": "you"}
    return re.sub(r"\b(?:my|me|i)\b", lambda found: said[found[0]], text)


def titled(text: str) -> str:
    """Title case as an editor sets it; words that carry capitals of their own keep them."""
    words = text.split()
    last = len(words) - 1
    return " ".join(
        _titled_word(word, minor=0 < place < last and not words[place - 1].endswith((":", "?")))
        for place, word in enumerate(words)
    )


def with_article(text: str) -> str:
    """The noun phrase with `a` or `an`."""
    first = re.split(r"[ -]", text)[0].casefold()
    vowel = first in VOWEL_SOUND or (
        first[0] in "aeiou" and not first.startswith(CONSONANT_SOUND) and first != "us"
    )
    return f"{'an' if vowel else 'a'} {text}"


def head(words: list[str]) -> str:
    """The noun the phrase is about, `kit` in `indoor herb garden kit with light`, or nothing."""
    end = next((place for place, word in enumerate(words) if place and word in CUTS), len(words))
    core = words[:end]
    while len(core) > 1 and (core[-1] in TAILS or re.fullmatch(r"20\d\d", core[-1])):
        core.pop()
    return "" if TAILS & set(core) else core[-1]


def _is_easy(text: str) -> bool:
    return len(text) <= LONGEST_EASY and EASY.fullmatch(text.casefold()) is not None


def _is_how_to(text: str, _: list[str]) -> bool:
    return ASKED_HOW.fullmatch(text) is not None


def _is_undecided(text: str, words: list[str]) -> bool:
    return UNDECIDED.fullmatch(text) is not None and not AUXILIARIES & set(words)


def _is_question(_: str, words: list[str]) -> bool:
    return words[0] in QUESTION_WORDS and len(words) > 2


def _is_versus(_: str, words: list[str]) -> bool:
    return bool({"vs", "versus"} & set(words[1:-1]))


def _is_best(_: str, words: list[str]) -> bool:
    return words[0] in SUPERLATIVES and len(words) > 1


def _is_review(_: str, words: list[str]) -> bool:
    return words[-1] in {"review", "reviews"}


def _is_trouble(_: str, words: list[str]) -> bool:
    return bool(TROUBLES & set(words))


def _is_activity(_: str, words: list[str]) -> bool:
    if len(words) < 2 or TOOLS & {words[1], head(words)}:
        return False
    return words[0] in VERBS | ACTIVITIES


RULES: tuple[tuple[Shape, Callable[[str, list[str]], bool]], ...] = (
    (Shape.HOW_TO, _is_how_to),
    (Shape.UNDECIDED, _is_undecided),
    (Shape.QUESTION, _is_question),
    (Shape.VERSUS, _is_versus),
    (Shape.BEST, _is_best),
    (Shape.REVIEW, _is_review),
    (Shape.TROUBLE, _is_trouble),
    (Shape.ACTIVITY, _is_activity),
)


def _noun_shape(words: list[str]) -> Shape:
    noun = head(words)
    if noun in COUNT:
        return Shape.COUNT
    if noun in MASS or noun.endswith(MASS_ENDINGS):
        return Shape.MASS
    if re.fullmatch(r"[a-z-]{2,}[^siu]s", noun):
        return Shape.PLURAL
    return Shape.NAME


def _topic(text: str, shape: Shape) -> str:
    words = text.split()
    if asked := ASKED_HOW.fullmatch(text):
        return _spelt(_doing(asked["deed"].split()))
    if shape is Shape.ACTIVITY:
        return _spelt(_doing(words) if words[0] in VERBS else text)
    if shape in NO_NOUN | {Shape.NAME}:
        return quoted(text)
    return _spelt(
        {
            Shape.UNDECIDED: f"deciding {text}",
            Shape.VERSUS: f"the {text} comparison",
            Shape.BEST: f"finding the {text}",
            Shape.COUNT: with_article(text),
        }.get(shape, text)
    )


def _doing(words: list[str]) -> str:
    """`properly prune basil` → `properly pruning basil`."""
    verb = next((place for place, word in enumerate(words) if not word.endswith("ly")), 0)
    said = [*words[:verb], gerund(words[verb]), *words[verb + 1 :]]
    return " ".join(said)


def _label(text: str, shape: Shape) -> str:
    if asked := ASKED_HOW.fullmatch(text):
        return titled(to_the_reader(f"how to {asked['deed']}"))
    if shape is Shape.ACTIVITY:
        return titled(_topic(text, shape))
    if shape is Shape.QUESTION:
        return f"{titled(text)}?"
    return titled(to_the_reader(text))


def _spelt(text: str) -> str:
    """Abbreviations in their usual spelling, said to the reader."""
    return " ".join(
        ACRONYMS.get(word, word) if word not in SMALL | {"it", "us"} else word
        for word in to_the_reader(text).split()
    )


def _titled_word(word: str, minor: bool) -> str:
    if word.casefold() in ACRONYMS and word.casefold() not in {"it", "us"}:
        return ACRONYMS[word.casefold()]
    if any(char.isupper() for char in word[1:]) or (minor and word.casefold() in SMALL):
        return word
    first, *rest = word.split("-")
    return "-".join([capital(first), *(part if part in SMALL else capital(part) for part in rest)])
