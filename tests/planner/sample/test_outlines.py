import pytest

from igny8.planner.sample.draw import bank, slots
from igny8.planner.sample.outlines import NOUN_SLOT, PLANS, outline
from igny8.planner.sample.phrase import phrase
from igny8.planner.sample.roles import BANK, Role, role_of

PLANNER_SLOTS = {"quoted", "about", "things", "second", *NOUN_SLOT.values()}
TOLD = ["Basil", "the best soil for herbs", "growing mint in pots"]


@pytest.mark.parametrize("role", Role)
def test_headings_of_our_own_are_recognised_by_their_role(role: Role) -> None:
    for pattern in bank(BANK / "headings.txt").get(role, ()):
        for told in TOLD:
            heading = pattern
            for slot in slots(pattern):
                heading = heading.replace(f"{{{slot}}}", told)
                heading = heading.replace(f"{{{slot.capitalize()}}}", told)
            assert role_of(heading) is role, heading


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Common Pitfalls", Role.MISTAKES),
        ("How much does it cost?", Role.QUESTION),
        ("Pricing and plans", Role.COST),
        ("What is hydroponics?", Role.BASICS),
        ("Tools and supplies", Role.NEEDS),
        ("Rosemary", Role.TOPIC),
    ],
)
def test_headings_of_others_are_recognised_by_their_words(heading: str, role: Role) -> None:
    assert role_of(heading) is role


@pytest.mark.parametrize("name", ["headings.txt", "points.txt"])
def test_the_bank_uses_known_slots_and_has_phrases_that_need_none(name: str) -> None:
    for role, patterns in bank(BANK / name).items():
        assert Role(role)
        assert all(slots(pattern) <= PLANNER_SLOTS for pattern in patterns), role
        if role != Role.TOPIC:
            assert sum(not slots(pattern) for pattern in patterns) >= 2, role


@pytest.mark.parametrize("keyword", ["basil", "why is my basil dying", "x" * 120, "🌿", "日本語"])
def test_every_plan_gives_at_least_five_sections_of_different_headings(keyword: str) -> None:
    for kind in ("guide", "how_to", "list", "comparison", "review", "landing"):
        sections = outline(kind, phrase(keyword), [], "informational", f"seed {kind}")
        headings = [section.heading for section in sections]
        assert 5 <= len(set(headings)) == len(headings) <= 7


def test_a_related_question_becomes_a_section_of_its_own() -> None:
    related = [phrase("can basil grow indoors")]

    sections = outline("guide", phrase("basil"), related, "informational", "seed")

    assert "Can basil grow indoors?" in [section.heading for section in sections]


def test_every_role_of_a_plan_has_headings_and_points() -> None:
    planned = {role for plan in PLANS.values() for roles in plan for role in roles}

    for name in ("headings.txt", "points.txt"):
        assert planned <= {Role(role) for role in bank(BANK / name)}
