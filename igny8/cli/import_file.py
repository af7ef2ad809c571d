"""`igny8 import`: keywords of any tool into a site."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from igny8.cli.opening import open_database
from igny8.cli.options import AsJson, SiteSlug, console, counted, remark, say, say_json
from igny8.cli.reading import KeywordFile, name_of, opened
from igny8.core.errors import UsageError

if TYPE_CHECKING:
    from igny8.intake import Export
    from igny8.planner.keyword_import import ImportReport
    from igny8.sites.models import Site

ERRORS_SHOWN = 10
NO_SITE = 0
LINE_ENDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def import_file(
    file: KeywordFile,
    site: SiteSlug,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report and store nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring keywords into a site; the site is made when it is not there."""
    open_database()
    from igny8.planner.keyword_import import import_keywords

    target = _site(site)
    with opened(file) as export, console(for_progress=True).status("Reading keywords"):
        if target._state.adding and not dry_run:
            target.save()
            (remark if as_json else say)(f"Site {site} was not there; created it.")
        target.pk = target.pk or NO_SITE
        report = import_keywords(target, export, dry_run=dry_run)
    if as_json:
        say_json(report.as_json())
        return
    for line in _lines(file, export, report):
        say(line)
    say(_next(site, report, dry_run=dry_run))


def _site(slug: str) -> "Site":
    """The site, not stored yet when it is new; raises a UsageError for a name no site can have."""
    from django.core.exceptions import ValidationError

    from igny8.accounts.models import owner_account
    from igny8.sites.models import Site

    if (found := Site.objects.filter(slug=slug).first()) is not None:
        if found.archived_at is not None:
            raise UsageError(f"Site {slug} was deleted and is kept for a while; choose another.")
        return found
    site = Site(account=owner_account(), slug=slug, name=slug.replace("-", " ").capitalize())
    try:
        site.full_clean()
    except ValidationError as error:
        raise UsageError(
            f"“{slug}” cannot be a site's short name: use up to 60 letters, digits and hyphens."
        ) from error
    return site


def _lines(file: Path, export: "Export", report: "ImportReport") -> Iterator[str]:
    yield f"{name_of(file)}: {', '.join(_format(export))}"
    for theirs, ours in report.columns.items():
        yield f"  {theirs} → {ours}"
    rows = report.rows
    yield (
        f"{counted(rows.total, 'row', 'rows')}: {rows.new:,} new, "
        f"{rows.duplicate:,} duplicate, {rows.bad:,} unusable"
    )
    for error in report.errors[:ERRORS_SHOWN]:
        yield f"  line {error.line}: {error.reason}"
    if rows.bad > ERRORS_SHOWN:
        yield f"  and {rows.bad - ERRORS_SHOWN:,} more; --json lists them"
    for warning in report.warnings:
        yield f"Note: {warning}"


def _format(export: "Export") -> Iterator[str]:
    yield export.label
    yield export.encoding
    if export.delimiter:
        yield f"separated by {LINE_ENDS.get(export.delimiter, export.delimiter)}"
    if export.header_line:
        yield f"header in line {export.header_line}"


def _next(site: str, report: "ImportReport", *, dry_run: bool) -> str:
    if dry_run:
        return "Nothing was stored; leave out --dry-run to import."
    if report.rows.new:
        return f"Next: igny8 run --site {site}"
    return f"Nothing new. See where the site stands: igny8 status --site {site}"
