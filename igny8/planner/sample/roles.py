"""What a section of an article does for its reader."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from igny8.planner.sample.draw import bank

BANK = Path(__file__).parent / "bank"
SLOT_ALONE = re.compile(r"\{\w+\}")


class Role(StrEnum):
    """The jobs a section can have; the order is the order in which headings are recognised."""

    MISTAKES = "mistakes"
    TROUBLE = "trouble"
    COST = "cost"
    BUYING = "buying"
    TESTING = "testing"
    CHECKLIST = "checklist"
    NEXT = "next"
    CARE = "care"
    TIMING = "timing"
    NEEDS = "needs"
    STEPS = "steps"
    COMPARE = "compare"
    CHOOSING = "choosing"
    OPTIONS = "options"
    FIT = "fit"
    WHY = "why"
    DEPENDS = "depends"
    BASICS = "basics"
    QUESTION = "question"
    TOPIC = "topic"


CUES: Mapping[Role, str] = {
    Role.MISTAKES: r"mistakes?|pitfalls?|avoid|wrong",
    Role.TROUBLE: r"problems?|troubleshoot\w*|fix\w*|fail\w*|signs?",
    Role.COST: r"costs?|prices?|pricing|budget\w*|cheap\w*|money|afford\w*",
    Role.BUYING: r"buy\w*|order\w*|shop\w*|purchas\w*|sellers?",
    Role.TESTING: r"reviews?|tests?|tested|judg\w+|verdict",
    Role.CHECKLIST: r"checklists?|recap|at a glance",
    Role.NEXT: r"next|conclusion|summary|final|takeaways?|wrap\w*",
    Role.CARE: r"care|maintain\w*|maintenance|upkeep|after\w*|keep\w*",
    Role.TIMING: r"when|how long|how often|timing|times?|schedule|season\w*",
    Role.NEEDS: r"need\w*|tools?|materials?|supplies|equipment|prepar\w+|requirements?",
    Role.STEPS: r"steps?|how to|method|instructions?|process",
    Role.COMPARE: r"vs|versus|compar\w+|differ\w*|alternatives?",
    Role.CHOOSING: r"choos\w+|choice|pick\w*|select\w*|criteria|decid\w+|look for",
    Role.OPTIONS: r"types?|kinds?|options?|ideas?|examples?|varieties|list",
    Role.FIT: r"who|for whom|right for|suit\w*|space|beginners?",
    Role.WHY: r"why|benefits?|reasons?|worth|advantages?",
    Role.DEPENDS: r"depends?|conditions?|circumstances",
    Role.BASICS: r"what is|what are|basics|overview|introduction|definition|means?|understand\w*",
}


def role_of(heading: str) -> Role:
    """The job the heading announces; a heading of our own is recognised by its pattern."""
    known = next((role for role, form in _forms() if form.fullmatch(heading)), None)
    if known:
        return known
    if heading.rstrip().endswith("?"):
        return Role.BASICS if re.match(r"what (?:is|are)\b", heading, re.I) else Role.QUESTION
    return next((role for role, cue in CUES.items() if _cued(cue, heading)), Role.TOPIC)


def _cued(cue: str, heading: str) -> bool:
    return re.search(rf"\b(?:{cue})\b", heading, re.IGNORECASE) is not None


@cache
def _forms() -> tuple[tuple[Role, re.Pattern[str]], ...]:
    headings = bank(BANK / "headings.txt")
    return tuple((role, _form(pattern)) for role in Role for pattern in headings.get(role, ()))


def _form(pattern: str) -> re.Pattern[str]:
    """Matches what the heading pattern becomes, whatever stands in its slot."""
    return re.compile(".+".join(map(re.escape, re.split(SLOT_ALONE, pattern))), re.IGNORECASE)
