"""A writer's brief with a draft: what sections must answer, points, text, what to verify."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from igny8.planner.plain import plain
from igny8.planner.sample.draw import (
    bank,
    fill,
    number_of,
    seed_of,
    share,
    shuffled,
    spin,
    usable,
)
from igny8.planner.sample.phrase import NO_NOUN, phrase, quoted
from igny8.planner.sample.roles import Role, role_of
from igny8.writer.brief import Brief
from igny8.writer.prose import escaped

BANK = Path(__file__).parent / "bank"
NOTE = "Sample draft, written by a template without an AI model."
FOREIGN_NOTE = (
    "The article is planned in another language ({language}); this template writes English around"
    " your keywords."
)
WORDS_OF_FRAME = 108
WORDS_OF_BODY = 32
MOST_BODIES = 3
FEWEST_WORDS = 640
FEW_SECTIONS = 2
SEARCHES_SHOWN = 8

SKELETONS = (
    ("answer", "points", "draft", "verify"),
    ("answer", "draft", "points", "verify"),
    ("draft", "answer", "points", "verify"),
)
LABELS: Sequence[Mapping[str, str]] = (
    {"answer": "This section must answer:", "points": "Key points"},
    {"answer": "The question here:", "points": "Points to make"},
    {"answer": "Must answer:", "points": "To cover"},
)
STRIDES = {"answer": 1, "frame": 1, "body": MOST_BODIES, "turn": 1, "verify": 1}
ADVICE_TO_THE_WRITER = {Role.QUESTION, Role.TOPIC}


def draft_introduction(brief: Brief, words: int) -> str:
    """Says first that this is a sample; the rest opens the article and names angle and readers."""
    seed = seed_of(brief)
    slots = slots_of(brief, 0)
    phrases = bank(BANK / "introduction.txt")
    hook, promise, scope = (
        _taken(phrases[part], 0, 1, slots, f"{seed}/{part}")[0]
        for part in ("hook", "promise", "scope")
    )
    opening = [hook, promise, scope] if words >= 60 else [hook, promise]
    lines = [f"*{_note(brief)}*", *_paragraphs(opening), *_particulars(brief)]
    return "\n\n".join(lines)


def draft_conclusion(brief: Brief) -> str:
    """What the end of the article must say, and why so."""
    seed, slots = seed_of(brief), slots_of(brief, 0)
    phrases = bank(BANK / "conclusion.txt")
    answer, close = (
        _taken(phrases[part], 0, 1, slots, f"{seed}/conclusion/{part}")[0]
        for part in ("answer", "close")
    )
    label = LABELS[number_of(seed, "labels") % len(LABELS)]["answer"]
    return f"**{label}** {answer}\n\n{close}"


def draft_section(brief: Brief, number: int, words: int) -> str:
    """Section `number`, counted from 1, in about `words` words; never repeats another section."""
    seed = seed_of(brief)
    role, turn = _job(brief, number)
    slots = slots_of(brief, number)
    phrases = bank(BANK / f"{role}.txt")
    around = 1 if len(brief.outline) > FEW_SECTIONS else 3
    sizes = {**STRIDES, "frame": around, "turn": around, "body": _bodies(brief, words)}
    taken = {
        part: _taken(phrases[part], turn * STRIDES[part], size, slots, f"{seed}/{role}/{part}")
        for part, size in sizes.items()
    }
    draft = _paragraphs([*taken["frame"], *taken["body"], *taken["turn"]])
    if role in ADVICE_TO_THE_WRITER:
        draft[0] = f"**How to write it:** {draft[0]}"
    blocks = {
        "answer": taken["answer"][0],
        "points": _list(brief.outline[number - 1].points),
        "draft": "\n\n".join(draft),
        "verify": f"**Verify before publishing:** {taken['verify'][0]}",
    }
    return _assembled(blocks, seed)


def slots_of(brief: Brief, number: int) -> dict[str, str]:
    """The words of this brief for the patterns, safe in Markdown; related keywords take turns."""
    primary = phrase(brief.primary_keyword, brief.language)
    slots = {"quoted": quoted(primary.text), "about": primary.about}
    if primary.shape not in NO_NOUN:
        slots["topic"] = primary.topic
    if related := _related(brief, number):
        slots["second"] = quoted(plain(related))
    return {name: escaped(word) for name, word in slots.items()}


def _related(brief: Brief, number: int) -> str:
    """What a section is about besides the primary keyword, or nothing; 0 is the introduction."""
    keywords = brief.secondary_keywords
    heading = brief.outline[number - 1].heading if number else ""
    said = heading.casefold()
    longest_first = sorted(keywords, key=len, reverse=True)
    named = (one for one in longest_first if any(form in said for form in _forms(one, brief)))
    if found := next(named, ""):
        return found
    if number and role_of(heading) is Role.TOPIC:
        return heading
    return keywords[number % len(keywords)] if keywords else ""


def _forms(keyword: str, brief: Brief) -> tuple[str, str]:
    """The keyword as typed and as a heading would say it."""
    related = phrase(keyword, brief.language)
    return related.text.casefold().rstrip("?"), related.about.casefold()


def _job(brief: Brief, number: int) -> tuple[Role, int]:
    """The role of a section, and how many sections before it have the same one."""
    *before, role = [role_of(section.heading) for section in brief.outline[:number]]
    return role, before.count(role)


def _bodies(brief: Brief, words: int) -> int:
    """How many passages fill the section; a short outline gets longer sections."""
    wanted = max(words, FEWEST_WORDS // len(brief.outline))
    most = MOST_BODIES if len(brief.outline) > FEW_SECTIONS else 4 * MOST_BODIES
    return min(max(1, round((wanted - WORDS_OF_FRAME) / WORDS_OF_BODY)), most)


def _taken(
    patterns: Sequence[str], start: int, size: int, slots: Mapping[str, str], seed: str
) -> list[str]:
    """`size` phrases in the bank's order; another start gives others while there are any."""
    order = shuffled(usable(patterns, slots), seed)
    first = start % len(order)
    chosen = share(order[first:] + order[:first], 0, size)
    return [
        fill(spin(pattern, f"{seed}/{start}"), slots)
        for pattern in sorted(chosen, key=patterns.index)
    ]


