"""The text of an article: sections in order, then its opening and its end, within a word budget."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from igny8.ai.ask import Ask
from igny8.ai.models import AIConnection
from igny8.onpage.words import word_count as counted
from igny8.onpage.words import words_of
from igny8.writer.brief import Brief, Heading
from igny8.writer.frame_headings import conclusion_heading
from igny8.writer.functions.write_conclusion import ConclusionQuestion, ask_conclusion
from igny8.writer.functions.write_introduction import IntroductionQuestion, ask_introduction
from igny8.writer.functions.write_section import SectionQuestion, ask_section
from igny8.writer.prose import Prose, escaped

INTRODUCTION_WORDS, CONCLUSION_WORDS = 80, 80
SHORTEST_SECTION, LONGEST_SECTION = 60, 3000
WORDS_REMEMBERED = 150
LEAST_SHARE, MOST_SHARE = 0.85, 1.25
LENGTHENED_AT_MOST = 2
CUT_TEXT, WORD_BUDGET, BANNED = "cut_text", "word_budget", "banned_words"
LINK_TARGET = re.compile(r"\]\([^)\n]{0,500}\)")
Finding = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Text:
    """The parts of one article in Markdown, and which of them lack their end."""

    opening: str
    sections: Sequence[str]
    conclusion: str
    cut: Sequence[str] = field(default_factory=list)

    @property
    def whole(self) -> str:
        return " ".join((self.opening, *self.sections, self.conclusion))

    @property
    def words(self) -> int:
        return word_count(self.whole)

    def blocks(self, brief: Brief) -> Iterator[str]:
        yield self.opening
        for heading, text in zip(brief.outline, self.sections, strict=True):
            yield f"## {escaped(heading.heading)}"
            yield text
        yield f"## {conclusion_heading(brief.language)}"
        yield self.conclusion


def compose(brief: Brief, ask: Ask, key: str) -> Text:
    """Every part is a call of its own; the shortest sections are written once more if need be."""
    sections = _sections(brief, ask, key)
    opening = ask(
        ask_introduction,
        IntroductionQuestion(
            brief=brief,
            words=INTRODUCTION_WORDS,
            start=_start(sections[0].text if sections else ""),
        ),
        key=f"{key}/introduction",
    )
    conclusion = ask(
        ask_conclusion,
        ConclusionQuestion(
            brief=brief, words=CONCLUSION_WORDS, before=_end(sections[-1].text if sections else "")
        ),
        key=f"{key}/conclusion",
    )
    named = [("The introduction", opening), ("The conclusion", conclusion)]
    named += [(_called(h), s) for h, s in zip(brief.outline, sections, strict=True)]
    text = Text(
        opening=opening.text,
        sections=[section.text for section in sections],
        conclusion=conclusion.text,
        cut=[name for name, part in named if part.cut],
    )
    return text if _is_sample(ask) else _lengthened(text, brief, ask, key)


def findings_of(text: Text, brief: Brief, ask: Ask, *, beside: str = "") -> list[Finding]:
    """What an editor should look at first; `beside` are the words shown around the text."""
    found: list[Finding] = []
    if text.cut:
        parts = ", ".join(text.cut)
        message = f"{parts} reached the model's length limit and may lack an end."
        found.append({"code": CUT_TEXT, "message": message})
    share = text.words / brief.target_words
    if not LEAST_SHARE <= share <= MOST_SHARE and not _is_sample(ask):
        message = f"{text.words:,} words; {brief.target_words:,} were planned."
        found.append({"code": WORD_BUDGET, "message": message})
    if used := _banned_in(f"{text.whole} {beside}", brief):
        found.append({"code": BANNED, "message": f"Words to avoid: {', '.join(used)}."})
    return found


def word_count(markdown: str) -> int:
    """As the checks count: no addresses of links, and half a word a character where scripts put
    no blanks between words."""
    return counted(words_of(LINK_TARGET.sub("]", markdown)))


def _sections(brief: Brief, ask: Ask, key: str) -> list[Prose]:
    """Each section is told how the text before it ends."""
    around = INTRODUCTION_WORDS + CONCLUSION_WORDS
    wanted = (brief.target_words - around) // max(1, len(brief.outline))
    words = min(LONGEST_SECTION, max(SHORTEST_SECTION, wanted))
    sections: list[Prose] = []
    for number in range(1, len(brief.outline) + 1):
        question = SectionQuestion(
            brief=brief,
            number=number,
            words=words,
            before=_end(sections[-1].text if sections else ""),
        )
        sections.append(ask(ask_section, question, key=f"{key}/section-{number}"))
    return sections


def _lengthened(text: Text, brief: Brief, ask: Ask, key: str) -> Text:
    """Too short: the shortest sections, two at most, are written once more with the words missing.

    Too long is left as it is, and said; nothing is ever padded or cut away.
    """
    missing = brief.target_words - text.words
    if text.words >= LEAST_SHARE * brief.target_words or not text.sections:
        return text
    order = sorted(range(len(text.sections)), key=lambda at: word_count(text.sections[at]))
    sections, cut = list(text.sections), list(text.cut)
    for place in order[:LENGTHENED_AT_MOST]:
        wanted = word_count(sections[place]) + missing // min(LENGTHENED_AT_MOST, len(order))
        question = SectionQuestion(
            brief=brief,
            number=place + 1,
            words=min(wanted, LONGEST_SECTION),
            before=_end(sections[place - 1]) if place else "",
            draft=sections[place],
        )
        longer = ask(ask_section, question, key=f"{key}/section-{place + 1}-longer")
        if word_count(longer.text) > word_count(sections[place]) and not longer.cut:
            sections[place] = longer.text
            cut = [name for name in cut if name != _called(brief.outline[place])]
    return replace(text, sections=sections, cut=cut)


def _called(heading: Heading) -> str:
    return f"“{heading.heading}”"


def _is_sample(ask: Ask) -> bool:
    """A template has the length it has."""
    return ask.generated_by.startswith(AIConnection.Kind.SAMPLE)


def _end(text: str) -> str:
    return " ".join(text.split()[-WORDS_REMEMBERED:])


def _start(text: str) -> str:
    return " ".join(text.split()[:WORDS_REMEMBERED])


def _banned_in(shown: str, brief: Brief) -> list[str]:
    whole = shown.casefold()
    return [
        word
        for word in brief.banned_words
        if re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", whole)
    ]
