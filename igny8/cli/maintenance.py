"""`igny8 export` and `igny8 doctor`."""

from pathlib import Path
from typing import Annotated

import typer

from igny8.cli.opening import open_database, open_site
from igny8.cli.options import AsJson, SiteSlug, say, say_json
from igny8.core.errors import UsageError


def export(
    site: SiteSlug,
    to: Annotated[Path, typer.Option(help="The folder the files go to.")],
    status: Annotated[str | None, typer.Option(help="Only articles in this status.")] = None,
) -> None:
    """Write articles as Markdown files with front matter and their images."""
    open_database()
    from igny8.writer.export import export_site
    from igny8.writer.models import Content

    if status is not None and status not in Content.Status.values:
        raise UsageError(f"--status is one of {', '.join(Content.Status.values)}, not “{status}”.")
    files = list(export_site(open_site(site), to, status=status))
    say(f"{len(files)} articles written to {to}" if files else "No article to export.")


def doctor(as_json: AsJson = False) -> None:
    """Check that what must always be true is true."""
    open_database()
    from igny8.automation.checks import all_checks

    checks = list(all_checks())
    ok = all(check.ok for check in checks)
    if as_json:
        found = [{"name": c.name, "ok": c.ok, "detail": c.detail} for c in checks]
        say_json({"ok": ok, "checks": found})
    else:
        for check in checks:
            say(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.detail}")
    if not ok:
        raise typer.Exit(1)
