"""`igny8 export`: articles as Markdown files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from igny8.cli.opening import open_database, open_site
from igny8.cli.options import SiteSlug, console, counted, remark, say
from igny8.core.errors import UsageError

if TYPE_CHECKING:
    from igny8.sites.models import Site
    from igny8.writer.export import ExportReport

MISSING_SHOWN = 5


def export(
    site: SiteSlug,
    to: Annotated[Path, typer.Option(help="The folder the files go to; made if need be.")],
    status: Annotated[
        list[str] | None,
        typer.Option(
            help="Only articles in this status (may be given again). All but drafts and "
            "rejected ones if left out."
        ),
    ] = None,
) -> None:
    """Write articles as Markdown files with front matter, their images beside them."""
    open_database()
    from igny8.writer.export import FINISHED
    from igny8.writer.models import Content

    for name in status or ():
        if name not in Content.Status.values:
            known = ", ".join(Content.Status.values)
            raise UsageError(f"There is no status “{name}”. Articles are: {known}.")
    report = _exported(open_site(site), to, status or list(FINISHED))
    if not report.articles:
        say(f"{site} has no article to export. Make some: igny8 run --site {site}")
        return
    for name in report.missing[:MISSING_SHOWN]:
        remark(f"The image {name} is gone; its article was exported without it.")
    changed = f"{counted(report.written, 'file', 'files')} new or changed"
    say(
        f"{counted(report.articles, 'article', 'articles')} and "
        f"{counted(report.images, 'image', 'images')} are in {to} ({changed})."
    )


def _exported(site: "Site", folder: Path, statuses: list[str]) -> "ExportReport":
    from rich.progress import Progress

    from igny8.writer.export import ExportReport, export_articles

    report = ExportReport()
    total = site.contents.filter(status__in=statuses).count()
    screen = console(for_progress=True)
    try:
        with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bar:
            task = bar.add_task("Exporting", total=total)
            for report in export_articles(site, folder, statuses=statuses):
                bar.update(task, completed=report.articles)
    except OSError as error:
        place = error.filename or folder
        raise UsageError(f"{place} cannot be written: {error.strerror}.") from error
    return report
