"""The page a demo run leaves behind: one self-contained file beside its images, no script."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from igny8.automation.demo_body import Picture, fitted_body
from igny8.automation.stylesheet import inlined

WORDS_A_MINUTE = 220
BAR_UNITS = 1000
GATE = 7


@dataclass(frozen=True, kw_only=True)
class StageTime:
    """What one stage took, made and how many seconds it worked."""

    number: int
    title: str
    total: int
    created: int
    seconds: float

    @property
    def is_gate(self) -> bool:
        return self.number == GATE

    @property
    def duration(self) -> str:
        return duration_text(self.seconds)


@dataclass(frozen=True, kw_only=True)
class TimeSlice:
    """A stage's piece of the time bar, in thousandths of its length."""

    number: int
    start: int
    length: int


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many rows the run left in each table."""

    keywords: int
    clusters: int
    ideas: int
    tasks: int
    articles: int
    images: int


@dataclass(frozen=True, kw_only=True)
class KeywordLine:
    """A keyword of a cluster; volume is searches a month, similarity 0–1; unknown is None."""

    text: str
    volume: int | None = None
    similarity: float | None = None

    @property
    def volume_text(self) -> str:
        return "–" if self.volume is None else f"{self.volume:,}"

    @property
    def similarity_text(self) -> str:
        return "–" if self.similarity is None else f"{self.similarity:.2f}"


@dataclass(frozen=True, kw_only=True)
class ClusterSection:
    """A cluster with its keywords and the titles of its ideas."""

    name: str
    intent: str
    keywords: tuple[KeywordLine, ...]
    ideas: tuple[str, ...] = ()

    @property
    def volume_text(self) -> str:
        return f"{sum(keyword.volume or 0 for keyword in self.keywords):,}"


@dataclass(frozen=True, kw_only=True)
class Article:
    """One finished article; `html` is sanitised, carries no pictures and starts at level 2."""

    title: str
    slug: str
    cluster: str
    intent: str
    words: int
    meta_title: str
    meta_description: str
    html: str
    featured: Picture | None = None
    images: tuple[Picture, ...] = ()
    keywords: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        return f"read-{self.slug}"

    @property
    def minutes(self) -> int:
        return max(1, round(self.words / WORDS_A_MINUTE))

    @property
    def words_text(self) -> str:
        return f"{self.words:,}"

    @property
    def body(self) -> SafeString:
        return fitted_body(self.html, self.images, prefix=self.slug)


@dataclass(frozen=True, kw_only=True)
class Command:
    """Something to type next, and what it does."""

    text: str
    does: str


@dataclass(frozen=True, kw_only=True)
class DemoPage:
    """Everything the page shows; paths of pictures are relative to the page's folder."""

    site_name: str
    run_id: str
    started: datetime
    seconds: float
    counts: Counts
    stages: tuple[StageTime, ...]
    clusters: tuple[ClusterSection, ...]
    articles: tuple[Article, ...]
    next_command: str
    commands: tuple[Command, ...] = field(default_factory=tuple)

    @property
    def duration(self) -> str:
        return duration_text(self.seconds)

    @property
    def started_text(self) -> str:
        return f"{self.started:%d %B %Y, %H:%M}".lstrip("0")


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A cluster and the articles written for it, under one anchor."""

    anchor: str
    cluster: ClusterSection
    articles: tuple[Article, ...]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """An article as it is read: with its neighbours and the way back to its topic."""

    article: Article
    topic: str
    before: Article | None
    after: Article | None


def render(page: DemoPage) -> str:
    """The page as one HTML document: styles inside, pictures by relative path, nothing fetched."""
    topics = topics_of(page)
    return render_to_string(
        "automation/demo.html",
        {
            "page": page,
            "topics": topics,
            "readings": readings_of(topics),
            "slices": time_slices(page.stages),
            "lead": page.articles[0] if page.articles else None,
            "css": inlined("demo.css"),
        },
    )


def topics_of(page: DemoPage) -> tuple[Topic, ...]:
    """The clusters in their order, each with its articles; articles of no listed cluster last."""
    known = {cluster.name for cluster in page.clusters}
    names = dict.fromkeys(article.cluster for article in page.articles)
    rest = [
        ClusterSection(name=name, intent="", keywords=()) for name in names if name not in known
    ]
    return tuple(
        Topic(anchor=f"topic-{at}", cluster=cluster, articles=_written_for(cluster, page.articles))
        for at, cluster in enumerate([*page.clusters, *rest], start=1)
    )


def readings_of(topics: Iterable[Topic]) -> tuple[Reading, ...]:
    """Every article in the order of its topic, each knowing the one before and after it."""
    order = [(article, topic.anchor) for topic in topics for article in topic.articles]
    padded = [None, *(article for article, _ in order), None]
    neighbours = zip(padded, padded[2:], strict=False)
    return tuple(
        Reading(article=article, topic=topic, before=before, after=after)
        for (article, topic), (before, after) in zip(order, neighbours, strict=True)
    )


def time_slices(stages: Iterable[StageTime]) -> tuple[TimeSlice, ...]:
    """The time bar's pieces; together they fill it exactly, or there are none."""
    timed = [stage for stage in stages if stage.seconds > 0]
    whole = sum(stage.seconds for stage in timed)
    ends, passed = [0], 0.0
    for stage in timed:
        passed += stage.seconds
        ends.append(round(BAR_UNITS * passed / whole))
    return tuple(
        TimeSlice(number=stage.number, start=start, length=end - start)
        for stage, (start, end) in zip(timed, pairwise(ends), strict=True)
    )


def duration_text(seconds: float) -> str:
    """`0.4 s`, `38.4 s` or `2 min 5 s`."""
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def _written_for(cluster: ClusterSection, articles: Iterable[Article]) -> tuple[Article, ...]:
    return tuple(article for article in articles if article.cluster == cluster.name)
