"""Nobody sees or changes what another team owns: every address, every role, both ways of asking."""

import re

import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from igny8.accounts.access import Reach
from igny8.accounts.models import Role
from tests.worlds import OBJECTS, PLACES, WORDS, Address, World, addresses, make_world

pytestmark = pytest.mark.django_db

PUBLIC = {
    "healthz",
    "setup/",
    "invitation/<str:secret>/",
    "sign-in/",
    "sign-in/passkey/",
    "sign-in/code/",
    "sign-in/inactive/",
    "sign-out/",
    "password/",
    "password/sent/",
    "password/done/",
    "password/<base36:uidb36>-<str:key>/",
}
ALL = addresses()
GUARDED = [address for address in ALL if address.reach in (Reach.SITE, Reach.ACCOUNT)]
OF_SITES = [address for address in ALL if address.reach is Reach.SITE]
OF_PERSONS = [address for address in ALL if address.reach is Reach.PERSON]
NOT_ALLOWED = 405


@pytest.fixture
def mine() -> World:
    return make_world("meadow")


@pytest.fixture
def theirs() -> World:
    return make_world("zebra")


def asked(client: Client, path: str) -> set[int]:
    """The statuses of asking for a page and of sending a form to it."""
    return {client.get(path).status_code, client.post(path).status_code}


def refused(statuses: set[int]) -> bool:
    """Not there; a page that only takes forms may say so before it looks who asks."""
    return 404 in statuses and statuses <= {404, NOT_ALLOWED}


def test_every_address_declares_who_may_open_it() -> None:
    assert [str(address) for address in ALL if address.rule is None] == []


def test_only_the_listed_addresses_are_open_to_everybody() -> None:
    assert {address.route for address in ALL if address.reach is Reach.PUBLIC} <= PUBLIC


def test_the_walk_can_fill_in_every_address() -> None:
    known = {*OBJECTS, *WORDS, *PLACES}
    unknown = {name for address in ALL for name in address.parameters} - known
    assert unknown == set(), "tests/worlds.py must say what these parameters are"


@pytest.mark.parametrize("address", GUARDED, ids=str)
def test_a_foreign_team_or_site_is_not_there(address: Address, mine: World, theirs: World) -> None:
    path = address.of(theirs)
    for role in Role:
        assert refused(asked(mine.client(role), path))


@pytest.mark.parametrize("address", [a for a in GUARDED + OF_PERSONS if a.objects], ids=str)
def test_a_foreign_object_is_not_there_at_an_address_of_ones_own(
    address: Address, mine: World, theirs: World
) -> None:
    path = address.of(mine, theirs)
    for role in Role:
        assert refused(asked(mine.client(role), path))


@pytest.mark.parametrize("address", GUARDED, ids=str)
def test_a_role_that_is_too_low_finds_nothing(address: Address, mine: World) -> None:
    assert address.rule is not None
    needed = address.rule.role
    assert needed is not None
    path = address.of(mine)
    for role in Role:
        client = mine.client(role)
        if role.includes(needed):
            assert client.get(path).status_code != 404
        else:
            assert refused(asked(client, path))


@pytest.mark.parametrize("address", GUARDED + OF_PERSONS, ids=str)
def test_whoever_is_not_signed_in_is_sent_to_the_sign_in(address: Address, mine: World) -> None:
    answers = [Client().get(address.of(mine)), Client().post(address.of(mine))]
    sent = [answer for answer in answers if answer.status_code != NOT_ALLOWED]
    assert sent
    for answer in sent:
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("address", GUARDED + OF_PERSONS, ids=str)
def test_no_page_of_ones_own_mentions_what_others_have(
    address: Address, mine: World, theirs: World
) -> None:
    for other in GUARDED + OF_PERSONS:
        other.of(theirs)  # every kind of object exists on the other side
    page = mine.client(Role.OWNER).get(address.of(mine))
    assert theirs.word not in words_of(page)


@pytest.mark.parametrize("address", OF_SITES, ids=str)
def test_every_statement_of_a_sites_page_names_the_site_or_a_row(
    address: Address, mine: World
) -> None:
    client = mine.client(Role.OWNER)
    path = address.of(mine)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(path)
    assert [query["sql"] for query in captured if is_unbounded(query["sql"])] == []


def test_no_path_leads_from_ones_own_pictures_to_those_of_others(
    mine: World, theirs: World
) -> None:
    for address in ALL:
        address.of(theirs)
    client = mine.client(Role.OWNER)
    for way in ("../zebra-site/zebra.webp", "..%2Fzebra-site%2Fzebra.webp", "%2Fetc%2Fpasswd"):
        assert client.get(f"/media/meadow-site/{way}").status_code == 404


def words_of(page: HttpResponseBase) -> str:
    if isinstance(page, StreamingHttpResponse):
        return b"".join(page).decode(errors="replace").lower()
    assert isinstance(page, HttpResponse)
    return page.content.decode(errors="replace").lower()


SITE_TABLES = {
    model._meta.db_table
    for model in apps.get_models()
    if any(f.name == "site" and f.is_relation for f in model._meta.get_fields())
}
KEYED = re.compile(r'\b(site_id|\w*_id|id|slug)"? (=|IN) ?', re.IGNORECASE)


def is_unbounded(sql: str) -> bool:
    """Reads a table of sites' rows without naming a site or a row of one."""
    if sql.startswith("INSERT"):
        return False  # the same-site triggers look at these
    tables = set(re.findall(r"\bigny8_\w+", sql)) & SITE_TABLES
    _, _, condition = sql.partition(" WHERE ")
    return bool(tables) and KEYED.search(condition) is None
