"""The audit log of a team, for its owner."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from igny8.accounts.access import account_page
from igny8.accounts.audit import record
from igny8.accounts.audit_search import PAGE, Asked, choices, lines
from igny8.accounts.models import Account, AuditEntry, Kind, Role
from igny8.theme.csv_files import csv_file

COLUMNS = ("done_at", "person", "kind", "verb", "thing", "before", "after", "note", "site_slug")


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
    return csv_file("audit-log.csv", COLUMNS, (_row(entry) for entry in found.iterator()))


def _row(entry: AuditEntry) -> list[str]:
    return [entry.done_at.isoformat(), *(str(getattr(entry, name)) for name in COLUMNS[1:])]
