"""The outline of an article by its content type: which sections, which headings, which points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from igny8.planner.sample.draw import (
    bank,
    capital,
    fill,
    number_of,
    phrase_for,
    pick,
    share,
    shuffled,
    slots,
    usable,
)
from igny8.planner.sample.phrase import Phrase, Shape, quoted
from igny8.planner.sample.questions import heading_of
from igny8.planner.sample.roles import BANK, Role

LONGEST_HEADING = 90
LONGEST_POINT = 160
POINTS_PER_SECTION = 3

Slots = tuple[tuple[Role, ...], ...]
ASIDE = (Role.TOPIC,)
BUYING_INTENTS = {"commercial", "transactional"}

PLANS: Mapping[str, Slots] = {
    "doing": (
        (Role.NEEDS, Role.BASICS, Role.WHY),
        (Role.TIMING, Role.FIT, Role.CHOOSING),
        (Role.STEPS,),
        ASIDE,
        (Role.MISTAKES, Role.TROUBLE),
        (Role.CARE, Role.COST),
        (Role.CHECKLIST, Role.NEXT),
    ),
    "thing": (
        (Role.BASICS, Role.WHY),
        (Role.OPTIONS, Role.FIT, Role.CHOOSING),
        ASIDE,
        (Role.NEEDS, Role.STEPS, Role.TIMING),
        (Role.CARE, Role.COST),
        (Role.MISTAKES, Role.TROUBLE),
        (Role.NEXT, Role.CHECKLIST),
    ),
    "deciding": (
        (Role.QUESTION,),
        (Role.DEPENDS,),
        (Role.TIMING, Role.CHOOSING),
        ASIDE,
        (Role.MISTAKES, Role.TROUBLE),
        (Role.CARE, Role.FIT),
        (Role.NEXT, Role.CHECKLIST),
    ),
    "asking": (
        (Role.QUESTION,),
        (Role.BASICS, Role.WHY),
        (Role.DEPENDS,),
        ASIDE,
        (Role.MISTAKES,),
        (Role.TESTING,),
        (Role.NEXT,),
    ),
    "trouble": (
        (Role.QUESTION, Role.BASICS),
        (Role.TROUBLE,),
        (Role.DEPENDS,),
        ASIDE,
        (Role.CARE,),
        (Role.MISTAKES,),
        (Role.CHECKLIST, Role.NEXT),
    ),
    "name": (
        (Role.BASICS, Role.WHY),
        (Role.QUESTION, Role.DEPENDS),
        ASIDE,
        (Role.CHOOSING, Role.FIT),
        (Role.COST, Role.NEEDS),
        (Role.MISTAKES, Role.TROUBLE),
        (Role.NEXT, Role.CHECKLIST),
    ),
    "picking": (
        (Role.FIT, Role.BASICS, Role.WHY),
        (Role.CHOOSING,),
        (Role.OPTIONS, Role.COMPARE),
        ASIDE,
        (Role.MISTAKES, Role.NEEDS),
        (Role.COST, Role.TESTING),
        (Role.NEXT, Role.CHECKLIST),
    ),
    "list": (
        (Role.FIT, Role.WHY, Role.BASICS),
        (Role.OPTIONS,),
        ASIDE,
        (Role.CHOOSING, Role.COMPARE),
        (Role.NEEDS, Role.COST),
        (Role.MISTAKES, Role.CARE),
        (Role.NEXT, Role.CHECKLIST),
    ),
    "comparison": (
        (Role.BASICS, Role.WHY),
        (Role.COMPARE,),
        (Role.COST, Role.DEPENDS),
        ASIDE,
        (Role.FIT, Role.TESTING),
        (Role.CHOOSING, Role.MISTAKES),
        (Role.NEXT, Role.CHECKLIST),
    ),
    "review": (
        (Role.BASICS, Role.FIT),
        (Role.CHOOSING, Role.COMPARE),
        (Role.TESTING,),
        ASIDE,
        (Role.COST, Role.CARE),
        (Role.BUYING, Role.MISTAKES),
        (Role.NEXT, Role.CHECKLIST),
    ),
    "purchase": (
        (Role.FIT, Role.WHY),
        (Role.OPTIONS, Role.COMPARE, Role.CHOOSING),
        ASIDE,
        (Role.COST, Role.TESTING),
        (Role.BUYING,),
        (Role.CARE, Role.TROUBLE, Role.MISTAKES),
        (Role.CHECKLIST, Role.NEXT),
    ),
    "faq": (
        (Role.BASICS,),
        ASIDE,
        ASIDE,
        ASIDE,
        (Role.TROUBLE, Role.DEPENDS),
        (Role.MISTAKES, Role.CARE),
        (Role.NEXT,),
    ),
}
PLAN_OF_SHAPE: Mapping[Shape, str] = {
    Shape.HOW_TO: "doing",
    Shape.ACTIVITY: "doing",
    Shape.UNDECIDED: "deciding",
    Shape.QUESTION: "asking",
    Shape.BEST: "picking",
    Shape.TROUBLE: "trouble",
}
PLAN_OF_TYPE: Mapping[str, str] = {
    "list": "list",
    "comparison": "comparison",
    "review": "review",
    "landing": "purchase",
    "faq": "faq",
}
NOUN_SLOT: Mapping[Shape, str] = {
    Shape.HOW_TO: "doing",
    Shape.ACTIVITY: "doing",
    Shape.UNDECIDED: "matter",
    Shape.BEST: "pick",
    Shape.VERSUS: "choice",
    Shape.COUNT: "thing",
    Shape.PLURAL: "thing",
    Shape.MASS: "thing",
}


@dataclass(frozen=True)
class PlannedSection:
    """A heading with the points its section must make."""

    heading: str
    points: tuple[str, ...]


def outline(
    content_type: str, primary: Phrase, secondary: Sequence[Phrase], intent: str, seed: str
) -> list[PlannedSection]:
    """Five to seven sections; a related keyword gets one of its own where the plan has room."""
    aside = iter(_worth_a_section(primary, secondary))
    sections: dict[str, PlannedSection] = {}
    for place, roles in enumerate(_slots(_plan(content_type, primary, intent), seed)):
        role = roles[number_of(seed, "role", place) % len(roles)]
        related = next(aside, None) if role is Role.TOPIC else None
        if role is not Role.TOPIC or related:
            section = _section(role, primary, related, f"{seed}/{place}")
            sections.setdefault(section.heading.casefold(), section)
    return list(sections.values())


def words_of(primary: Phrase, related: Phrase | None = None) -> dict[str, str]:
    """The slots a pattern may use; the noun phrase goes into the slot of its shape only."""
    words = {"quoted": quoted(primary.text), "about": primary.about}
    if primary.shape in NOUN_SLOT:
        words[NOUN_SLOT[primary.shape]] = primary.about
    if primary.shape is Shape.PLURAL:
        words["things"] = primary.topic
    if related:
        words["second"] = related.about
    return words


def _plan(content_type: str, primary: Phrase, intent: str) -> Slots:
    if primary.text.casefold().startswith("why "):
        return PLANS["trouble"]
    if primary.shape in PLAN_OF_SHAPE:
        return PLANS[PLAN_OF_SHAPE[primary.shape]]
    noun = "name" if primary.shape is Shape.NAME else "thing"
    buying = "purchase" if intent in BUYING_INTENTS else noun
    return PLANS[PLAN_OF_TYPE.get(content_type, buying)]


def _slots(plan: Slots, seed: str) -> Slots:
    """The plan, now and then without its last-but-one section, for variety."""
    if number_of(seed, "short") % 3 == 0:
        return (*plan[:-2], plan[-1])
    return plan


def _worth_a_section(primary: Phrase, secondary: Sequence[Phrase]) -> list[Phrase]:
    """Related keywords that say something the primary one does not."""
    known = set(primary.text.casefold().split())
    return [
        related
        for related in secondary
        if len(related.text) <= 50 and len(set(related.text.casefold().split()) - known) > 0
    ]


def _section(role: Role, primary: Phrase, related: Phrase | None, seed: str) -> PlannedSection:
    words = words_of(primary, related)
    if related and related.asks:
        role, heading = Role.QUESTION, heading_of(related)
    else:
        heading = _heading(role, words, seed)
    return PlannedSection(heading, _points(role, words, seed))


def _heading(role: Role, words: Mapping[str, str], seed: str) -> str:
    """Two headings of three name the keyword, as far as there is a pattern that fits it."""
    keyed = number_of(seed, "keyed") % 3 != 0
    patterns = shuffled(usable(bank(BANK / "headings.txt")[role], words), seed, role)
    patterns.sort(key=lambda pattern: bool(slots(pattern)) != keyed)
    headings = (capital(fill(pattern, words)) for pattern in patterns)
    return next(heading for heading in headings if len(heading) <= LONGEST_HEADING)


def _points(role: Role, words: Mapping[str, str], seed: str) -> tuple[str, ...]:
    patterns = shuffled(usable(bank(BANK / "points.txt")[role], words), seed, role, "points")
    wanted = sorted(
        share(patterns, 0, POINTS_PER_SECTION), key=bank(BANK / "points.txt")[role].index
    )
    points = (phrase_for(pattern, words, seed) for pattern in wanted)
    short = tuple(point for point in points if len(point) <= LONGEST_POINT)
    return short or (pick(PLAIN_POINTS, seed, role),)


PLAIN_POINTS = (
    "The question the reader came with, answered in one sentence",
    "What the answer depends on, with one example",
)
