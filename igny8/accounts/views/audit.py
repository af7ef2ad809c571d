"""The audit log of a team, for its owner."""

import csv
from collections.abc import Iterable, Iterator
from itertools import chain

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from igny8.accounts.access import account_page
from igny8.accounts.audit import record
from igny8.accounts.audit_search import PAGE, Asked, choices, lines
from igny8.accounts.models import Account, AuditEntry, Kind, Role

COLUMNS = ("done_at", "person", "kind", "verb", "thing", "before", "after", "note", "site_slug")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@account_page(Role.OWNER)
def log(request: HttpRequest, account: Account) -> HttpResponse:
    asked = Asked.of(request.GET)
    found = list(lines(account, asked)[: PAGE + 1])
    words = {
        "title": "Audit log",
        "account": account,
        "asked": asked,
        "entries": found[:PAGE],
        "older": asked.address(before=found[PAGE - 1].pk) if len(found) > PAGE else "",
        "export": asked.address(before=""),
        "kinds": Kind.choices,
        **choices(account),
    }
    return render(request, "accounts/audit.html", words)


@account_page(Role.OWNER)
def export(request: HttpRequest, account: Account) -> StreamingHttpResponse:
    """The lines of the current filter as CSV, times in UTC."""
    found = lines(account, Asked.of(request.GET))
    record(request, "exported the audit log", kind=Kind.SETTINGS)
    rows = chain([COLUMNS], (_row(entry) for entry in found.iterator()))
    return StreamingHttpResponse(
        _csv(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="audit-log.csv"'},
    )


def _row(entry: AuditEntry) -> list[str]:
    """A cell that a spreadsheet would take for a formula is marked as text."""
    cells = [entry.done_at.isoformat(), *(str(getattr(entry, name)) for name in COLUMNS[1:])]
    return [f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in cells]


class _Line:
    """What csv writes into: each row is handed on as it is written."""

    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    return (writer.writerow(row) for row in rows)
