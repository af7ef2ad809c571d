"""What somebody who types a keyword wants."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from igny8.clustering import intent_words
from igny8.clustering.contract import Intent
from igny8.clustering.wording import words

IMPORTED_CONFIDENCE = 1.0
BRAND_CONFIDENCE = 0.8
DEFAULT_CONFIDENCE = 0.3


@dataclass(frozen=True, slots=True)
class Verdict:
    intent: Intent
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """The first rule one of whose phrases occurs decides; `confidence` is our trust in it."""

    intent: Intent
    confidence: float
    phrases: Mapping[str, str]


RULES = (
    Rule(Intent.NAVIGATIONAL, 0.8, intent_words.NAVIGATIONAL),
    Rule(Intent.TRANSACTIONAL, 0.8, intent_words.TRANSACTIONAL),
    Rule(Intent.INFORMATIONAL, 0.8, intent_words.BEST_MOMENT),
    Rule(Intent.COMMERCIAL, 0.8, intent_words.COMMERCIAL),
    Rule(Intent.INFORMATIONAL, 0.9, intent_words.INFORMATIONAL),
)
_IMPORTED = {intent.value[0]: intent for intent in Intent} | {one.value: one for one in Intent}


def verdicts_of(
    text: str, imported: Collection[str] = (), brands: Iterable[str] = ()
) -> list[Verdict]:
    """The imported intents if any is known, else the one the rules give."""
    known = {_IMPORTED.get(name.strip().lower()) for name in imported} - {None}
    if known:
        return [Verdict(intent, IMPORTED_CONFIDENCE) for intent in Intent if intent in known]
    return [_ruled(" ".join(words(text)), brands)]


def majority(votes: Iterable[tuple[Collection[Verdict], int]]) -> Verdict:
    """The intent with most weight; its confidence is the share of the weight it is sure of."""
    weights: defaultdict[Intent, float] = defaultdict(float)
    sure: defaultdict[Intent, float] = defaultdict(float)
    for verdicts, weight in votes:
        for verdict in verdicts:
            weights[verdict.intent] += weight / len(verdicts)
            sure[verdict.intent] += weight / len(verdicts) * verdict.confidence
    order = list(Intent)
    winner = min(weights, key=lambda intent: (-weights[intent], order.index(intent)))
    return Verdict(winner, round(sure[winner] / sum(weights.values()), 4))


def _ruled(text: str, brands: Iterable[str]) -> Verdict:
    named = (" ".join(words(brand)) for brand in brands)
    if any(brand and f" {brand} " in f" {text} " for brand in named):
        return Verdict(Intent.NAVIGATIONAL, BRAND_CONFIDENCE)
    for rule in RULES:
        if _pattern(rule).search(text):
            return Verdict(rule.intent, rule.confidence)
    return Verdict(Intent.INFORMATIONAL, DEFAULT_CONFIDENCE)


@cache
def _pattern(rule: Rule) -> re.Pattern[str]:
    phrases = sorted({one for some in rule.phrases.values() for one in some.split(", ")})
    either = "|".join(re.escape(one).replace(r"\^", "^") for one in phrases)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)")
