"""Small sites, rows at any stage, and a provider that can be watched and disturbed."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import Any

from igny8.accounts.models import Account
from igny8.ai.functions import Form
from igny8.ai.models import SAMPLE_MODEL, AICall, AIConnection
from igny8.ai.providers import Reply, Request
from igny8.automation.generations import take_lease
from igny8.automation.models import AutomationRun, RunItem
from igny8.automation.runner import LEFT, advance
from igny8.automation.runs import config_of
from igny8.core import clock
from igny8.planner.models import Cluster, ContentIdea, Keyword
from igny8.planner.plain import same
from igny8.sites.models import Site
from igny8.writer.models import Content, Image, Task

OUTLINE = [
    {"heading": heading, "points": ["What to know first", "What goes wrong most often"]}
    for heading in ("Choosing a place", "Preparing the soil", "Watering well")
]
BODY = "Opening.\n\n" + "\n\n".join(f"## {s['heading']}\n\nText of it." for s in OUTLINE)
PLANTS = [
    "tomato",
    "basil",
    "parsley",
    "spinach",
    "lettuce",
    "carrot",
    "radish",
    "cucumber",
    "pumpkin",
    "zucchini",
    "eggplant",
    "chives",
]
WISHES = (
    "how to plant {} seeds",
    "best fertilizer for {}",
    "{} leaves turning yellow",
    "when to harvest {}",
    "{} companion plants",
)


def phrases(number: int) -> list[str]:
    """So many different keywords of one niche, of several topics."""
    return [wish.format(plant) for plant in PLANTS for wish in WISHES][:number]


def site_with(keywords: Sequence[str] = (), *, slug: str = "garden", **settings: object) -> Site:
    """A site without delays and with one image an article, unless `settings` say otherwise."""
    account, _ = Account.objects.get_or_create(name="Owner")
    site = Site.objects.create(account=account, slug=slug, name="Garden")
    chosen = {"within_stage_delay": 0, "between_stage_delay": 0, "images_per_article": 0}
    configure(site, **{**chosen, **settings})
    add_keywords(site, keywords)
    return site


def configure(site: Site, **settings: object) -> None:
    config = config_of(site)
    for name, value in settings.items():
        setattr(config, name, value)
    config.full_clean()
    config.save()


def add_keywords(site: Site, keywords: Sequence[str]) -> list[Keyword]:
    return [
        Keyword.objects.create(site=site, keyword=text, normalised=text, volume=1000 - number)
        for number, text in enumerate(keywords)
    ]


def cluster_of(site: Site, name: str, *, pages: Sequence[Sequence[str]] = ()) -> Cluster:
    """A cluster `new` whose keywords are mapped to its pages, numbered from 1."""
    cluster = Cluster.objects.create(site=site, name=name, name_folded=same(name))
    for page, keywords in enumerate(pages, 1):
        for keyword in add_keywords(site, keywords):
            keyword.status, keyword.cluster, keyword.page = "mapped", cluster, page
            keyword.save()
    return cluster


def idea_of(site: Site, title: str, *, sections: int = len(OUTLINE)) -> ContentIdea:
    cluster = cluster_of(site, f"Cluster of {title}")
    Cluster.objects.filter(pk=cluster.pk).update(status=Cluster.Status.MAPPED)
    return ContentIdea.objects.create(
        site=site,
        cluster=cluster,
        page=1,
        title=title,
        outline=OUTLINE[:sections],
        target_words=500,
    )


def task_of(
    site: Site, title: str = "How to grow tomatoes at home", *, sections: int = len(OUTLINE)
) -> Task:
    idea = idea_of(site, title, sections=sections)
    ContentIdea.objects.filter(pk=idea.pk).update(status=ContentIdea.Status.IN_PROGRESS)
    return Task.objects.create(site=site, idea=idea, title=title)


def content_of(site: Site, title: str = "How to grow tomatoes at home") -> Content:
    task = task_of(site, title)
    Task.objects.filter(pk=task.pk).update(status=Task.Status.COMPLETED)
    return Content.objects.create(
        site=site,
        task=task,
        title=title,
        slug=f"article-{task.pk}",
        body=BODY,
        primary_keyword="tomatoes",
    )


def images_of(content: Content, number: int) -> list[Image]:
    Content.objects.filter(pk=content.pk).update(image_plan_at=clock.now())
    return [
        Image.objects.create(
            site=content.site,
            content=content,
            slot=slot,
            kind=Image.Kind.IN_ARTICLE if slot else Image.Kind.FEATURED,
            prompt=f"Red tomatoes on a wooden table beside a window, view {slot}",
            alt=f"Ripe tomatoes on a table, picture {slot}",
        )
        for slot in range(number)
    ]


def hold(row: Any, ref: str) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(held_by=ref)


def lines(run: AutomationRun, *, level: str = "", stage: int | None = None) -> list[str]:
    log = run.log.order_by("pk")
    if level:
        log = log.filter(level=level)
    if stage is not None:
        log = log.filter(stage=stage)
    return list(log.values_list("message", flat=True))


def items(run: AutomationRun, stage: int) -> list[RunItem]:
    return list(RunItem.objects.filter(run=run, stage=stage).order_by("position"))


def states(run: AutomationRun, stage: int) -> list[str]:
    return [str(item.state) for item in items(run, stage)]


def lease_of(run: AutomationRun) -> int:
    run.refresh_from_db()
    lease = take_lease(run.pk, run.generation)
    assert lease is not None
    return lease


def until_it_rests(run: AutomationRun) -> AutomationRun:
    """Carries the run as the engine does, over every delayed hand-over, until it runs no more."""
    while fresh(run).status == AutomationRun.Status.RUNNING:
        if run.wake_at and run.wake_at > clock.now():
            clock.sleep((run.wake_at - clock.now()).total_seconds())
        lease = lease_of(run)
        while advance(run.pk, lease) != LEFT:
            pass
    return run


def until_stage(run: AutomationRun, number: int) -> int:
    """Carries the run until this stage has taken its queue; returns the lease it is carried by."""
    lease = lease_of(run)
    while not fresh(run).result(number).get("opened"):
        assert advance(run.pk, lease) != LEFT, f"run {run.pk} is {run.status}"
    return lease


def fresh(run: AutomationRun) -> AutomationRun:
    run.refresh_from_db()
    return run


def answered_more_than_once() -> list[str]:
    """Keys of which one and the same question was paid for twice."""
    paid = AICall.objects.filter(state__in=("answered", "used"))
    counted = Counter(paid.values_list("key", "request_hash"))
    return sorted(key for (key, _), times in counted.items() if times > 1)


@dataclass
class Watched:
    """The offline provider with a journal: what it is told to do happens during a call."""

    asked: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0
    tokens: tuple[int | None, int | None] = (None, None)
    _during: list[tuple[Callable[[Request], bool], Callable[[], object]]] = field(
        default_factory=list
    )

    def reply(self, connection: AIConnection, request: Request) -> Reply:
        self.asked.append((request.function.name, request.question.model_dump_json()))
        read, written = self.tokens
        for when, action in list(self._during):
            if when(request):
                self._during.remove((when, action))
                action()
        clock.sleep(self.seconds) if self.seconds else None
        if request.function.form is Form.IMAGE:
            raw = tiny_image()
        else:
            raw = request.function.dump(request.function.offline(request.question))
        return Reply(raw=raw, model=SAMPLE_MODEL, input_tokens=read, output_tokens=written)

    def during(self, function: str, action: Callable[[], object], *, nth: int = 1) -> None:
        """Once, while the n-th call of this function from now on is in flight."""
        seen = iter(range(1, 1_000_000))

        def when(request: Request) -> bool:
            return request.function.name == function and next(seen) == nth

        self._during.append((when, action))

    def count(self, function: str = "") -> int:
        return sum(not function or name == function for name, _ in self.asked)


@cache
def tiny_image() -> bytes:
    from PIL import Image as Picture

    made = BytesIO()
    Picture.new("RGB", (16, 9), (40, 120, 60)).save(made, "WEBP")
    return made.getvalue()


@contextmanager
def another_worker() -> Iterator[str]:
    """Inside, this process works under another worker's id, as a second process would."""
    from igny8.jobs import workers

    before = workers.me()
    workers.register()
    try:
        yield workers.me()
    finally:
        workers._me = before
