"""One article idea for each page of a cluster: title, angle, keywords and outline."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from igny8.ai.functions import AIFunction, Answer, Question
from igny8.ai.operation import Batch, Operation, Outcome
from igny8.core import clock
from igny8.planner.functions.auto_cluster import INTENTS, Intent
from igny8.planner.models import Cluster, ContentIdea, Keyword
from igny8.planner.plain import Plain, plain, same, shortened
from igny8.planner.sample.draw import bank, phrase_for, pick, seed_of, usable
from igny8.planner.sample.outlines import outline, words_of
from igny8.planner.sample.phrase import Phrase, phrase, quoted
from igny8.planner.sample.roles import BANK
from igny8.planner.sample.titles import content_type_of, title_for
from igny8.sites.models import Site

ContentType = Literal["guide", "how_to", "list", "comparison", "review", "faq", "landing"]
MOST_SECONDARY = 15
WORDS_AROUND = 200
WORDS_PER_SECTION = 150
TITLES_TOLD = 300
KEYWORDS_TOLD = 30
SPARE_PAGES = 5


class PageKeyword(Question):
    """A keyword one article should answer, addressed by its id."""

    id: str
    text: str
    volume: int | None = None
    intent: str | None = None


class Page(Question):
    """Keywords that one article can answer together."""

    id: str
    keywords: tuple[PageKeyword, ...] = Field(min_length=1)


class IdeasQuestion(Question):
    """The uncovered pages of a cluster and how many ideas are wanted, one a page."""

    site: str
    language: str = "en"
    audience: str = ""
    cluster: str
    intent: str = "informational"
    pages: tuple[Page, ...] = Field(min_length=1)
    taken_titles: tuple[str, ...] = ()
    count: int = Field(ge=1)

    @model_validator(mode="after")
    def _has_a_page_for_each_idea(self) -> Self:
        if self.count > len(self.pages):
            raise ValueError(f"{self.count} ideas need {self.count} pages, not {len(self.pages)}")
        return self


class Section(Answer):
    """A heading of the outline with the points it makes."""

    heading: Plain = Field(min_length=3, max_length=90)
    points: list[Plain] = Field(min_length=1, max_length=6)

    @model_validator(mode="after")
    def _makes_short_points(self) -> Self:
        if any(not 1 <= len(point) <= 160 for point in self.points):
            raise ValueError("each point has 1 to 160 characters")
        return self


class Idea(Answer):
    """The plan of one article."""

    page: str
    title: Plain = Field(min_length=15, max_length=90)
    angle: Plain = Field(min_length=20, max_length=200)
    primary_keyword_id: str
    secondary_keyword_ids: list[str] = Field(default=[], max_length=MOST_SECONDARY)
    content_type: ContentType
    intent: Intent
    outline: list[Section] = Field(min_length=3, max_length=12)
    target_words: int = Field(ge=500, le=3500)
    audience: Plain = Field(default="", max_length=120)
    rationale: Plain = Field(default="", max_length=240)


class Ideas(Answer):
    """Exactly as many ideas as were asked for, each for another page."""

    ideas: list[Idea] = Field(min_length=1)

    @model_validator(mode="after")
    def _answers_the_question(self, info: ValidationInfo) -> Self:
        if isinstance(info.context, IdeasQuestion):
            asked = info.context
            complaints = [
                *_wrong_count(self, asked),
                *_wrong_pages(self, asked),
                *_wrong_keywords(self, asked),
                *_wrong_titles(self, asked),
            ]
            if complaints:
                raise ValueError("; ".join(complaints[:30]))
        return self


def offline(question: IdeasQuestion) -> Ideas:
    """Ideas for the first pages asked about, made from their own keywords and intents."""
    seed = seed_of(question)
    taken = {same(title) for title in question.taken_titles}
    ideas = []
    for page in question.pages[: question.count]:
        idea = _idea(page, question, taken, f"{seed}/{page.id}")
        taken.add(same(idea.title))
        ideas.append(idea)
    return Ideas(ideas=ideas)


ask_ideas = AIFunction(
    name="generate_ideas",
    question=IdeasQuestion,
    answer=Ideas,
    offline=offline,
    prompt=Path(__file__).parent.parent / "prompts" / "generate_ideas.md",
)


def _wrong_count(given: Ideas, asked: IdeasQuestion) -> list[str]:
    if len(given.ideas) == asked.count:
        return []
    return [f"{asked.count} ideas were asked for, {len(given.ideas)} came"]


def _wrong_pages(given: Ideas, asked: IdeasQuestion) -> list[str]:
    known = {page.id for page in asked.pages}
    pages = [idea.page for idea in given.ideas]
    return [
        *(f"no page has the id {page!r}" for page in pages if page not in known),
        *(
            f"page {page} has two ideas"
            for page in sorted({p for p in pages if pages.count(p) > 1})
        ),
    ]


def _wrong_keywords(given: Ideas, asked: IdeasQuestion) -> list[str]:
    ids = {page.id: {keyword.id for keyword in page.keywords} for page in asked.pages}
    complaints = []
    for idea in given.ideas:
        used = [idea.primary_keyword_id, *idea.secondary_keyword_ids]
        strangers = sorted(set(used) - ids.get(idea.page, set(used)))
        complaints += [f"keyword {one} does not belong to page {idea.page}" for one in strangers]
        if len(set(used)) < len(used):
            complaints.append(f"the idea for page {idea.page} names a keyword twice")
    return complaints


def _wrong_titles(given: Ideas, asked: IdeasQuestion) -> list[str]:
    taken = {same(title) for title in asked.taken_titles}
    complaints = []
    for idea in given.ideas:
        if same(idea.title) in taken:
            complaints.append(f"the title {idea.title!r} is already used, choose another")
        taken.add(same(idea.title))
    return complaints


def _idea(page: Page, question: IdeasQuestion, taken: set[str], seed: str) -> Idea:
    first, *others = sorted(page.keywords, key=lambda keyword: -(keyword.volume or 0))
    primary = phrase(first.text, question.language)
    secondary = [phrase(other.text, question.language) for other in others[:MOST_SECONDARY]]
    intent = _intent(first.intent, question.intent)
    kind = content_type_of(primary, sum(one.asks for one in secondary), intent)
    sections = outline(kind, primary, secondary, intent, seed)
    return Idea.model_validate(
        {
            "page": page.id,
            "title": title_for(primary, kind, intent, taken, seed),
            "angle": _angle(kind, primary, seed),
            "primary_keyword_id": first.id,
            "secondary_keyword_ids": [other.id for other in others[:MOST_SECONDARY]],
            "content_type": kind,
            "intent": intent,
            "outline": [{"heading": s.heading, "points": list(s.points)} for s in sections],
            "target_words": WORDS_AROUND + WORDS_PER_SECTION * len(sections),
            "audience": shortened(plain(question.audience), 120),
            "rationale": _rationale(first, len(others)),
        }
    )


def _angle(content_type: str, primary: Phrase, seed: str) -> str:
    words = words_of(primary) | {"quoted": quoted(shortened(primary.text, 60))}
    patterns = usable(bank(BANK / "angles.txt")[content_type], words)
    return phrase_for(pick(patterns, seed, "angle"), words, seed)


def _rationale(first: PageKeyword, others: int) -> str:
    keyword = quoted(shortened(plain(first.text), 80))
    wanted = f" ({first.volume:,} searches a month)" if first.volume else ""
    if not others:
        return f"{keyword}{wanted} asks for an article of its own."
    together = "one related keyword" if others == 1 else f"{others} related keywords"
    return f"{keyword}{wanted} leads this page; {together} can be answered in the same article."


def _intent(*found: str | None) -> Intent:
    """The first intent that is one of ours."""
    return next((intent for one in found for intent in INTENTS if intent == one), "informational")


@dataclass(frozen=True, kw_only=True)
class ClusterIdeas:
    """The ideas for one cluster, each with the page number and keyword ids it stands for."""

    cluster_id: int
    ideas: Sequence[tuple[int, int, Idea]] = ()


def decide(batch: Batch[Cluster]) -> list[ClusterIdeas]:
    """One idea for each page group that no idea covers yet, up to the site's limit."""
    return [_ideas_for(batch, cluster) for cluster in batch.rows]


