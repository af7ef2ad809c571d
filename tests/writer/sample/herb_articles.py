"""Whole articles, written offline from the pages of a niche site."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from igny8.planner.functions.generate_ideas import Idea, IdeasQuestion, Page, PageKeyword, ask_ideas
from igny8.writer.brief import Brief, Heading
from igny8.writer.functions.write_introduction import IntroductionQuestion, ask_introduction
from igny8.writer.functions.write_metadata import ArticleMeta, MetadataQuestion, ask_metadata
from igny8.writer.functions.write_section import SectionQuestion, ask_section
from igny8.writer.prose import escaped

PAGES = Path(__file__).parent / "herb_pages.txt"
PAGES_PER_CLUSTER = 4
WORDS_OF_OPENING = 80


@dataclass(frozen=True)
class Article:
    """An article as the reader of the demo sees it, with what it was made from."""

    brief: Brief
    markdown: str
    meta: ArticleMeta


@cache
def herb_briefs() -> tuple[Brief, ...]:
    lines = PAGES.read_text(encoding="utf-8").splitlines()[1:]
    pages = [_page(number, line) for number, line in enumerate(lines)]
    return tuple(
        brief
        for start in range(0, len(pages), PAGES_PER_CLUSTER)
        for brief in _briefs(pages[start : start + PAGES_PER_CLUSTER])
    )


@cache
def herb_articles() -> tuple[Article, ...]:
    return tuple(map(written, herb_briefs()))


def written(brief: Brief) -> Article:
    """Asks every question about one article and puts the answers together."""
    opening = IntroductionQuestion(brief=brief, words=WORDS_OF_OPENING)
    parts = [
        f"# {escaped(brief.title)}",
        ask_introduction.offline(opening).text,
        *_sections(brief),
    ]
    asked = MetadataQuestion(brief=brief, headings=(), opening=parts[1])
    meta = ask_metadata.parse(ask_metadata.dump(ask_metadata.offline(asked)), asked)
    parts += [f"### {escaped(one.question)}\n\n{escaped(one.answer)}" for one in meta.faq]
    return Article(brief, "\n\n".join(parts), meta)


def _sections(brief: Brief) -> Iterator[str]:
    words = (brief.target_words - WORDS_OF_OPENING) // len(brief.outline)
    for number, section in enumerate(brief.outline, start=1):
        question = SectionQuestion(brief=brief, number=number, words=words)
        answer = ask_section.offline(question)
        assert ask_section.parse(ask_section.dump(answer), question) == answer
        yield f"## {escaped(section.heading)}\n\n{answer.text}"


def _page(number: int, line: str) -> Page:
    fields = [[*cell.strip().split(", "), None][:3] for cell in line.split(";")]
    return Page(
        id=f"p{number}",
        keywords=tuple(
            PageKeyword(
                id=f"k{number}-{place}", text=str(text), volume=int(volume or 0), intent=told
            )
            for place, (text, volume, told) in enumerate(fields)
        ),
    )


def _briefs(pages: list[Page]) -> list[Brief]:
    question = IdeasQuestion(
        site="demo",
        audience="Home cooks with little space",
        cluster=pages[0].keywords[0].text,
        pages=tuple(pages),
        count=len(pages),
    )
    texts = {keyword.id: keyword.text for page in pages for keyword in page.keywords}
    return [brief_of(idea, texts) for idea in ask_ideas.offline(question).ideas]


def brief_of(idea: Idea, texts: dict[str, str]) -> Brief:
    """The brief of an idea, as the writer's task carries it."""
    return Brief(
        title=idea.title,
        angle=idea.angle,
        primary_keyword=texts[idea.primary_keyword_id],
        secondary_keywords=tuple(texts[one] for one in idea.secondary_keyword_ids),
        intent=idea.intent,
        content_type=idea.content_type,
        audience=idea.audience,
        target_words=idea.target_words,
        outline=tuple(
            Heading(heading=section.heading, points=tuple(section.points))
            for section in idea.outline
        ),
    )
