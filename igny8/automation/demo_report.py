"""The demo page's figures, read from the rows of a site and its newest pipeline run."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Prefetch

from igny8.automation.demo_body import Picture
from igny8.automation.demo_page import (
    Article,
    ClusterSection,
    Command,
    Counts,
    DemoPage,
    KeywordLine,
    StageTime,
    render,
)
from igny8.automation.models import AutomationRun
from igny8.automation.stages import STAGES
from igny8.planner.models import Cluster, Keyword
from igny8.sites.models import Site
from igny8.writer.models import Content, Image
from igny8.writer.rendering import html_of

NEXT = Command(text="make run", does="opens the product on the same data: http://localhost:8000/")


def write_demo_page(site: Site, run: AutomationRun, path: Path) -> None:
    """Whole or not at all; pictures are referred to where they are, relative to the page."""
    page = render(_page(site, run, path.parent))
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    partial.write_text(page, encoding="utf-8")
    partial.replace(path)


def stage_times(run: AutomationRun) -> Iterator[StageTime]:
    for stage in STAGES:
        result = run.result(stage.number)
        yield StageTime(
            number=stage.number,
            title=stage.title,
            total=int(result.get("total", result.get("waiting", 0))),
            created=int(result.get("created", 0)),
            seconds=_seconds(result.get("started_at"), result.get("ended_at")),
        )


def counts_of(site: Site) -> Counts:
    return Counts(
        keywords=site.keywords.count(),
        clusters=site.clusters.count(),
        ideas=site.ideas.count(),
        tasks=site.tasks.count(),
        articles=site.contents.count(),
        images=site.images.count(),
    )


def _page(site: Site, run: AutomationRun, folder: Path) -> DemoPage:
    ended = run.ended_at or datetime.now(UTC)
    return DemoPage(
        site_name=site.name,
        run_id=str(run.pk),
        started=run.started_at.astimezone(site.zone),
        seconds=(ended - run.started_at).total_seconds(),
        counts=counts_of(site),
        stages=tuple(stage_times(run)),
        clusters=tuple(_clusters(site)),
        articles=tuple(_articles(site, folder)),
        next_command=NEXT.text,
        commands=(
            NEXT,
            Command(text="igny8 status --site demo", does="the same numbers on the command line"),
            Command(
                text="igny8 export --site demo --to articles",
                does="the articles as Markdown files with their images",
            ),
            Command(
                text="igny8 import FILE --site my-site",
                does="your own keywords, from any tool's export",
            ),
        ),
    )


def _clusters(site: Site) -> Iterator[ClusterSection]:
    keywords = Keyword.objects.order_by("page", "-volume", "pk")
    for cluster in site.clusters.prefetch_related(Prefetch("keywords", keywords), "ideas"):
        yield ClusterSection(
            name=cluster.name,
            intent=cluster.intent,
            keywords=tuple(
                KeywordLine(text=k.keyword, volume=k.volume, similarity=k.similarity)
                for k in cluster.keywords.all()
            ),
            ideas=tuple(idea.title for idea in cluster.ideas.all()),
        )


def _articles(site: Site, folder: Path) -> Iterator[Article]:
    contents = site.contents.select_related("task__idea__cluster").prefetch_related("images")
    for content in contents.order_by("pk"):
        pictures = {image.slot: _picture(image, folder) for image in _made(content)}
        cluster: Cluster = content.task.idea.cluster
        yield Article(
            title=content.title,
            slug=content.slug,
            cluster=cluster.name,
            intent=content.task.idea.intent,
            words=content.word_count,
            meta_title=content.meta_title,
            meta_description=content.meta_description,
            html=html_of(content.body),
            featured=pictures.get(0),
            images=tuple(picture for slot, picture in sorted(pictures.items()) if slot),
            keywords=(content.primary_keyword, *content.secondary_keywords),
        )


def _made(content: Content) -> Iterator[Image]:
    return (i for i in content.images.all() if i.file)


def _picture(image: Image, folder: Path) -> Picture:
    path = Path(settings.MEDIA_ROOT) / image.file
    return Picture(
        path=os.path.relpath(path, folder),
        alt=image.alt,
        width=image.width or 0,
        height=image.height or 0,
        anchor=image.anchor,
        caption=image.caption,
    )


def _seconds(started: str | None, ended: str | None) -> float:
    if not started or not ended:
        return 0.0
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(started)).total_seconds()
