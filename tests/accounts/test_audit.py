"""The audit log: what people did, found again, never changed, without secrets."""

import csv
import io

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from igny8.accounts.audit import record
from igny8.accounts.models import Account, AuditEntry, Kind, User
from tests.accounts.conftest import PASSWORD, sign_in
from tests.factories import make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(team: Account, owner: User, client: Client) -> str:
    """The page of a log with a few lines, opened by the owner."""
    site = make_site(slug="herbs")
    sign_in(client, owner)
    record(owner, "started", "run 87", site, note="estimate ~842 credits")
    record(owner, "changed", "the error limit", site, kind=Kind.SETTINGS, before="10%", after="5%")
    record(owner, "said", "=HYPERLINK(1)", account=team)
    return f"/team/{team.pk}/audit/"


def found(client: Client, path: str, **query: str) -> list[str]:
    return [str(entry) for entry in client.get(path, query).context["entries"]]


def test_lines_are_refused_change_and_removal(log: str) -> None:
    for act in (
        lambda: AuditEntry.objects.update(person="Eve"),
        lambda: AuditEntry.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


def test_the_newest_line_comes_first_under_its_day(log: str, client: Client) -> None:
    page = client.get(log).content.decode()
    assert page.index("run 87") > page.index("the error limit")
    assert "<h2>Today</h2>" in page
    assert "<del>10%</del>" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "RUN 8"}, ["Mara started run 87"]),
        ({"kind": "settings"}, ["Mara changed the error limit"]),
        ({"kind": "access"}, ["Mara signed in"]),
        ({"site": "herbs", "q": "estimate"}, ["Mara started run 87"]),
        ({"person": "Nobody"}, []),
        ({"kind": "nonsense", "q": "run"}, ["Mara started run 87"]),
    ],
)
def test_the_address_says_what_is_shown(
    log: str, client: Client, query: dict[str, str], expected: list[str]
) -> None:
    assert found(client, log, **query) == expected


def test_older_lines_are_a_link_away_and_keep_the_filter(
    log: str, client: Client, owner: User, team: Account
) -> None:
    for number in range(60):
        record(owner, "imported", f"file {number}", account=team)
    page = client.get(log, {"q": "imported"})
    assert len(page.context["entries"]) == 50
    older = found(client, f"{log}?{page.context['older']}")
    assert older == [f"Mara imported file {number}" for number in range(9, -1, -1)]


def test_the_export_holds_the_filtered_lines_and_no_formula(log: str, client: Client) -> None:
    answer = client.get(log.replace("audit/", "audit.csv"), {"q": "hyperlink"})
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["person"], row["thing"]) == ("Mara", "'=HYPERLINK(1)")


def test_passwords_and_links_never_reach_the_log(log: str, client: Client, team: Account) -> None:
    client.post("/sign-in/", {"login": "mara@example.org", "password": "a wrong secret"})
    client.post(f"/team/{team.pk}/invite/", {"email": "ana@example.org", "role": "viewer"})
    link = client.get(f"/team/{team.pk}/").context["link"]["link"]
    written = str(list(AuditEntry.objects.values()))
    for secret in (PASSWORD, "a wrong secret", link.split("/")[-2]):
        assert secret not in written


def test_a_line_outlives_the_site_it_names(log: str, client: Client) -> None:
    from igny8.sites.models import Site

    Site.objects.all().delete()
    assert found(client, log, q="run") == ["Mara started run 87"]
