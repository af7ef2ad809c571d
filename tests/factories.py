"""One function a model: a row with only what must be there, and what a test cares about."""

from itertools import count

from igny8.accounts.models import owner_account
from igny8.core import clock
from igny8.planner.models import Cluster, ContentIdea, Keyword
from igny8.planner.plain import same
from igny8.sites.models import Site
from igny8.writer.models import Content, ContentRevision, Image, Task

_numbers = count(1)


def make_site(*, slug: str = "", time_zone: str = "UTC") -> Site:
    slug = slug or f"site-{next(_numbers)}"
    return Site.objects.create(
        account=owner_account(), slug=slug, name=slug.title(), time_zone=time_zone
    )


def make_keyword(
    site: Site, text: str = "", *, status: Keyword.Status = Keyword.Status.NEW
) -> Keyword:
    text = text or f"keyword {next(_numbers)}"
    return Keyword.objects.create(site=site, keyword=text, normalised=text, status=status)


def make_cluster(
    site: Site, name: str = "", *, status: Cluster.Status = Cluster.Status.NEW
) -> Cluster:
    name = name or f"Cluster {next(_numbers)}"
    return Cluster.objects.create(site=site, name=name, name_folded=same(name), status=status)


def make_mapped_keyword(
    cluster: Cluster,
    text: str = "",
    *,
    page: int = 1,
    idea: ContentIdea | None = None,
    volume: int | None = None,
) -> Keyword:
    """The first keyword of an idea is its primary one."""
    text = text or f"keyword {next(_numbers)}"
    is_first = idea is not None and not idea.keywords.exists()
    role = Keyword.Role.PRIMARY if is_first else Keyword.Role.SECONDARY
    return Keyword.objects.create(
        site=cluster.site,
        keyword=text,
        normalised=text,
        status=Keyword.Status.MAPPED,
        cluster=cluster,
        page=page,
        idea=idea,
        role=role if idea else "",
        volume=volume,
    )


def make_idea(cluster: Cluster, title: str = "", *, page: int = 1) -> ContentIdea:
    title = title or f"Idea {next(_numbers)}"
    return ContentIdea.objects.create(site=cluster.site, cluster=cluster, page=page, title=title)


def make_task(idea: ContentIdea | Site) -> Task:
    """A task `pending` of this idea, or of a new one of this site."""
    if isinstance(idea, Site):
        idea = make_idea(make_cluster(idea, status=Cluster.Status.MAPPED))
    ContentIdea.objects.filter(pk=idea.pk).update(status=ContentIdea.Status.IN_PROGRESS)
    idea.refresh_from_db()
    return Task.objects.create(site=idea.site, idea=idea, title=idea.title)


def make_content(
    site: Site, title: str = "", *, status: Content.Status = Content.Status.REVIEW
) -> Content:
    """An article with its first version, its completed task and everything above."""
    number = next(_numbers)
    task = make_task(site)
    Task.objects.filter(pk=task.pk).update(status=Task.Status.COMPLETED)
    task.refresh_from_db()
    content = Content.objects.create(
        site=site,
        task=task,
        title=title or f"Article {number}",
        slug=f"article-{number}",
        body="One two three.",
        status=status,
        image_plan_at=clock.now(),
    )
    ContentRevision.objects.create(
        content=content,
        number=1,
        title=content.title,
        body=content.body,
        made_by="sample",
        made_at=clock.now(),
    )
    return content


def make_image(content: Content, *, slot: int = 0, file: str = "") -> Image:
    """An image `pending`; `generated` when it has a file."""
    return Image.objects.create(
        site=content.site,
        content=content,
        slot=slot,
        kind=Image.Kind.IN_ARTICLE if slot else Image.Kind.FEATURED,
        status=Image.Status.GENERATED if file else Image.Status.PENDING,
        prompt="A red watering can in front of a hedge",
        alt="A red watering can",
        file=file,
    )
