"""A file whose columns are corrected, and one that is too large to be waited for."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open, Server
from tests.browser.test_story import add_site, become_owner

NAMELESS = "/s/ready/keywords/import/2/"
ROWS = 45_000


def choose_keyword_column(page: Page) -> None:
    check = page.locator("#columns-check")
    expect(check).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#columns-state")).to_contain_text("choose the one that holds it")
    page.select_option("#becomes-1", label="Keyword")


def leave_it_to_the_recognition(page: Page) -> None:
    page.select_option("#becomes-1", value="")
    expect(page.locator("#columns-state")).to_contain_text("choose the one that holds it")


def test_a_changed_column_is_read_again_at_once(open_page: Open) -> None:
    page = open_page(NAMELESS)
    page.evaluate("window.stayed = true")
    page.focus("#becomes-1")
    choose_keyword_column(page)
    expect(page.locator("#columns-check")).not_to_have_attribute("aria-disabled", "true")
    expect(page.locator("#columns-state")).to_contain_text("About 2 rows")
    assert page.evaluate("document.activeElement.id") == "becomes-1"
    page.select_option("#delimiter", label="Semicolon ;")
    expect(page.locator("#column-1 .kw")).to_have_text("Each line")
    page.select_option("#delimiter", value="")
    expect(page.locator("#column-1 .kw")).to_have_text("Thing")
    assert page.evaluate("window.stayed"), "nothing was loaded anew"
    leave_it_to_the_recognition(page)


def test_without_scripts_a_button_reads_again(open_page: Open) -> None:
    page = open_page(NAMELESS, java_script_enabled=False)
    choose_keyword_column(page)
    page.click("button:has-text('Read again')")
    expect(page.locator("#columns-state")).to_contain_text("About 2 rows")
    page.select_option("#becomes-1", value="")
    page.click("button:has-text('Read again')")
    expect(page.locator("#columns-state")).to_contain_text("choose the one that holds it")


def test_a_large_file_comes_in_while_somebody_watches_or_does_not(
    new_installation: Server, browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "words.csv"
    file.write_text("Keyword,Volume\n" + "".join(f"phrase {n},{n}\n" for n in range(ROWS)))
    page = become_owner(browser, new_installation)
    add_site(page)
    page.set_input_files("[name=file]", file)
    page.click("button:has-text('Look at it')")
    page.click(f"button:has-text('Check {ROWS:,} rows')")
    page.wait_for_selector("#rows-new", timeout=60_000)
    assert page.inner_text("#rows-new") == f"{ROWS:,}"

    page.click("button:has-text('Import')")
    address = page.url
    page.goto(f"{new_installation.address}/me/")
    page.goto(address)
    page.wait_for_selector(f"text={ROWS:,} keywords are in", timeout=60_000)