def write(decisions: Sequence[ClusterIdeas], held: frozenset[int]) -> Outcome:
    """The ideas turn up `new`, their page's keywords join them, the cluster turns `mapped`."""
    made = {d.cluster_id: _store(d) for d in decisions if d.cluster_id in held}
    Cluster.objects.filter(pk__in=made).update(status=Cluster.Status.MAPPED, updated_at=clock.now())
    return Outcome(made=made)


generate_ideas = Operation(name="generate_ideas", decide=decide, write=write)


def _ideas_for(batch: Batch[Cluster], cluster: Cluster) -> ClusterIdeas:
    pages = pages_of(cluster, without=set(cluster.ideas.values_list("page", flat=True)))
    count = min(len(pages), batch.settings["ideas_per_cluster"])
    if not count:
        return ClusterIdeas(cluster_id=cluster.pk)
    question = ideas_question(batch.site, cluster, pages, count)
    answer = batch.ask(ask_ideas, question, key=f"generate_ideas/cluster:{cluster.pk}/0/ideas")
    return ClusterIdeas(
        cluster_id=cluster.pk,
        ideas=[
            (int(idea.page[1:]), int(idea.primary_keyword_id[1:]), idea) for idea in answer.ideas
        ],
    )


def pages_of(cluster: Cluster, *, without: Container[int]) -> dict[int, list[Keyword]]:
    """Page number → its keywords, the most wanted page and keyword first."""
    pages: dict[int, list[Keyword]] = {}
    for keyword in sorted(cluster.keywords.all(), key=_wanted):
        if keyword.page is not None and keyword.page not in without:
            pages.setdefault(keyword.page, []).append(keyword)
    return dict(sorted(pages.items(), key=lambda page: -sum(_volume(k) for k in page[1])))


