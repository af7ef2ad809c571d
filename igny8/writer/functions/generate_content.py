"""Writing an article: its text in parts, then what search engines see of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from igny8.ai.models import AIConnection
from igny8.ai.operation import Batch, Operation, Outcome
from igny8.core import clock
from igny8.planner.models import ContentIdea, Keyword
from igny8.sites.models import Site
from igny8.writer.brief import Brief, Heading
from igny8.writer.composing import Finding, compose, findings_of, word_count
from igny8.writer.frame_headings import questions_heading
from igny8.writer.functions.write_metadata import ArticleMeta, MetadataQuestion, ask_metadata
from igny8.writer.links import links_for
from igny8.writer.models import Content, ContentRevision, Task
from igny8.writer.prose import escaped
from igny8.writer.slugs import free_slug


@dataclass(frozen=True, kw_only=True)
class Article:
    """One article as it will be stored."""

    task: Task
    brief: Brief
    body: str
    meta: ArticleMeta
    findings: list[Finding]
    generated_by: str


def decide(batch: Batch[Task]) -> list[Article]:
    """Every part is a call of its own: what is answered once is never asked again."""
    return [_article(task, batch) for task in batch.rows]


def write(articles: list[Article], held: frozenset[int]) -> Outcome:
    """The content `draft` with its first version; its task turns `completed`."""
    return Outcome(made={a.task.pk: [_store(a)] for a in articles if a.task.pk in held})


generate_content = Operation(name="generate_content", decide=decide, write=write)


def _article(task: Task, batch: Batch[Task]) -> Article:
    brief = brief_of(task.idea, batch.site)
    key = f"generate_content/task:{task.pk}/{task.round}"
    batch.ask.makers.clear()
    text = compose(brief, batch.ask, key)
    headings = tuple(heading.heading for heading in brief.outline)
    meta = batch.ask(
        ask_metadata,
        MetadataQuestion(brief=brief, headings=headings, opening=text.opening[:600]),
        key=f"{key}/metadata",
    )
    blocks = [*text.blocks(brief), *_faq(meta, brief.language), *_disclosure(batch.site)]
    return Article(
        task=task,
        brief=brief,
        body="\n\n".join(blocks),
        meta=meta,
        findings=findings_of(text, brief, batch.ask, beside=_beside(meta)),
        generated_by=_maker_of(batch.ask.makers),
    )


def _maker_of(parts: Sequence[str]) -> str:
    """Who wrote its first part; the sample as soon as any of it is the sample's."""
    sample = (part for part in parts if part.startswith(AIConnection.Kind.SAMPLE))
    return next(sample, parts[0])


def brief_of(idea: ContentIdea, site: Site) -> Brief:
    """The idea as every question about its article tells it."""
    primary, secondary = _keywords_of(idea)
    return Brief(
        title=idea.title,
        angle=idea.angle,
        primary_keyword=primary or idea.title,
        secondary_keywords=secondary,
        intent=idea.intent,
        content_type=idea.content_type,
        audience=idea.audience or site.audience,
        language=site.language,
        voice=site.voice,
        spelling=site.spelling,
        banned_words=tuple(site.banned_words),
        links=links_for(site, " ".join((idea.title, primary, *secondary))),
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


def _beside(meta: ArticleMeta) -> str:
    answers = (f"{entry.question} {entry.answer}" for entry in meta.faq)
    return " ".join((meta.seo_title, meta.meta_description, meta.excerpt, *answers))


def _faq(meta: ArticleMeta, language: str) -> Iterator[str]:
    if meta.faq:
        yield f"## {questions_heading(language)}"
    for entry in meta.faq:
        yield f"### {escaped(entry.question)}"
        yield escaped(entry.answer)


def _disclosure(site: Site) -> Iterator[str]:
    if site.disclosure.strip():
        yield f"*{escaped(' '.join(site.disclosure.split()))}*"


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
        findings=article.findings,
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
