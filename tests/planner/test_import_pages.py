"""Bringing keywords through the pages: a look first, then the decision."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from igny8.accounts.models import Role, owner_account
from igny8.core.errors import UserError
from igny8.planner.models import Keyword
from igny8.planner.uploads import find_upload, keep_upload
from igny8.sites.models import Site
from tests.automation.world import site_with
from tests.people import client_of, person_with

pytestmark = pytest.mark.django_db
TABLE = b"Keyword,Volume\nmoka pot,5400\ncold brew,880\n,10\n"


@pytest.fixture
def editor() -> Client:
    return client_of(person_with(Role.EDITOR))


def sent(editor: Client, site: Site, content: bytes = TABLE) -> str:
    """The address of the check that follows."""
    file = SimpleUploadedFile("words.csv", content)
    answer = editor.post(f"/s/{site.slug}/keywords/import/", {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_nothing_is_stored_before_somebody_confirms(editor: Client) -> None:
    site = site_with()
    check = sent(editor, site)

    text = editor.get(check).content.decode()
    assert "3 rows checked" in text
    assert "Import 2 keywords" in text
    assert not Keyword.objects.exists()
    ticket = check.partition("file=")[2]
    done = editor.post(f"/s/{site.slug}/keywords/import/check/", {"file": ticket})
    assert "2 keywords are in" in done.content.decode()
    assert Keyword.objects.filter(site=site).count() == 2


def test_pasted_lines_are_as_good_as_a_file(editor: Client) -> None:
    site = site_with()

    answer = editor.post(f"/s/{site.slug}/keywords/import/", {"lines": "moka pot\ncold brew"})
    assert "Import 2 keywords" in editor.get(answer["Location"]).content.decode()


def test_a_file_that_cannot_be_read_is_said_with_what_to_do(editor: Client) -> None:
    site = site_with()
    file = SimpleUploadedFile("photo.csv", bytes(range(256)) * 40)

    answer = editor.post(f"/s/{site.slug}/keywords/import/", {"file": file})
    assert answer.status_code == 422
    assert "Nothing was imported." in answer.content.decode()


def test_neither_file_nor_lines_is_an_error(editor: Client) -> None:
    answer = editor.post(f"/s/{site_with().slug}/keywords/import/")

    assert answer.status_code == 422
    assert "Choose a file" in answer.content.decode()


def test_an_upload_is_found_for_its_own_site_alone() -> None:
    one, other = site_with(slug="one"), site_with(slug="other")
    upload = keep_upload(one, "../../words.csv", [TABLE])

    assert upload.name == "words.csv"
    assert find_upload(one, upload.ticket).path == upload.path
    for site, ticket in ((other, upload.ticket), (one, upload.ticket + "x")):
        with pytest.raises(UserError, match="choose it again"):
            find_upload(site, ticket)


def test_a_site_is_added_and_leads_to_its_keywords(editor: Client) -> None:
    account = owner_account()
    values = {"name": "Northwind Coffee", "slug": "", "language": "en", "time_zone": "UTC"}

    answer = editor.post(f"/team/{account.pk}/sites/add/", values)
    assert answer["Location"] == "/s/northwind-coffee/keywords/import/"
    again = editor.post(f"/team/{account.pk}/sites/add/", values)
    assert "is here already" in again.content.decode()


def test_the_sample_site_is_loaded_once_and_can_be_removed(editor: Client) -> None:
    account = owner_account()

    answer = editor.post(f"/team/{account.pk}/sites/sample/")
    assert answer["Location"] == "/s/demo/automation/"
    assert Keyword.objects.filter(site__slug="demo").count() == 166
    assert editor.post(f"/team/{account.pk}/sites/sample/")["Location"] == "/s/demo/automation/"
    editor.post("/s/demo/remove-sample")
    assert not Site.objects.live().filter(slug="demo").exists()


def test_only_a_sample_goes_so_easily(editor: Client) -> None:
    site = site_with()

    editor.post(f"/s/{site.slug}/remove-sample")
    assert Site.objects.live().filter(pk=site.pk).exists()


def test_somebody_without_a_site_is_led_to_adding_one(editor: Client) -> None:
    assert editor.get("/")["Location"] == f"/team/{owner_account().pk}/sites/add/"
    viewer = client_of(person_with(Role.VIEWER))
    assert "Your team has no site yet" in viewer.get("/").content.decode()
