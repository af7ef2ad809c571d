"""Writing an article: introduction, sections in order, then what search engines see of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from igny8.ai.ask import Ask
from igny8.ai.operation import Batch, Operation, Outcome
from igny8.core import clock
from igny8.planner.models import ContentIdea, Keyword
from igny8.writer.brief import Brief, Heading
from igny8.writer.functions.write_introduction import IntroductionQuestion, ask_introduction
from igny8.writer.functions.write_metadata import ArticleMeta, MetadataQuestion, ask_metadata
from igny8.writer.functions.write_section import SectionQuestion, ask_section
from igny8.writer.models import Content, ContentRevision, Task
from igny8.writer.prose import escaped
from igny8.writer.slugs import free_slug

INTRODUCTION_WORDS = 80
SHORTEST_SECTION = 60
WORDS_REMEMBERED = 150
FAQ_HEADING = "Frequently asked questions"
WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True)
class Article:
    """One article as it will be stored."""

    task: Task
    brief: Brief
    body: str
    meta: ArticleMeta
    generated_by: str


def decide(batch: Batch[Task]) -> list[Article]:
    """Every part is a call of its own: what is answered once is never asked again."""
    return [_article(task, batch) for task in batch.rows]


def write(articles: list[Article], held: frozenset[int]) -> Outcome:
    """The content `draft` with its first version; its task turns `completed`."""
    return Outcome(made={a.task.pk: [_store(a)] for a in articles if a.task.pk in held})


generate_content = Operation(name="generate_content", decide=decide, write=write)


def word_count(markdown: str) -> int:
    return len(WORD.findall(markdown))


def _article(task: Task, batch: Batch[Task]) -> Article:
    brief = _brief(task.idea, batch.site.language)
    key = f"generate_content/task:{task.pk}/{task.round}"
    opening, sections = _text(brief, batch.ask, key)
    headings = tuple(heading.heading for heading in brief.outline)
    meta = batch.ask(
        ask_metadata,
        MetadataQuestion(brief=brief, headings=headings, opening=opening[:600]),
        key=f"{key}/metadata",
    )
    body = "\n\n".join([opening, *_headed(brief, sections), *_faq(meta)])
    return Article(
        task=task, brief=brief, body=body, meta=meta, generated_by=batch.ask.generated_by
    )


def _brief(idea: ContentIdea, language: str) -> Brief:
    primary, secondary = _keywords_of(idea)
    return Brief(
        title=idea.title,
        angle=idea.angle,
        primary_keyword=primary or idea.title,
        secondary_keywords=secondary,
        intent=idea.intent,
        content_type=idea.content_type,
        audience=idea.audience,
        language=language,
        target_words=idea.target_words,
        outline=tuple(
            Heading(heading=section["heading"], points=tuple(section["points"]))
            for section in idea.outline
        ),
    )


def _keywords_of(idea: ContentIdea) -> tuple[str, tuple[str, ...]]:
    rows = idea.keywords.order_by("pk").values_list("keyword", "role")
    primary = [text for text, role in rows if role == Keyword.Role.PRIMARY]
    secondary = [text for text, role in rows if role == Keyword.Role.SECONDARY]
    return "".join(primary[:1]), tuple(secondary)


def _text(brief: Brief, ask: Ask, key: str) -> tuple[str, list[str]]:
    """The introduction and the body of each section, each told how the text so far ends."""
    opening = ask(
        ask_introduction,
        IntroductionQuestion(brief=brief, words=INTRODUCTION_WORDS),
        key=f"{key}/introduction",
    ).text
    words = max(
        SHORTEST_SECTION,
        (brief.target_words - INTRODUCTION_WORDS) // max(1, len(brief.outline)),
    )
    sections: list[str] = []
    for number in range(1, len(brief.outline) + 1):
        before = " ".join((sections[-1] if sections else opening).split()[-WORDS_REMEMBERED:])
        question = SectionQuestion(brief=brief, number=number, words=words, before=before)
        sections.append(ask(ask_section, question, key=f"{key}/section-{number}").text)
    return opening, sections


def _headed(brief: Brief, sections: list[str]) -> Iterator[str]:
    for heading, text in zip(brief.outline, sections, strict=True):
        yield f"## {escaped(heading.heading)}"
        yield text


def _faq(meta: ArticleMeta) -> Iterator[str]:
    if meta.faq:
        yield f"## {FAQ_HEADING}"
    for entry in meta.faq:
        yield f"### {escaped(entry.question)}"
        yield escaped(entry.answer)


def _store(article: Article) -> int:
    task, meta = article.task, article.meta
    content = Content.objects.create(
        site_id=task.site_id,
        task=task,
        title=task.title,
        slug=free_slug(task.site_id, meta.slug),
        body=article.body,
        meta_title=meta.seo_title,
        meta_description=meta.meta_description,
        excerpt=meta.excerpt,
        primary_keyword=article.brief.primary_keyword,
        secondary_keywords=list(article.brief.secondary_keywords),
        tags=meta.tags,
        faq=[entry.model_dump() for entry in meta.faq],
        claims_to_check=meta.claims_to_check,
        word_count=word_count(article.body),
        generated_by=article.generated_by,
    )
    ContentRevision.objects.create(
        content=content,
        number=1,
        title=content.title,
        body=content.body,
        made_by=article.generated_by,
        made_at=clock.now(),
    )
    Task.objects.filter(pk=task.pk).update(status=Task.Status.COMPLETED, updated_at=clock.now())
    return content.pk
