"""`igny8 import`: keywords of any tool into a site."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from igny8.cli.opening import open_database
from igny8.cli.options import AsJson, SiteSlug, console, counted, remark, say, say_json
from igny8.cli.reading import KeywordFile, name_of, opened
from igny8.cli.typist import note_down
from igny8.core.errors import UsageError
from igny8.intake import Corrections, read_corrections
from igny8.intake.corrections import DELIMITERS

if TYPE_CHECKING:
    from igny8.intake import Export
    from igny8.planner.keyword_import import ImportReport
    from igny8.sites.models import Site

ERRORS_SHOWN = 10
NO_SITE = 0
SIGNS = {sign: word for word, sign in DELIMITERS.items()}


def _corrects(flag: str, what: str) -> Any:
    """An option for what is usually recognised."""
    return typer.Option(flag, help=what, rich_help_panel="Where the recognition is wrong")


def import_file(
    file: KeywordFile,
    site: SiteSlug,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report and store nothing.")] = False,
    as_json: AsJson = False,
    source: Annotated[str, _corrects("--source", "The tool, such as semrush_keyword_magic.")] = "",
    encoding: Annotated[str, _corrects("--encoding", "Such as utf-8 or cp1252.")] = "",
    delimiter: Annotated[
        str, _corrects("--delimiter", "comma, semicolon, tab, bar or none; or the sign itself.")
    ] = "",
    header_row: Annotated[
        str, _corrects("--header-row", "The line with the column names, or none.")
    ] = "",
    decimal: Annotated[str, _corrects("--decimal", "point or comma.")] = "",
    country: Annotated[str, _corrects("--country", "The market of rows that name none.")] = "",
    column: Annotated[
        list[str] | None,
        _corrects("--column", '"Their header=keyword", or =ignore; may be repeated.'),
    ] = None,
) -> None:
    """Bring keywords into a site; the site is made when it is not there."""
    told = {
        "source": source,
        "encoding": encoding,
        "delimiter": delimiter,
        "header_line": header_row,
        "decimal_mark": decimal,
        "country": country,
    }
    corrections = read_corrections(told, dict(map(_named, column or [])))
    _bring_in(file, site, corrections, dry_run=dry_run, as_json=as_json)


def _named(column: str) -> tuple[str, str]:
    theirs, sign, ours = column.rpartition("=")
    if not sign or not theirs.strip():
        raise UsageError(f'“{column}” names no column; write it as "Their header=keyword".')
    return theirs.strip(), ours.strip()


def _bring_in(
    file: Path, site: str, corrections: Corrections, *, dry_run: bool, as_json: bool
) -> None:
    open_database()
    from igny8.planner.keyword_import import import_keywords

    target = _site(site)
    with opened(file, corrections) as export, console(for_progress=True).status("Reading keywords"):
        if target._state.adding and not dry_run:
            target.save()
            (remark if as_json else say)(f"Site {site} was not there; created it.")
        target.pk = target.pk or NO_SITE
        report = import_keywords(target, export, dry_run=dry_run)
    if not dry_run:
        new = f"{report.rows.new:,} new"
        note_down("imported keywords into", target, target, after=new)
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
        yield f"separated by {SIGNS[export.delimiter]}"
    if export.header_line:
        yield f"header in line {export.header_line}"


def _next(site: str, report: "ImportReport", *, dry_run: bool) -> str:
    if dry_run:
        return "Nothing was stored; leave out --dry-run to import."
    if report.rows.new:
        return f"Next: igny8 run --site {site}"
    return f"Nothing new. See where the site stands: igny8 status --site {site}"
