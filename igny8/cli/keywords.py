"""`igny8 import` and `igny8 cluster`: keyword files in."""

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from igny8.cli.opening import open_database
from igny8.cli.options import AsJson, SiteSlug, say, say_json
from igny8.core.errors import UsageError

if TYPE_CHECKING:
    from igny8.intake import Export
    from igny8.planner.keyword_import import ImportReport
    from igny8.sites.models import Site

ERRORS_SHOWN = 10
FORMULA = ("=", "+", "-", "@", "\t", "\r")
KeywordFile = Annotated[Path, typer.Argument(help="An export of any tool, or lines; - reads them.")]


def import_file(
    file: KeywordFile,
    site: SiteSlug,
    dry_run: Annotated[bool, typer.Option(help="Report and store nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring keywords into a site; the site is made when it is not there."""
    open_database()
    from igny8.planner.keyword_import import import_keywords

    export = _export(file)
    target, is_new = _site(site, dry_run)
    report = import_keywords(target, export, dry_run=dry_run)
    if as_json:
        say_json(report.as_json())
        return
    if is_new:
        say(f"Site {site} did not exist and was made.")
    _say_report(report, export, site, dry_run)


def cluster(
    file: KeywordFile,
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the CSV goes.")],
    granularity: Annotated[str, typer.Option(help="broad, balanced or fine")] = "balanced",
) -> None:
    """Group the keywords of a file; no database, no model, the rows in the file's order."""
    from igny8.clustering import Granularity, Phrase, group
    from igny8.intake import Row

    if granularity not in set(Granularity):
        raise UsageError(f"--granularity is one of {', '.join(Granularity)}, not “{granularity}”.")
    rows = [row for row in _export(file).rows() if isinstance(row, Row)]
    phrases = [
        Phrase(id=at, text=row.keyword, volume=row.volume or row.volume_max, intents=row.intents)
        for at, row in enumerate(rows)
    ]
    sys.stderr.write(f"Grouping {len(phrases)} keywords ...\n")
    grouping = group(phrases, granularity=Granularity(granularity))
    places = {m.id: (topic, m) for topic in grouping.topics for m in topic.members}
    with out.open("w", encoding="utf-8", newline="") as file_out:
        writer = csv.writer(file_out)
        writer.writerow(("keyword", "cluster", "page", "intent", "similarity"))
        for at, row in enumerate(rows):
            topic, member = places[at]
            cells = (row.keyword, topic.name, member.page, topic.intent, member.similarity)
            writer.writerow([_defused(cell) for cell in cells])
    say(f"{len(rows)} keywords in {len(grouping.topics)} clusters: {out}")


def _export(file: Path) -> "Export":
    from igny8.intake import open_export, open_text

    return open_text(sys.stdin.read()) if str(file) == "-" else open_export(file)


def _site(slug: str, dry_run: bool) -> tuple["Site", bool]:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_slug

    from igny8.accounts.models import owner_account
    from igny8.sites.models import Site

    if (found := Site.objects.live().filter(slug=slug).first()) is not None:
        return found, False
    try:
        validate_slug(slug)
    except ValidationError as error:
        raise UsageError(
            f"“{slug}” cannot be a site's name: use letters, digits and hyphens."
        ) from error
    site = Site(account=owner_account(), slug=slug, name=slug.replace("-", " ").title())
    if not dry_run:
        site.save()
    return site, not dry_run


def _say_report(report: "ImportReport", export: "Export", site: str, dry_run: bool) -> None:
    say(f"{export.label}, {report.encoding}: " + ", ".join(_mapping(report)))
    rows = report.rows
    say(f"{rows.total} rows: {rows.new} new, {rows.duplicate} duplicate, {rows.bad} bad")
    for error in report.errors[:ERRORS_SHOWN]:
        say(f"  line {error.line}: {error.reason}")
    if len(report.errors) > ERRORS_SHOWN:
        say(f"  and {len(report.errors) - ERRORS_SHOWN} more; --json lists them")
    for warning in report.warnings:
        say(f"  note: {warning}")
    if dry_run:
        say("Nothing was stored (--dry-run).")
    elif rows.new:
        say(f"Next: igny8 run --site {site}")


def _mapping(report: "ImportReport") -> list[str]:
    return [f"{theirs} → {ours}" for theirs, ours in report.columns.items()] or ["plain lines"]


def _defused(cell: object) -> object:
    """A spreadsheet must not take a keyword for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
