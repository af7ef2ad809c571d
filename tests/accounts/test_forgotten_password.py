"""A forgotten password: a link by e-mail, or a command on the server."""

import re
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.test import Client

from igny8.accounts.models import User
from tests.accounts.conftest import sign_in

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db
FRESH = "another long sentence"


@pytest.fixture
def mailing(settings: "Settings") -> None:
    settings.EMAIL_READY = True


def test_without_mail_the_page_names_the_command(client: Client) -> None:
    page = client.get("/password/").content.decode()
    assert "igny8 user password EMAIL" in page
    assert "<input" not in page.partition("<main")[2]


def test_the_mailed_link_sets_a_password_once(mailing: None, client: Client, owner: User) -> None:
    client.post("/password/", {"email": owner.email})
    [letter] = mail.outbox
    assert letter.to == [owner.email]
    found = re.search(r"http://testserver(/password/\S+)", str(letter.body))
    assert found is not None
    form = client.get(found[1], follow=True).redirect_chain[-1][0]
    answer = client.post(form, {"password1": FRESH, "password2": FRESH})
    assert answer.headers["Location"] == "/password/done/"
    sign_in(client, owner, FRESH)
    assert client.get("/me/").status_code == 200
    assert "no longer works" in Client().get(found[1], follow=True).content.decode()


def test_an_unknown_address_gets_the_same_answer_and_no_letter(
    mailing: None, client: Client, owner: User
) -> None:
    answers = [
        client.post("/password/", {"email": email}).headers["Location"]
        for email in (owner.email, "nobody@example.org")
    ]
    assert answers == ["/password/sent/"] * 2
    assert [letter.to for letter in mail.outbox] == [[owner.email]]
