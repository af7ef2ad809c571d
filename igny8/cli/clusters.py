"""`igny8 clusters`: what the grouping made, and what a person makes of it."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from igny8.cli.opening import open_database, open_site
from igny8.cli.options import AsJson, SiteSlug, console, counted, say, say_json
from igny8.cli.typist import typist
from igny8.core.errors import UsageError

if TYPE_CHECKING:
    from igny8.planner.models import Cluster, Keyword
    from igny8.sites.models import Site

clusters = typer.Typer(
    no_args_is_help=True, help="Look at a site's clusters; rename, merge, split and lock them."
)
Name = Annotated[str, typer.Argument(help="The cluster's name.")]
Keywords = Annotated[list[str], typer.Argument(help="The keywords, each in quotes.")]


@clusters.command("list")
def list_clusters(site: SiteSlug, as_json: AsJson = False) -> None:
    """List the clusters, largest first."""
    rows = _figures(_opened(site))
    if as_json:
        say_json(rows)
        return
    from rich.table import Table

    table = Table("Cluster", "Keywords", "Ideas", "Status", "Locked")
    for row in rows:
        figures = (f"{row['keywords']:,}", f"{row['ideas']:,}", row["status"])
        table.add_row(row["cluster"], *figures, "yes" if row["locked"] else "")
    console().print(table)


@clusters.command("show")
def show(name: Name, site: SiteSlug) -> None:
    """List a cluster's keywords, page by page, each with its similarity to the head."""
    found = _cluster(_opened(site), name)
    page = None
    for keyword in found.keywords.order_by("page", "-similarity", "keyword"):
        if keyword.page != page:
            page = keyword.page
            say(f"Page {page}")
        say(f"  {_close(keyword.similarity)}  {keyword.keyword}")


@clusters.command("rename")
def rename(name: Name, new_name: Name, site: SiteSlug) -> None:
    """Give a cluster another name; no run changes it."""
    from igny8.planner.edits import rename_cluster

    rename_cluster(_cluster(_opened(site), name), new_name)
    say(f"“{name}” is called “{new_name}” now.")


@clusters.command("move")
def move(
    keywords: Keywords,
    site: SiteSlug,
    to: Annotated[str, typer.Option("--to", help="The cluster they go to.")],
) -> None:
    """Move keywords to another cluster, where they become a page."""
    from igny8.planner.edits import move_keywords

    opened = _opened(site)
    ids = [keyword.pk for keyword in _keywords(opened, keywords)]
    moved = move_keywords(opened, ids, to=_cluster(opened, to))
    say(f"{counted(moved, 'keyword', 'keywords')} moved to “{to}”.")


@clusters.command("merge")
def merge(
    name: Name,
    site: SiteSlug,
    into: Annotated[str, typer.Option("--into", help="The cluster that takes it in.")],
) -> None:
    """Put a cluster into another one, page by page."""
    from igny8.planner.cluster_edits import merge_cluster

    opened = _opened(site)
    found, target = _cluster(opened, name), _cluster(opened, into)
    if found.pk == target.pk:
        raise UsageError("A cluster cannot be merged into itself: name another one with --into.")
    merge_cluster(found, into=target, by=typist())
    say(f"“{name}” is part of “{into}” now; it rests in Trash for 30 days.")


@clusters.command("split")
def split(
    name: Name,
    keywords: Keywords,
    site: SiteSlug,
    new_name: Annotated[str, typer.Option("--as", help="The new cluster's name.")],
) -> None:
    """Make a cluster of its own out of some of a cluster's keywords."""
    from igny8.planner.cluster_edits import split_cluster

    opened = _opened(site)
    chosen = _keywords(opened, keywords)
    made = split_cluster(_cluster(opened, name), [one.pk for one in chosen], name=new_name)
    say(f"“{made.name}” has {counted(made.keywords.count(), 'keyword', 'keywords')} of “{name}”.")


@clusters.command("lock")
def lock(name: Name, site: SiteSlug) -> None:
    """Let no run add keywords to a cluster."""
    from igny8.planner.cluster_edits import lock_cluster

    lock_cluster(_cluster(_opened(site), name))
    say(f"No run adds keywords to “{name}” any more.")


@clusters.command("unlock")
def unlock(name: Name, site: SiteSlug) -> None:
    """Let runs add keywords to a cluster again."""
    from igny8.planner.cluster_edits import unlock_cluster

    unlock_cluster(_cluster(_opened(site), name))
    say(f"Runs may add keywords to “{name}” again.")


def _opened(slug: str) -> "Site":
    open_database()
    return open_site(slug)


def _figures(site: "Site") -> list[dict[str, Any]]:
    from django.db.models import Count

    rows = site.clusters.annotate(
        keyword_count=Count("keywords", distinct=True), idea_count=Count("ideas", distinct=True)
    )
    ordered = rows.order_by("-keyword_count", "name")
    names = ("cluster", "keywords", "ideas", "status", "locked")
    columns = ("name", "keyword_count", "idea_count", "status", "locked")
    return [dict(zip(names, row, strict=True)) for row in ordered.values_list(*columns)]


def _cluster(site: "Site", name: str) -> "Cluster":
    from igny8.planner.plain import same

    found = site.clusters.filter(name_folded=same(name)).first()
    if found is None:
        raise UsageError(
            f"{site.slug} has no cluster “{name}”. See them: igny8 clusters list --site {site.slug}"
        )
    return found


def _keywords(site: "Site", words: list[str]) -> "list[Keyword]":
    """Raises a UsageError that names those the site does not have."""
    from igny8.intake.keywords import normalise

    wanted = {normalise(word): word for word in words}
    found = list(site.keywords.filter(normalised__in=wanted))
    missing = set(wanted) - {one.normalised for one in found}
    if missing:
        named = "”, “".join(sorted(wanted[each] for each in missing))
        raise UsageError(f"{site.slug} has no keyword “{named}”.")
    return found


def _close(similarity: float | None) -> str:
    return "by hand" if similarity is None else f"   {similarity:.2f}"
