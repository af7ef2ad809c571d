"""The review page: findings lead into the text, pictures change in front of one's eyes."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Open, Server, environment_of, serving
from tests.browser.showroom import OWNER, PASSWORD

REVIEW = "/s/completed/content/1/"
TOP = "document.querySelector(':target')?.getBoundingClientRect().top"
BAR = "document.querySelector('.actbar').getBoundingClientRect().top"
END = "document.querySelector('article.sheet').getBoundingClientRect().bottom"


def test_a_finding_leads_to_its_place_by_keyboard(open_page: Open) -> None:
    page = open_page(REVIEW)
    page.focus("#checks .spots a[href^='#line-']")
    page.keyboard.press("Enter")

    page.wait_for_selector(".prose :target")
    assert 0 < page.evaluate(TOP) < 900
    colour = "getComputedStyle(document.querySelector('.prose :target')).backgroundColor"
    assert page.evaluate(colour) != "rgba(0, 0, 0, 0)"


def test_every_place_that_is_named_is_there(open_page: Open) -> None:
    page = open_page(REVIEW)
    lost = page.eval_on_selector_all(
        "#checks .spots a", "links => links.filter(a => !document.querySelector(a.hash)).length"
    )
    assert lost == 0
    assert page.locator("#checks .spots a").count() > 3


def test_what_passes_is_folded_and_stays_open_while_the_pictures_are_watched(
    open_page: Open,
) -> None:
    page = open_page("/s/completed/content/3/")
    page.click("#checks .passed summary")
    page.wait_for_timeout(5000)  # twice as long as the page waits before it looks again

    assert page.locator("#checks .passed").get_attribute("open") is not None


@pytest.mark.parametrize("width", [1440, 900, 390])
def test_the_bar_hides_nothing_at_the_end_of_the_article(open_page: Open, width: int) -> None:
    page = open_page(REVIEW, width=width)
    page.evaluate("document.querySelector('article.sheet').scrollIntoView({block: 'end'})")

    assert page.evaluate(BAR) >= page.evaluate(END)


def test_a_note_is_written_by_keyboard_and_stays_with_the_article(reviewed: Page) -> None:
    reviewed.keyboard.press("r")
    reviewed.wait_for_selector("#dialog[open] #note")
    reviewed.fill("#note", "Name the grinder.")
    reviewed.click("#dialog button[type=submit]")
    reviewed.wait_for_url("**/content/2/")
    reviewed.goto(reviewed.url.partition("/content/")[0] + "/content/1/")

    assert "Name the grinder." in reviewed.inner_text(".rev-note")


def test_a_picture_is_made_again_without_a_reload_and_brought_back(reviewed: Page) -> None:
    reviewed.evaluate("window.isTheSamePage = true")
    first = reviewed.get_attribute("#picture-0", "src")
    assert first is not None
    reviewed.click("#image-0 button:has-text('Make again')")
    reviewed.wait_for_function(
        "old => document.querySelector('#picture-0').src.indexOf(old) < 0", arg=first
    )
    second = reviewed.get_attribute("#picture-0", "src")
    assert reviewed.evaluate("window.isTheSamePage") is True

    reviewed.click("#image-0 a:has-text('1 earlier')")
    reviewed.click("#dialog[open] button:has-text('Bring back')")
    reviewed.wait_for_function(
        "new_ => document.querySelector('#picture-0').src.indexOf(new_) < 0", arg=second
    )
    assert reviewed.get_attribute("#picture-0", "src") == first


@pytest.fixture
def reviewed(tmp_path: Path, browser: Browser) -> Iterator[Page]:
    """The first article of an installation whose worker is at work, in the owner's browser."""
    folder = tmp_path / "data"
    furnish(folder)
    with serving(folder, "up") as server:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        sign_in(page, server)
        page.goto(f"{server.address}{REVIEW}")
        yield page
        context.close()


def sign_in(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/sign-in/")
    page.fill("[name=login]", OWNER)
    page.fill("[name=password]", PASSWORD)
    page.click("form button[type=submit]:has-text('Sign in')")
    page.wait_for_url(re.compile("/s/"))


def furnish(folder: Path) -> None:
    """An owner, and one site whose pipeline has run."""
    told = (
        "import django; django.setup();"
        "from django.core.management import call_command; call_command('migrate', verbosity=0);"
        "from tests.browser import showroom; showroom.furnish_one()"
    )
    environment = {**environment_of(folder), "DJANGO_SETTINGS_MODULE": "igny8.config.settings"}
    subprocess.run([sys.executable, "-c", told], env=environment, check=True)
