"""What people see while the database is away, and when the product itself fails."""

import sqlite3
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import serving
from tests.browser.test_accessibility import look_at

DATABASE = "igny8.sqlite3"


def still(page: Page, address: str) -> None:
    """The page as it is now, without asking again while it is looked at."""
    shown = page.request.get(address).text().replace('http-equiv="refresh"', "")
    page.route(address, lambda route: route.fulfill(body=shown, content_type="text/html"))
    page.goto(address)
    look_at(page)
    page.unroute(address)


def test_a_page_waits_for_the_database_and_comes_back_by_itself(
    tmp_path: Path, browser: Browser
) -> None:
    folder, aside = tmp_path / "data", tmp_path / "aside"
    with serving(folder, "web") as server:
        page = browser.new_page()
        address = f"{server.address}/setup/"
        folder.rename(aside)
        still(page, address)
        page.goto(address)
        expect(page.locator("h1")).to_have_text("Back in a moment")
        aside.rename(folder)
        expect(page.locator("h1")).not_to_have_text("Back in a moment", timeout=20_000)


def test_a_fault_shows_the_number_to_report(tmp_path: Path, browser: Browser) -> None:
    folder = tmp_path / "data"
    with serving(folder, "web") as server:
        with sqlite3.connect(folder / DATABASE) as database:
            database.execute("ALTER TABLE igny8_memberships RENAME COLUMN role TO part")
        page = browser.new_page()
        still(page, f"{server.address}/setup/")
        expect(page.locator(".httpe")).to_contain_text("Report number e-")