def _list(points: Sequence[str]) -> str:
    return "\n".join(f"- {escaped(plain(point))}" for point in points)


def _assembled(blocks: Mapping[str, str], seed: str) -> str:
    """The blocks in the order of this article, the first ones under their labels."""
    labels = LABELS[number_of(seed, "labels") % len(LABELS)]
    labelled = {
        **blocks,
        "answer": f"**{labels['answer']}** {blocks['answer']}",
        "points": f"**{labels['points']}**\n\n{blocks['points']}",
    }
    order = SKELETONS[number_of(seed, "skeleton") % len(SKELETONS)]
    return "\n\n".join(labelled[name] for name in order if blocks[name])


def _paragraphs(passages: Sequence[str]) -> list[str]:
    """Two passages a paragraph."""
    return [" ".join(passages[start : start + 2]) for start in range(0, len(passages), 2)]


def _note(brief: Brief) -> str:
    foreign = not brief.language.casefold().startswith("en")
    language = FOREIGN_NOTE.format(language=escaped(plain(brief.language))) if foreign else ""
    keyword = escaped(quoted(plain(brief.primary_keyword)))
    plan = f"It plans an article on {keyword} for an editor to finish."
    return " ".join(filter(None, (NOTE, plan, language)))


def _particulars(brief: Brief) -> list[str]:
    """Angle, readers and searches, each a line of its own, where the brief has them."""
    searches = [quoted(plain(one)) for one in brief.secondary_keywords[:SEARCHES_SHOWN]]
    known = {
        "Angle": brief.angle,
        "Readers": brief.audience,
        "Searches to cover": ", ".join(searches),
    }
    return [f"**{name}:** {escaped(plain(value))}" for name, value in known.items() if value]
