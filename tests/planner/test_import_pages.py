"""Bringing keywords through the pages: what each column means, a look at it, then the decision."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from igny8.accounts.models import AuditEntry, Role, owner_account
from igny8.core import clock
from igny8.core.errors import UserError
from igny8.jobs.models import Worker
from igny8.planner import imports
from igny8.planner.models import Keyword, KeywordImport
from igny8.planner.uploads import keep_upload, upload_in
from igny8.sites.models import Site
from tests.automation.world import site_with
from tests.people import client_of, person_with

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db
TABLE = b"Keyword,Volume\nmoka pot,5400\ncold brew,880\nmoka pot,1\n,10\n"
Status = KeywordImport.Status


@pytest.fixture(autouse=True)
def folder(settings: "Settings", tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def editor() -> Client:
    return client_of(person_with(Role.EDITOR))


def sent(editor: Client, site: Site, content: bytes = TABLE) -> str:
    """The address of the columns that follow."""
    file = SimpleUploadedFile("words.csv", content)
    answer = editor.post(f"/s/{site.slug}/keywords/import/", {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def decided(editor: Client, address: str, decision: str, **told: str) -> str:
    """The page that a decision leads to."""
    answer = editor.post(address, {"decision": decision, **told}, follow=True)
    return answer.content.decode()


def test_nothing_is_stored_before_somebody_confirms(editor: Client) -> None:
    address = sent(editor, site_with())
    assert "Check 4 rows" in editor.get(address).content.decode()

    text = decided(editor, address, "check")
    assert "4 rows checked" in text
    assert "Import 2 keywords" in text
    assert "1 twice in the file" in text
    assert not Keyword.objects.exists()
    assert "2 keywords are in" in decided(editor, address, "import")
    assert Keyword.objects.count() == 2
    assert AuditEntry.objects.filter(verb="imported keywords into", after="2 new").exists()


def test_confirming_twice_imports_once(editor: Client) -> None:
    address = sent(editor, site_with())
    decided(editor, address, "check")
    for _ in range(2):
        assert "2 keywords are in" in decided(editor, address, "import")
    assert AuditEntry.objects.filter(verb="imported keywords into").count() == 1


def test_pasted_lines_are_as_good_as_a_file(editor: Client) -> None:
    answer = editor.post(
        f"/s/{site_with().slug}/keywords/import/", {"lines": "moka pot\ncold brew"}
    )
    assert "Import 2 keywords" in decided(editor, answer["Location"], "check")


def test_a_file_that_cannot_be_read_is_said_with_what_to_do(editor: Client, folder: Path) -> None:
    file = SimpleUploadedFile("photo.csv", bytes(range(256)) * 40)

    answer = editor.post(f"/s/{site_with().slug}/keywords/import/", {"file": file})
    assert answer.status_code == 422
    assert "Nothing was imported." in answer.content.decode()
    assert not list((folder / "uploads").iterdir())


def test_neither_file_nor_lines_is_an_error(editor: Client) -> None:
    answer = editor.post(f"/s/{site_with().slug}/keywords/import/")

    assert answer.status_code == 422
    assert "Choose a file" in answer.content.decode()


def test_a_column_can_be_given_another_meaning(editor: Client) -> None:
    address = sent(editor, site_with(), b"Thing,Amount\nmoka pot,12\ncold brew,7\n")
    page = editor.get(address).content.decode()
    assert "No column becomes the keyword yet" in page
    assert 'aria-disabled="true" aria-describedby="columns-state"' in page
    assert "No column becomes the keyword yet" in decided(editor, address, "check")

    columns = {"column:Thing": "keyword", "column:Amount": "volume"}
    better = decided(editor, address, "look", **columns)
    assert "aria-disabled" not in better
    decided(editor, address, "check", **columns)
    decided(editor, address, "import")
    assert set(Keyword.objects.values_list("keyword", "volume")) == {
        ("moka pot", 12),
        ("cold brew", 7),
    }


def test_what_was_chosen_is_kept_for_whoever_comes_back(editor: Client) -> None:
    address = sent(editor, site_with(), b"Keyword;CPC\nmoka pot;1,250\n")
    decided(editor, address, "look", decimal_mark="point", country="de")
    page = editor.get(address).content.decode()
    assert '<option value="point" selected>' in page
    assert '<option value="de" selected>Germany</option>' in page

    decided(editor, address, "look")
    assert '<option value="point" selected>' not in editor.get(address).content.decode()


def test_a_part_of_the_page_is_answered_to_what_asks_for_it(editor: Client) -> None:
    address = sent(editor, site_with())
    part = editor.post(address, {"delimiter": "semicolon"}, headers={"HX-Request": "true"})
    text = part.content.decode()
    assert text.startswith("<form")
    assert "<html" not in text
    assert "Keyword,Volume" in text


def test_a_choice_that_cannot_be_is_said_and_changes_nothing(editor: Client) -> None:
    address = sent(editor, site_with())
    answer = editor.post(address, {"decision": "look", "header_line": "99"})
    assert answer.status_code == 422
    assert "Line 99 is no header" in answer.content.decode()
    assert KeywordImport.objects.get().corrections == {}


def test_a_changed_column_makes_an_earlier_check_void(editor: Client) -> None:
    address = sent(editor, site_with())
    decided(editor, address, "check")
    decided(editor, address, "look", **{"column:Volume": "ignore"})
    assert KeywordImport.objects.get().report is None
    decided(editor, address, "import")
    assert not Keyword.objects.exists()


def test_bad_rows_are_shown_and_come_as_a_file(editor: Client) -> None:
    address = sent(editor, site_with(), b"Keyword,Volume\n=1+1,ten\nmoka pot,5\n")
    assert "is not a number" in decided(editor, address, "check")
    answer = editor.get(f"{address}bad-rows.csv")
    lines = answer.getvalue().decode().splitlines()
    assert lines[0] == "line,row,reason"
    assert lines[1].startswith("2,'=1+1 ; ten,")


def test_earlier_imports_are_listed_with_what_became_of_them(editor: Client) -> None:
    site = site_with()
    address = sent(editor, site)
    page = f"/s/{site.slug}/keywords/import/"
    assert "Waits for you" in editor.get(page).content.decode()
    decided(editor, address, "check")
    decided(editor, address, "import")
    assert "2 new, 0 already here, 1 bad" in editor.get(page).content.decode()


def test_a_file_is_nobody_elses_and_goes_once_it_is_in(editor: Client, folder: Path) -> None:
    address = sent(editor, site_with())
    found = KeywordImport.objects.get()
    path = upload_in(found.folder)
    assert path is not None
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    decided(editor, address, "check")
    decided(editor, address, "import")
    assert not list((folder / "uploads").iterdir())


def test_a_name_leads_nowhere_else(folder: Path) -> None:
    path = keep_upload("../../words.csv", [TABLE])
    assert path.name == "words.csv"
    assert path.parent.parent == folder / "uploads"
    with pytest.raises(UserError, match="larger than 50 MB"):
        keep_upload("big.csv", (b"x" * (1 << 20) for _ in range(51)))


def test_a_file_that_is_gone_is_said(editor: Client, folder: Path) -> None:
    site = site_with()
    address = sent(editor, site)
    (path,) = (folder / "uploads").glob("*/words.csv")
    path.unlink()
    for answer in (
        editor.get(address, follow=True),
        editor.post(address, {"decision": "check"}, follow=True),
    ):
        assert "choose it again. Nothing was imported." in answer.content.decode()


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "LARGE_ROWS", 3)


@pytest.mark.usefixtures("large")
def test_a_large_file_waits_for_a_worker_and_says_so_calmly(editor: Client) -> None:
    address = sent(editor, site_with())
    page = decided(editor, address, "check")
    assert "No worker is running at the moment" in page
    assert "0 of about 4 rows" in page

    Worker.objects.create(pk="w", host="h", pid=1)
    part = editor.get(f"{address}progress").content.decode()
    assert "No worker is running" not in part
    assert 'data-live="1"' in part
    Worker.objects.update(seen_at=clock.now() - timedelta(minutes=5))
    assert "No worker is running" in editor.get(f"{address}progress").content.decode()


@pytest.mark.usefixtures("large")
def test_the_progress_leads_to_what_comes_next(editor: Client) -> None:
    address = sent(editor, site_with())
    decided(editor, address, "check")
    KeywordImport.objects.update(status=Status.CHECKED)
    assert editor.get(f"{address}progress")["HX-Redirect"] == address


@pytest.mark.usefixtures("large")
def test_a_check_can_be_stopped(editor: Client) -> None:
    address = sent(editor, site_with())
    decided(editor, address, "check")
    assert "Check 4 rows" in decided(editor, address, "stop")
    found = KeywordImport.objects.get()
    assert (found.status, found.generation) == (Status.COLUMNS, 2)


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