def _volume(keyword: Keyword) -> int:
    return keyword.volume or keyword.volume_max or 0


def _wanted(keyword: Keyword) -> tuple[int, int]:
    return -_volume(keyword), keyword.pk


def ideas_question(
    site: Site, cluster: Cluster, pages: Mapping[int, Sequence[Keyword]], count: int
) -> IdeasQuestion:
    titles = site.ideas.order_by("-pk").values_list("title", flat=True)[:TITLES_TOLD]
    return IdeasQuestion(
        site=site.name,
        language=site.language,
        audience=site.audience,
        cluster=cluster.name,
        intent=cluster.intent,
        pages=tuple(
            Page(
                id=f"p{number}",
                keywords=tuple(
                    PageKeyword(
                        id=f"k{keyword.pk}",
                        text=keyword.keyword[:120],
                        volume=keyword.volume,
                        intent=keyword.intents[0] if keyword.intents else None,
                    )
                    for keyword in keywords[:KEYWORDS_TOLD]
                ),
            )
            for number, keywords in list(pages.items())[: count + SPARE_PAGES]
        ),
        taken_titles=tuple(titles),
        count=count,
    )


def _store(decision: ClusterIdeas) -> list[int]:
    cluster = Cluster.objects.get(pk=decision.cluster_id)
    covered = set(cluster.ideas.values_list("page", flat=True))
    return [
        _store_idea(cluster, page, primary, idea)
        for page, primary, idea in decision.ideas
        if page not in covered
    ]


def _store_idea(cluster: Cluster, page: int, primary: int, idea: Idea) -> int:
    stored = ContentIdea.objects.create(
        site_id=cluster.site_id,
        cluster=cluster,
        page=page,
        title=idea.title,
        angle=idea.angle,
        intent=idea.intent,
        content_type=idea.content_type,
        audience=idea.audience,
        rationale=idea.rationale,
        outline=[section.model_dump() for section in idea.outline],
        target_words=idea.target_words,
    )
    keywords = cluster.keywords.filter(page=page)
    keywords.exclude(pk=primary).update(idea=stored, role=Keyword.Role.SECONDARY)
    keywords.filter(pk=primary).update(idea=stored, role=Keyword.Role.PRIMARY)
    return stored.pk
